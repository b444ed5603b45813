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
    all. `FORCE` binds the owner too, whom a policy of its own lets see the rows that a migration changes: no service is
    given the owner's address.
    """
    roles = Roles.of(service)
    execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    own = "organization_id = current_setting('tldr.organization', true)"
    execute(f'CREATE POLICY tenant ON {table} TO "{roles.service}" USING ({own}) WITH CHECK ({own})')
    execute(f'CREATE POLICY system ON {table} TO "{roles.system}" USING (true) WITH CHECK (true)')
    execute(f'CREATE POLICY migration ON {table} TO "{roles.owner}" USING (true) WITH CHECK (true)')
    shared_table(execute, service, table)


def let_the_owner_migrate(execute: Execute, service: str) -> None:
    """The owner's policy on the tables of a version before, which `tenant_table` made without: under FORCE an UPDATE in a
    migration says `UPDATE 0` there.
    """
    owner = Roles.of(service).owner
    execute(f"""
        DO $$
        DECLARE secured regclass;
        BEGIN
            FOR secured IN
                SELECT oid FROM pg_class AS found
                WHERE relrowsecurity AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT EXISTS (
                    SELECT FROM pg_policy WHERE polrelid = found.oid AND polname = 'migration'
                )
            LOOP
                EXECUTE format('CREATE POLICY migration ON %s TO %I USING (true) WITH CHECK (true)', secured, '{owner}');
            END LOOP;
        END $$""")  # noqa: S608 - a role's name of ours


def shared_table(execute: Execute, service: str, table: str) -> None:
    """A table without tenants (an inbox, a look-up): both roles may read and write it."""
    roles = Roles.of(service)
    execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "{roles.service}", "{roles.system}"')
