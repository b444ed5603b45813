"""One service's PostgreSQL database: roles, tenant transactions, migrations."""
