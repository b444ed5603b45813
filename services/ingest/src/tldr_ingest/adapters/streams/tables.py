"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tldr_streams.rows import stream_table

metadata = sa.MetaData()

streams = stream_table(
    metadata,
    sa.Column("request", JSONB(none_as_null=True)),
    sa.Column("opened_attempt", sa.Integer),
    sa.Column("info", JSONB(none_as_null=True)),
    sa.Column("segments", sa.BigInteger),
    sa.Column("media_until_ms", sa.BigInteger),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("media_ended_attempt", sa.Integer),
    sa.Column("media_complete", sa.Boolean),
    sa.Column("media_failure", JSONB(none_as_null=True)),
    sa.Column("wall_zero_ms", sa.BigInteger),
    sa.Column("wall_uncertainty_ms", sa.BigInteger),
    sa.Column("live", JSONB(none_as_null=True)),
    sa.Column("chat_windows", sa.BigInteger),
    sa.Column("chat_until_ms", sa.BigInteger),
    sa.Column("chat_complete", sa.Boolean),
    sa.Column("chat_stored", sa.Boolean),
    sa.Column("chat_ended_attempt", sa.Integer),
    sa.Column("chat_failure", JSONB(none_as_null=True)),
    sa.Column("chat_report", JSONB(none_as_null=True)),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("index", sa.BigInteger, primary_key=True),
    sa.Column("start_ms", sa.BigInteger),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("bucket", sa.Text),
    sa.Column("key", sa.Text),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("sha256", sa.LargeBinary),
    sa.Column("content_type", sa.Text),
    sa.Column("container", sa.Text),
    sa.Column("offset_ms", sa.BigInteger),
    sa.Column("decode_from", sa.BigInteger),
    sa.Column("has_video", sa.Boolean),
    sa.Column("has_audio", sa.Boolean),
    sa.Column("keyframes_ms", ARRAY(sa.BigInteger)),
    sa.Column("video_packets", sa.Integer),
    sa.Column("cursor", JSONB),
)

gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("modality", sa.Text),
    sa.Column("start_ms", sa.BigInteger),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("code", sa.Text),
    sa.Column("reason", sa.Text),
)

stream_keys = sa.Table(
    "stream_keys",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary),
)

pushed_messages = sa.Table(
    "pushed_messages",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(always=True)),
    sa.Column("wall_ms", sa.BigInteger),
    sa.Column("stream_ms", sa.BigInteger),
    sa.Column("author", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("emotes", ARRAY(sa.Text)),
    sa.Column("heard_at", sa.DateTime(timezone=True)),
)

pushed_ids = sa.Table(
    "pushed_ids",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("heard_at", sa.DateTime(timezone=True)),
)

OF_STREAMS = (segments, gaps, stream_keys, pushed_messages, pushed_ids)
"""What belongs to a stream besides its own row."""
