"""Words for migrations: grants and row-level security, the same way in every service."""

from collections.abc import Callable

from tldr_database.address import Roles

Execute = Callable[[str], object]
"""Alembic's `op.execute`."""


def open_schema(execute: Execute, service: str) -> None:
    """Let the service's roles use the schema, and nobody else."""
    roles = Roles.of(service)
    execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    execute(f'GRANT USAGE ON SCHEMA public TO "{roles.service}", "{roles.system}"')


def tenant_table(execute: Execute, service: str, table: str) -> None:
    """Row-level security on a table with a column `organization_id`.

    The service role sees and writes the rows of the organization that its transaction was bound to, the system role sees
    all. `FORCE` binds the owner too.
    """
    roles = Roles.of(service)
    execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    own = "organization_id = current_setting('tldr.organization', true)"
    execute(f'CREATE POLICY tenant ON {table} TO "{roles.service}" USING ({own}) WITH CHECK ({own})')
    execute(f'CREATE POLICY system ON {table} TO "{roles.system}" USING (true) WITH CHECK (true)')
    shared_table(execute, service, table)


def shared_table(execute: Execute, service: str, table: str) -> None:
    """A table without tenants (an inbox, a look-up): both roles may read and write it."""
    roles = Roles.of(service)
    execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{roles.service}", "{roles.system}"')
