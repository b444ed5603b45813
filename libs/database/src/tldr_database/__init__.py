"""One service's PostgreSQL database: roles, tenant transactions, migrations."""

from tldr_database.address import DatabaseAddress, Roles
from tldr_database.database import Database, Transaction, driver, set_tenant
from tldr_database.migrations import upgrade
from tldr_database.provisioning import provision

__all__ = [
    "Database",
    "DatabaseAddress",
    "Roles",
    "Transaction",
    "driver",
    "provision",
    "set_tenant",
    "upgrade",
]
