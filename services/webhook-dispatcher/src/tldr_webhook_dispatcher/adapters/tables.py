"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

metadata = sa.MetaData()
_time = sa.DateTime(timezone=True)

endpoints = sa.Table(
    "endpoints",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("url", sa.Text),
    sa.Column("sealed_url", sa.Text),
    sa.Column("description", sa.Text),
    sa.Column("types", ARRAY(sa.Text)),
    sa.Column("enabled", sa.Boolean),
    sa.Column("sealed_secret", sa.Text),
    sa.Column("created_at", _time),
    sa.Column("failing_since", _time),
    sa.Column("paused", sa.Boolean),
    sa.Column("sealed_headers", sa.Text),
    sa.Column("header_names", ARRAY(sa.Text)),
    sa.Column("sealed_secret_before", sa.Text),
    sa.Column("secret_before_until", _time),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("endpoint_id", sa.Text),
    sa.Column("type", sa.Text),
    sa.Column("stream_id", sa.Text),
    sa.Column("lane", sa.Integer),
    sa.Column("highlight_id", sa.Text),
    sa.Column("revision", sa.Integer),
    sa.Column("body", sa.LargeBinary),
    sa.Column("created_at", _time),
    sa.Column("state", sa.Text),
    sa.Column("attempts", sa.Integer),
    sa.Column("next_attempt_at", _time),
)

recoveries = sa.Table(
    "recoveries",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("since", _time),
    sa.Column("asked_at", _time),
    sa.Column("after", sa.Text),
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("last_number", sa.BigInteger),
    sa.Column("closed", sa.Boolean),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("number", sa.BigInteger),
    sa.Column("type", sa.Text),
    sa.Column("highlight_id", sa.Text),
    sa.Column("revision", sa.Integer),
    sa.Column("body", sa.LargeBinary),
    sa.Column("created_at", _time),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("at", _time),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("duration_ms", sa.Integer),
)

stream_ends = sa.Table(
    "stream_ends",
    metadata,
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text),
    sa.Column("settled", sa.Boolean),
    sa.Column("highlights", sa.Integer),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("told", sa.Boolean, key="announced"),
    sa.Column("dropped", sa.Boolean),
    sa.Column("at", _time),
)
