"""Streams and runs that the version before wrote are followed from where they stand."""

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.adapters.moments.runs_postgres import PostgresRuns
from tldr_fusion_detector.adapters.streams_postgres import PostgresStreams
from tldr_fusion_detector.application.moments.run_record import RunState
from tldr_fusion_detector.application.stream_record import Request, Source, StreamRecord
from tldr_fusion_detector.bootstrap import DEFINITION
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.state import StreamState
from tldr_testing.databases import upgraded

_BEFORE = """
    WITH streams AS (
        INSERT INTO streams (
            organization_id, stream_id, lane, attempt, standing, priority, mode, chat, channel, profile, opened_attempt,
            modalities, claimed_ms, run_id, ended_at
        ) VALUES
            ('org_1', 'str_1', 5, 2, 'active', 10, 'recorded', true, 'twitch:a', '{"dimension_set": "gaming"}', 2,
             '{video}', 4000, 'run_2', NULL),
            ('org_1', 'str_2', 5, 1, 'completed', NULL, NULL, NULL, '', NULL, 0, '{}', 0, NULL, now()),
            ('org_1', 'str_3', 5, 1, 'deleted', NULL, NULL, NULL, '', NULL, 0, '{}', 0, NULL, now())
    )
    INSERT INTO runs (
        organization_id, run_id, stream_id, attempt, mode, profile, calibration_version, standing, watermark_ms, duration_ms
    ) VALUES
        ('org_1', 'run_1', 'str_1', 1, 'recorded', '{}', 1, 'failed', 0, 0),
        ('org_1', 'run_2', 'str_1', 2, 'recorded', '{}', 1, 'open', 0, 0)
"""
_REQUEST = Request(10, Mode.RECORDED, True, {"dimension_set": "gaming"}, "twitch:a")
_NOW = [
    StreamRecord(
        StreamId("str_1"), StreamState.ACTIVE, 2, _REQUEST, Source(2, (Modality.VIDEO,), 4000), RunId("run_2")
    ),
    StreamRecord(StreamId("str_2"), StreamState.COMPLETED),
    StreamRecord(StreamId("str_3"), StreamState.DELETED),
]


async def test_streams_and_runs_of_the_version_before_are_what_they_were(postgres_admin: str) -> None:
    async with (
        upgraded(postgres_admin, DEFINITION, "0008", _BEFORE) as database,
        database.tenant("org_1") as transaction,
    ):
        streams, runs = PostgresStreams(transaction, "org_1", 5), PostgresRuns(transaction, "org_1")
        assert [await streams.get(stream.id) for stream in _NOW] == _NOW
        found = [await runs.get(RunId(name)) for name in ("run_1", "run_2")]
        assert [run and run.state for run in found] == [RunState.FAILED, RunState.OPEN]
        failed = _NOW[0].failed(2)
        await streams.put(failed)
        assert await streams.get(failed.id) == failed
