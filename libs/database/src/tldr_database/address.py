"""Where a service's database is, and the three roles that may enter it."""

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


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Connection strings (`postgresql://…`) of one database, one for each role."""

    owner: str
    service: str
    system: str
