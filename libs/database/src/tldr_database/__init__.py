"""One service's PostgreSQL database: roles, tenant transactions, migrations."""

from tldr_database.address import DatabaseAddress, Passwords, Roles
from tldr_database.database import Database, Transaction, driver, set_tenant
from tldr_database.migrations import Outdated, outdated, upgrade
from tldr_database.provisioning import provision
from tldr_database.trouble import DatabaseUnavailable, Trouble, is_trouble, trouble_of

__all__ = [
    "Database",
    "DatabaseAddress",
    "DatabaseUnavailable",
    "Outdated",
    "Passwords",
    "Roles",
    "Transaction",
    "Trouble",
    "driver",
    "is_trouble",
    "outdated",
    "provision",
    "set_tenant",
    "trouble_of",
    "upgrade",
]
