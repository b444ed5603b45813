"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from tldr_streams.rows import stream_table

metadata = sa.MetaData()

streams = stream_table(
    metadata,
    sa.Column("priority", sa.Integer),
    sa.Column("thorough", sa.Boolean),
    sa.Column("live", sa.Boolean),
    sa.Column("opened_attempt", sa.Integer),
    sa.Column("modalities", ARRAY(sa.Text)),
    sa.Column("read_until_ms", sa.BigInteger),
    sa.Column("media_until_ms", sa.BigInteger),
    sa.Column("ended_attempt", sa.Integer),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("planned_until_s", sa.BigInteger),
    sa.Column("video_until_s", sa.BigInteger),
    sa.Column("audio_until_s", sa.BigInteger),
    sa.Column("complete_until_ms", sa.BigInteger),
    sa.Column("announced_attempt", sa.Integer),
    sa.Column("activity_level", sa.Double),
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
    sa.Column("offset_ms", sa.BigInteger),
    sa.Column("decode_from", sa.BigInteger),
    sa.Column("has_video", sa.Boolean),
    sa.Column("has_audio", sa.Boolean),
)

windows = sa.Table(
    "windows",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("first_second", sa.BigInteger, primary_key=True),
    sa.Column("end_second", sa.BigInteger),
    sa.Column("analysed", sa.Boolean),
    sa.Column("measured", ARRAY(sa.Text)),
    sa.Column("names", ARRAY(sa.Text)),
    sa.Column("figures", sa.LargeBinary),
    sa.Column("cuts_ms", ARRAY(sa.BigInteger)),
    sa.Column("pauses_ms", ARRAY(sa.BigInteger)),
    sa.Column("gaps", sa.JSON),
    sa.Column("level_change", sa.Double),
)

gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("modality", sa.Text, primary_key=True),
    sa.Column("start_ms", sa.BigInteger, primary_key=True),
    sa.Column("end_ms", sa.BigInteger, primary_key=True),
    sa.Column("code", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("told", sa.Boolean),
)

OF_STREAMS = (segments, windows, gaps)
