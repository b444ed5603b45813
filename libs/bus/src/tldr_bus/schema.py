"""The bus's tables, for the first migration of each service."""

from tldr_database.schema import Execute, shared_table, tenant_table

NOTIFICATIONS = "tldr_outbox"
"""The channel on which an outbox says that there is something to send."""

_RECORD = """
    topic text NOT NULL,
    partition integer NOT NULL,
    position bigint NOT NULL,
    key bytea,
    value bytea,
    header_names bytea[] NOT NULL,
    header_values bytea[] NOT NULL
"""

_TENANT_TABLES = {
    # keep: 'sent' goes after the retention, 'subject' after the subject was closed as well, 'latest' is a snapshot whose
    # last version per organization stays. header_* are set where a record is published with headers of its own.
    "outbox": """
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ce_id uuid NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        organization_id text NOT NULL,
        subject text NOT NULL,
        lane integer NOT NULL,
        type text NOT NULL,
        traceparent text,
        header_names bytea[],
        header_values bytea[],
        payload bytea,
        keep text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        sent_at timestamptz,
        sent_cluster text
    """,
    "outbox_subjects": """
        subject text PRIMARY KEY,
        organization_id text NOT NULL,
        closed_at timestamptz NOT NULL
    """,
    # next_try is set for the head of a queue alone.
    "parked": f"""
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        reader_group text NOT NULL,
        subject text NOT NULL,
        organization_id text NOT NULL,
        ce_id uuid NOT NULL,
        {_RECORD},
        attempts integer NOT NULL,
        next_try timestamptz,
        error text NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now()
    """,
    "dead_letters": f"""
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        reader_group text NOT NULL,
        subject text NOT NULL,
        organization_id text NOT NULL,
        ce_id uuid NOT NULL,
        {_RECORD},
        attempts integer NOT NULL,
        error text NOT NULL,
        died_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (reader_group, ce_id)
    """,
}

_SHARED_TABLES = {
    "inbox": """
        reader_group text NOT NULL,
        ce_id uuid NOT NULL,
        subject text NOT NULL,
        state text NOT NULL CHECK (state IN ('done', 'parked', 'dead')),
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (reader_group, ce_id)
    """,
    "relay_state": """
        one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        cluster_id text NOT NULL
    """,
}

_INDEXES = (
    "CREATE INDEX outbox_pending ON outbox (id) WHERE sent_at IS NULL",
    "CREATE INDEX outbox_latest ON outbox (topic, organization_id, id) WHERE keep = 'latest'",
    "CREATE INDEX outbox_created ON outbox USING brin (created_at)",
    "CREATE INDEX inbox_at ON inbox USING brin (at)",
    "CREATE INDEX inbox_parked ON inbox (reader_group, subject) WHERE state = 'parked'",
    "CREATE INDEX parked_queue ON parked (reader_group, subject, id)",
    "CREATE INDEX parked_due ON parked (next_try) WHERE next_try IS NOT NULL",
    # Rows are marked soon after they were written: without this, pending rows hide behind dead index entries.
    "ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)",
)


def create(execute: Execute, service: str) -> None:
    """Create the tables with their grants and row-level security. Run as the owner, after `open_schema`.

    What holds payloads is a tenant table; the inbox holds ids and subjects only and is shared, because a reader looks up
    the events of several organizations at once.
    """
    for table, columns in _TENANT_TABLES.items():
        execute(f"CREATE TABLE {table} ({columns})")
        tenant_table(execute, service, table)
    for table, columns in _SHARED_TABLES.items():
        execute(f"CREATE TABLE {table} ({columns})")
        shared_table(execute, service, table)
    for statement in _INDEXES:
        execute(statement)
