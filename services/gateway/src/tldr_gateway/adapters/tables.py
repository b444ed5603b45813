"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = sa.MetaData()
_time = sa.DateTime(timezone=True)

organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("plan", sa.Text),
    sa.Column("version", sa.BigInteger),
    sa.Column("created_at", _time),
    sa.Column("agreed_limits", JSONB),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("role", sa.Text),
    sa.Column("created_at", _time),
    sa.Column("password", sa.Text),
)

email_proofs = sa.Table(
    "email_proofs",
    metadata,
    sa.Column("proof_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("token_digest", sa.LargeBinary),
    sa.Column("organization_name", sa.Text),
    sa.Column("password", sa.Text),
    sa.Column("role", sa.Text),
    sa.Column("created_by", sa.Text),
    sa.Column("created_at", _time),
    sa.Column("expires_at", _time),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("user_id", sa.Text),
    sa.Column("cookie_digest", sa.LargeBinary),
    sa.Column("refreshes", sa.Integer),
    sa.Column("created_at", _time),
    sa.Column("expires_at", _time),
    sa.Column("ended_at", _time),
)

refresh_tokens = sa.Table(
    "refresh_tokens",
    metadata,
    sa.Column("digest", sa.LargeBinary, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("session_id", sa.Text),
    sa.Column("created_at", _time),
    sa.Column("used_at", _time),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer),
    sa.Column("until", _time),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("key_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("prefix", sa.Text),
    sa.Column("digest", sa.LargeBinary),
    sa.Column("scopes", ARRAY(sa.Text), key="scopes_of_before"),
    sa.Column("granted", ARRAY(sa.Text)),
    sa.Column("allowed_cidrs", ARRAY(sa.Text)),
    sa.Column("created_by", sa.Text),
    sa.Column("created_at", _time),
    sa.Column("expires_at", _time),
    sa.Column("revoked_at", _time),
    sa.Column("last_used_at", _time),
    sa.Column("replaced_prefix", sa.Text),
    sa.Column("replaced_digest", sa.LargeBinary),
    sa.Column("replaced_until", _time),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("upload_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("bucket", sa.Text),
    sa.Column("key", sa.Text),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("content_type", sa.Text),
    sa.Column("created_at", _time),
    sa.Column("expires_at", _time),
    sa.Column("uses", sa.Integer),
    sa.Column("released", sa.Boolean),
    sa.Column("doomed", sa.Boolean, key="deleting"),
)

streams = sa.Table(
    "streams",
    metadata,
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("title", sa.Text),
    sa.Column("source", JSONB),
    sa.Column("chat", JSONB(none_as_null=True)),
    sa.Column("profile", JSONB),
    sa.Column("metadata", JSONB),
    sa.Column("channel", sa.Text),
    sa.Column("lane", sa.Integer),
    sa.Column("priority", sa.Integer),
    sa.Column("state", sa.Text),
    sa.Column("attempt", sa.Integer),
    sa.Column("stop_asked", sa.Boolean),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("highlights", sa.Integer),
    sa.Column("gaps", JSONB),
    sa.Column("created_at", _time),
    sa.Column("updated_at", _time),
    sa.Column("started_at", _time),
    sa.Column("ended_at", _time),
    sa.Column("moved_at", _time),
    sa.Column("progress_mark", sa.BigInteger),
    sa.Column("signals", ARRAY(sa.Text)),
    sa.Column("live", JSONB(none_as_null=True)),
    sa.Column("quiet_until", _time),
    sa.Column("feed_number", sa.BigInteger),
    sa.Column("created_by", sa.Text),
    sa.Column("live_source", sa.Text),
    sa.Column("source_kind", sa.Text),
)

stream_words = sa.Table(
    "stream_words",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("word", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text, primary_key=True),
)

feed_events = sa.Table(
    "feed_events",
    metadata,
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("at", _time),
    sa.Column("kind", sa.Text),
    sa.Column("data", JSONB),
)

stream_history = sa.Table(
    "stream_history",
    metadata,
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("at", _time),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("cause", sa.Text),
    sa.Column("applied", sa.Boolean),
    sa.Column("attempt", sa.Integer),
    sa.Column("detail", sa.Text),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary),
    sa.Column("response", JSONB(none_as_null=True)),
    sa.Column("created_at", _time),
    sa.Column("proposed_id", sa.Text),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("at", _time),
    sa.Column("actor", sa.Text),
    sa.Column("action", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("position", sa.BigInteger),
    sa.Column("previous_hash", sa.LargeBinary),
    sa.Column("hash", sa.LargeBinary),
)

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger),
    sa.Column("hash", sa.LargeBinary),
    sa.Column("kept_after", sa.BigInteger),
    sa.Column("kept_after_hash", sa.LargeBinary),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("profile", JSONB),
    sa.Column("created_at", _time),
    sa.Column("completed_at", _time),
    sa.Column("make_default", sa.Boolean),
    sa.Column("highlights", sa.Integer),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
)

usage_ledger = sa.Table(
    "usage_ledger",
    metadata,
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("at", _time),
    sa.Column("media_ms", sa.BigInteger),
)

configurations = sa.Table(
    "configurations",
    metadata,
    sa.Column("configuration_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("version", sa.Integer),
    sa.Column("created_at", _time),
)

configuration_versions = sa.Table(
    "configuration_versions",
    metadata,
    sa.Column("configuration_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("document", JSONB),
    sa.Column("changed_at", _time),
    sa.Column("changed_by", sa.Text),
)
