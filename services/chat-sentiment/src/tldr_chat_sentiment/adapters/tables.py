"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa

from tldr_streams.rows import stream_table

metadata = sa.MetaData()

streams = stream_table(
    metadata,
    sa.Column("priority", sa.Integer),
    sa.Column("ended_attempt", sa.Integer),
    sa.Column("last_index", sa.BigInteger),
    sa.Column("arrivals", sa.BigInteger),
    sa.Column("seen_until_ms", sa.BigInteger),
    sa.Column("complete_until_ms", sa.BigInteger),
)

# The same table: what is large in it is read and written by itself.
memories = sa.Table(
    "streams", sa.MetaData(), sa.Column("stream_id", sa.Text, primary_key=True), sa.Column("memory", sa.LargeBinary)
)

arrivals = sa.Table(
    "arrivals",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.Text),
    sa.Column("index", sa.BigInteger),
    sa.Column("start_ms", sa.BigInteger),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("complete_until_ms", sa.BigInteger),
    sa.Column("content", sa.LargeBinary),
    sa.Column("bucket", sa.Text),
    sa.Column("key", sa.Text),
    sa.Column("sha256", sa.LargeBinary),
    sa.Column("attempt", sa.Integer),
    sa.Column("code", sa.Text),
    sa.Column("reason", sa.Text),
)
