"""One service's PostgreSQL database: roles, tenant transactions, migrations."""

from tldr_database.address import DatabaseAddress, Roles
from tldr_database.database import Database, Transaction, driver, set_tenant
from tldr_database.migrations import upgrade
from tldr_database.provisioning import provision
from tldr_database.trouble import DatabaseUnavailable, is_trouble

__all__ = [
    "Database",
    "DatabaseAddress",
    "DatabaseUnavailable",
    "Roles",
    "Transaction",
    "driver",
    "is_trouble",
    "provision",
    "set_tenant",
    "upgrade",
]
