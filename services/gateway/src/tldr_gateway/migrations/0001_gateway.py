"""Organizations, keys, uploads, streams and their history."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table

revision = "0001"
down_revision = None

_SERVICE = "gateway"


def upgrade() -> None:
    """Make the tables."""
    open_schema(op.execute, _SERVICE)
    bus.create(op.execute, _SERVICE)
    op.execute("""
        CREATE TABLE organizations (
            organization_id text PRIMARY KEY,
            name text NOT NULL,
            plan text NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE TABLE users (
            user_id text PRIMARY KEY,
            organization_id text NOT NULL REFERENCES organizations,
            email text NOT NULL UNIQUE,
            role text NOT NULL,
            created_at timestamptz NOT NULL
        )""")
    op.execute("""
        CREATE TABLE api_keys (
            key_id text PRIMARY KEY,
            organization_id text NOT NULL REFERENCES organizations,
            name text NOT NULL,
            prefix text NOT NULL UNIQUE,
            digest bytea NOT NULL,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz
        )""")
    op.execute("""
        CREATE TABLE uploads (
            upload_id text PRIMARY KEY,
            organization_id text NOT NULL REFERENCES organizations,
            kind text NOT NULL,
            bucket text NOT NULL,
            key text NOT NULL,
            size_bytes bigint NOT NULL,
            content_type text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            uses integer NOT NULL DEFAULT 0,
            released boolean NOT NULL DEFAULT false,
            doomed boolean NOT NULL DEFAULT false
        )""")
    op.execute("CREATE INDEX uploads_unused ON uploads (expires_at) WHERE uses = 0")
    op.execute("""
        CREATE TABLE streams (
            stream_id text PRIMARY KEY,
            organization_id text NOT NULL REFERENCES organizations,
            title text NOT NULL,
            source jsonb NOT NULL,
            chat jsonb,
            profile jsonb NOT NULL,
            metadata jsonb NOT NULL,
            lane integer NOT NULL,
            priority integer NOT NULL,
            state text NOT NULL,
            attempt integer NOT NULL,
            stop_asked boolean NOT NULL,
            failure_code text,
            failure_reason text,
            duration_ms bigint,
            highlights integer,
            gaps jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            started_at timestamptz,
            ended_at timestamptz,
            moved_at timestamptz NOT NULL DEFAULT now(),
            progress_mark bigint NOT NULL DEFAULT 0
        )""")
    op.execute("CREATE INDEX streams_of_organization ON streams (organization_id, stream_id DESC)")
    op.execute("CREATE INDEX streams_at_work ON streams (moved_at) WHERE state IN ('pending', 'processing')")
    op.execute("""
        CREATE TABLE stream_history (
            stream_id text NOT NULL REFERENCES streams ON DELETE CASCADE,
            number bigint GENERATED ALWAYS AS IDENTITY,
            organization_id text NOT NULL,
            at timestamptz NOT NULL,
            before text NOT NULL,
            after text NOT NULL,
            cause text NOT NULL,
            applied boolean NOT NULL,
            attempt integer NOT NULL,
            detail text NOT NULL,
            PRIMARY KEY (stream_id, number)
        )""")
    op.execute("""
        CREATE TABLE idempotency (
            organization_id text NOT NULL,
            key text NOT NULL,
            fingerprint bytea NOT NULL,
            response jsonb,
            created_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (organization_id, key)
        )""")
    op.execute("CREATE INDEX idempotency_by_age ON idempotency (created_at)")
    op.execute("""
        CREATE TABLE audit_log (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            organization_id text NOT NULL,
            at timestamptz NOT NULL,
            actor text NOT NULL,
            action text NOT NULL,
            subject text NOT NULL
        )""")
    op.execute("""
        CREATE TABLE usage_ledger (
            stream_id text PRIMARY KEY,
            organization_id text NOT NULL,
            at timestamptz NOT NULL,
            media_ms bigint NOT NULL
        )""")
    for table in (
        "organizations",
        "users",
        "api_keys",
        "uploads",
        "streams",
        "stream_history",
        "idempotency",
        "audit_log",
        "usage_ledger",
    ):
        tenant_table(op.execute, _SERVICE, table)
    # Only ever appended to. A deleted stream takes its history along: the cascade runs as the owner.
    for table in ("stream_history", "audit_log", "usage_ledger"):
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM gateway_service, gateway_system")
