"""Members with passwords, proofs of e-mail, sessions, and how often somebody tried."""

from alembic import op

from tldr_database.schema import shared_table, tenant_table
from tldr_jobs import schema as jobs

revision = "0009"
down_revision = "0008"

_SERVICE = "gateway"


def upgrade() -> None:
    """A gateway of the version before goes on: a user that it makes has no password yet."""
    jobs.create(op.execute, _SERVICE)
    jobs.lease_fairly(op.execute)
    jobs.lease_by_age(op.execute)
    op.execute("ALTER TABLE users ADD COLUMN password text")
    op.execute("CREATE INDEX users_of_organization ON users (organization_id, user_id)")
    op.execute("""
        CREATE TABLE email_proofs (
            proof_id text PRIMARY KEY,
            organization_id text NOT NULL,
            kind text NOT NULL,
            email text NOT NULL,
            token_digest bytea UNIQUE,
            organization_name text,
            password text,
            role text,
            created_by text,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX email_proofs_of_organization ON email_proofs (organization_id, kind, proof_id)")
    op.execute("CREATE INDEX email_proofs_by_end ON email_proofs (expires_at)")
    op.execute("""
        CREATE TABLE sessions (
            session_id text PRIMARY KEY,
            organization_id text NOT NULL,
            user_id text NOT NULL REFERENCES users ON DELETE CASCADE,
            cookie_digest bytea UNIQUE,
            refreshes integer NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            ended_at timestamptz
        )""")
    op.execute("CREATE INDEX sessions_of_user ON sessions (user_id) WHERE ended_at IS NULL")
    op.execute("CREATE INDEX sessions_by_end ON sessions (expires_at)")
    op.execute("""
        CREATE TABLE refresh_tokens (
            digest bytea PRIMARY KEY,
            organization_id text NOT NULL,
            session_id text NOT NULL REFERENCES sessions ON DELETE CASCADE,
            created_at timestamptz NOT NULL,
            used_at timestamptz
        )""")
    op.execute("CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id)")
    for table in ("email_proofs", "sessions", "refresh_tokens"):
        tenant_table(op.execute, _SERVICE, table)
    op.execute("""
        CREATE TABLE attempts (
            bucket text PRIMARY KEY,
            count integer NOT NULL,
            until timestamptz NOT NULL
        )""")
    op.execute("CREATE INDEX attempts_by_end ON attempts (until)")
    shared_table(op.execute, _SERVICE, "attempts")
