"""Where a service's database is, and the three roles that may enter it."""

import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of one service.

    `owner` migrates and owns the tables. `service` owns nothing and sees one organization at a time. `system` is for the
    small named pieces of code that must see several: relay, job leasing, sweepers, look-ups that find the tenant.
    """

    owner: str
    service: str
    system: str

    @classmethod
    def of(cls, service: str) -> "Roles":
        """The role names of a service such as `fusion-detector`."""
        stem = service.replace("-", "_")
        return cls(owner=f"{stem}_owner", service=f"{stem}_service", system=f"{stem}_system")


@dataclass(frozen=True, slots=True, repr=False)
class Passwords:
    """The passwords of one service's roles."""

    owner: str
    service: str
    system: str

    @classmethod
    def made(cls) -> "Passwords":
        """New ones, with nothing to quote in an address."""
        return cls(*(secrets.token_hex(24) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Connection strings (`postgresql://…`) of one database, one for each role.

    `owner` is empty in a service that runs: only the migration step knows it.
    """

    owner: str
    service: str
    system: str
