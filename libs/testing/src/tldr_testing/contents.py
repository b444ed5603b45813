"""Everything that a service's database holds, as one text to search for what should be nowhere."""

from sqlalchemy import text

from tldr_database import Database

_TABLES = """
    SELECT relname AS tablename FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')"""


async def everything_in(database: Database) -> str:
    """Each row of each table that services use; bytes are shown as the text in them."""
    async with database.system() as transaction:
        await transaction.execute(text("SET LOCAL bytea_output = 'escape'"))
        tables = await transaction.execute(text(_TABLES))
        rows = [
            f"{name}: {row.content}"
            for name in [table.tablename for table in tables]
            for row in await transaction.execute(text(f'SELECT t::text AS content FROM "{name}" AS t'))  # noqa: S608
        ]
    return "\n".join(rows)
