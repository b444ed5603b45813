"""The tables, for queries; the migrations make them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tldr_streams.rows import stream_table

metadata = sa.MetaData()

streams = stream_table(
    metadata,
    sa.Column("priority", sa.Integer),
    sa.Column("mode", sa.Text),
    sa.Column("chat", sa.Boolean),
    sa.Column("channel", sa.Text),
    sa.Column("profile", JSONB(none_as_null=True)),
    sa.Column("opened_attempt", sa.Integer),
    sa.Column("modalities", ARRAY(sa.Text)),
    sa.Column("claimed_ms", sa.BigInteger),
    sa.Column("read_attempt", sa.Integer),
    sa.Column("read_ms", sa.BigInteger),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("run_id", sa.Text),
    sa.Column("external", sa.Boolean),
    sa.Column("wall_zero_ms", sa.BigInteger),
)

coverages = sa.Table(
    "coverages",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("modality", sa.Text, primary_key=True),
    sa.Column("complete_until_ms", sa.BigInteger),
    sa.Column("ended_attempt", sa.Integer),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("moved_at", sa.DateTime(timezone=True)),
)

signals = sa.Table(
    "signals",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("start_s", sa.BigInteger, primary_key=True),
    sa.Column("samples", sa.LargeBinary),
)

word_counts = sa.Table(
    "word_counts",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("start_s", sa.BigInteger, primary_key=True),
    sa.Column("payload", sa.LargeBinary),
)

vocabularies = sa.Table(
    "vocabularies",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer),
    sa.Column("learned", JSONB),
    sa.Column("seconds_learned", sa.BigInteger),
    sa.Column("updated_at", sa.DateTime(timezone=True)),
)

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("start_ms", sa.BigInteger, primary_key=True),
    sa.Column("end_ms", sa.BigInteger, primary_key=True),
)

gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("modality", sa.Text, primary_key=True),
    sa.Column("start_ms", sa.BigInteger, primary_key=True),
    sa.Column("end_ms", sa.BigInteger, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text),
    sa.Column("attempt", sa.Integer),
    sa.Column("masks", sa.Boolean),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("attempt", sa.Integer),
    sa.Column("mode", sa.Text),
    sa.Column("profile", JSONB),
    sa.Column("calibration_version", sa.Integer),
    sa.Column("state", sa.Text),
    sa.Column("watermark_ms", sa.BigInteger),
    sa.Column("duration_ms", sa.BigInteger),
    sa.Column("lag_s", sa.Double),
    sa.Column("lag_sigma", sa.Double),
    sa.Column("lag_evidence", sa.Double),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("scores", sa.LargeBinary),
    sa.Column("rescore", sa.Boolean),
    sa.Column("recalibration", JSONB(none_as_null=True)),
    sa.Column("vocabulary", JSONB(none_as_null=True)),
    sa.Column("scorer", JSONB(none_as_null=True)),
)

live_runs = sa.Table(
    "live_runs",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("closed_s", sa.BigInteger),
    sa.Column("settled_s", sa.BigInteger),
    sa.Column("front_s", sa.BigInteger),
    sa.Column("state", sa.LargeBinary),
    sa.Column("cells", sa.LargeBinary),
    sa.Column("excitement", sa.LargeBinary),
    sa.Column("tail", sa.LargeBinary),
)

live_scores = sa.Table(
    "live_scores",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("start_s", sa.BigInteger, primary_key=True),
    sa.Column("samples", sa.LargeBinary),
)

held_samples = sa.Table(
    "held_samples",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("wall_ms", sa.BigInteger, primary_key=True),
    sa.Column("value", sa.Double),
)

dropped_samples = sa.Table(
    "dropped_samples",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("stream_id", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, primary_key=True),
    sa.Column("samples", sa.BigInteger),
)

highlights = sa.Table(
    "highlights",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("highlight_id", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text),
    sa.Column("stream_id", sa.Text),
    sa.Column("revision", sa.Integer),
    sa.Column("state", sa.Text),
    sa.Column("figures", JSONB),
)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("signals", JSONB),
    sa.Column("highlights", JSONB),
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("highlight_id", sa.Text, primary_key=True),
    sa.Column("stream_id", sa.Text),
    sa.Column("verdict", sa.Text),
    sa.Column("start_ms", sa.BigInteger),
    sa.Column("end_ms", sa.BigInteger),
    sa.Column("score", sa.Double),
    sa.Column("published", sa.Double),
    sa.Column("confidence", sa.Double),
    sa.Column("dimension_set", sa.Text),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
)

recalibrations = sa.Table(
    "recalibrations",
    metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("dimension_set", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer),
    sa.Column("in_force", sa.Boolean),
    sa.Column("slope", sa.Double),
    sa.Column("intercept", sa.Double),
    sa.Column("verdicts", sa.Integer),
    sa.Column("gain", sa.Double),
)

scorers = sa.Table(
    "scorers",
    metadata,
    sa.Column("organization_id", sa.Text),
    sa.Column("scorer_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("version", sa.Integer),
    sa.Column("state", sa.Text),
    sa.Column("active", sa.Boolean),
    sa.Column("hidden", sa.Boolean),
    sa.Column("failure_code", sa.Text),
    sa.Column("failure_reason", sa.Text),
    sa.Column("provenance", JSONB(none_as_null=True)),
    sa.Column("progress", JSONB(none_as_null=True)),
    sa.Column("left_out", JSONB(none_as_null=True)),
    sa.Column("digest", sa.Text),
    sa.Column("document", sa.LargeBinary),
    sa.Column("created_at", sa.DateTime(timezone=True)),
)

OF_STREAMS = (
    *(coverages, signals, word_counts, marks, gaps, held_samples, dropped_samples),
    *(highlights, live_scores, live_runs, evidence, runs),
)
"""What belongs to a stream and goes with it, besides its own row."""
