"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tldr_streams.rows import stream_table

metadata = sa.MetaData()

streams = stream_table(
    metadata,
    sa.Column("priority", sa.Integer),
    sa.Column("read_until_ms", sa.BigInteger),
    sa.Column("ended_attempt", sa.Integer),
    sa.Column("default_run", sa.Text),
    sa.Column("segments_deleted", sa.Boolean),
    sa.Column("live", sa.Boolean),
    sa.Column("trimmed_until_ms", sa.BigInteger),
    sa.Column("looks", ARRAY(sa.Text)),
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
    sa.Column("container", sa.Text),
    sa.Column("offset_ms", sa.BigInteger),
    sa.Column("decode_from", sa.BigInteger),
    sa.Column("run", sa.BigInteger),
    sa.Column("init_bytes", sa.Integer),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("attempt", sa.Integer),
    sa.Column("highlights", ARRAY(sa.Text)),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("gaps", JSONB),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("settled", sa.Boolean),
    sa.Column("rescore", sa.Boolean),
)

highlights = sa.Table(
    "highlights",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("highlight_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("run_id", sa.Text),
    sa.Column("revision", sa.Integer),
    sa.Column("state", sa.Text),
    sa.Column("start_ms", sa.BigInteger),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("peak_ms", sa.BigInteger),
    sa.Column("details", JSONB),
    sa.Column("cut", sa.Text),
    sa.Column("clip", JSONB(none_as_null=True)),
    sa.Column("thumbnail", JSONB(none_as_null=True)),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("rescore", sa.Boolean),
    sa.Column("clip_wanted", sa.Boolean),
    sa.Column("title", sa.Text),
    sa.Column("description", sa.Text),
    sa.Column("tags", ARRAY(sa.Text)),
    sa.Column("verdict", sa.Text),
    sa.Column("trim", JSONB(none_as_null=True)),
    sa.Column("deleted", sa.Boolean),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("listed", sa.Boolean),
    sa.Column("score", sa.Double),
    sa.Column("confidence", sa.Double),
    sa.Column("duration_ms", sa.BigInteger),
)

highlight_labels = sa.Table(
    "highlight_labels",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("label", sa.Text, primary_key=True),
    sa.Column("highlight_id", sa.Text, primary_key=True),
)

organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("version", sa.BigInteger),
    sa.Column("segment_retention_days", sa.Integer),
    sa.Column("highlight_retention_days", sa.Integer),
    sa.Column("dvr_minutes", sa.Integer),
)

OF_STREAMS = (highlights, runs, segments)
"""What belongs to a stream and goes with it, besides its own row."""
