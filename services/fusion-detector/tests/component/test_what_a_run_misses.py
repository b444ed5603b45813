"""What was not read, or gave nothing, is a gap or a failure with its reason."""

from typing import Any

from tldr.common.v1 import common_pb2

BROKEN = common_pb2.Failure(code="decode_failed", reason="The file broke off.")


async def test_chat_that_is_no_chat_replay_is_a_gap_and_the_run_completes_without_it(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    wrong = common_pb2.Failure(code="not_a_chat_replay", reason="The file holds no messages.")
    await service.tell(broadcast.requested(), broadcast.chat_ended(wrong), broadcast.opened())
    await service.tell(*broadcast.video(), broadcast.source_ended(), broadcast.video_ended())
    await service.advance(stream)

    *found, completed = await service.published(stream)
    assert found
    assert all(common_pb2.MODALITY_CHAT in one.missing for one in found)
    (gap,) = completed.gaps
    assert (gap.modality, gap.code) == (common_pb2.MODALITY_CHAT, "not_a_chat_replay")
    assert (gap.range.start_ms, gap.range.end_ms) == (0, 180_000)


async def test_a_source_that_breaks_off_leaves_a_gap_to_where_it_claimed_to_end(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), *broadcast.video(end=120))
    await service.tell(broadcast.video_gap(120, 126), broadcast.video_ended(BROKEN))
    await service.advance(stream)

    *_, completed = await service.published(stream)
    assert completed.duration_ms == 126_000
    spans = {(gap.modality, gap.range.start_ms, gap.range.end_ms) for gap in completed.gaps}
    assert spans == {
        (common_pb2.MODALITY_VIDEO, 120_000, 180_000),
        (common_pb2.MODALITY_AUDIO, 126_000, 180_000),
    }


async def test_what_ingest_could_not_read_is_a_gap_also_when_all_that_it_read_was_analysed(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    whole, read = broadcast_of(stream), broadcast_of(stream, seconds=120)
    await service.tell(whole.requested(chat=False), whole.opened(), *read.video())
    await service.tell(whole.source_ended(BROKEN, ms=120_000), read.video_ended())
    await service.advance(stream)
    *_, completed = await service.published(stream)
    assert completed.duration_ms == 120_000
    assert {(gap.range.start_ms, gap.range.end_ms, gap.code) for gap in completed.gaps} == {
        (120_000, 180_000, "decode_failed")
    }


async def test_a_source_that_cannot_be_opened_fails_the_run_with_its_reason(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    missing = common_pb2.Failure(code="source_not_found", reason="The address answers 404.")
    await service.tell(broadcast.source_ended(missing), *broadcast.chat(end=20))
    await service.advance(stream)
    assert await service.published(stream) == []

    await service.tell(broadcast.requested())
    await service.advance(stream)
    (failed,) = await service.published(stream)
    assert (failed.failure.code, failed.failure.reason, failed.attempt) == ("source_not_found", missing.reason, 1)


async def test_a_stream_that_gave_nothing_at_all_fails(service: Any, stream: str, broadcast_of: Any) -> None:
    broadcast = broadcast_of(stream)
    await service.tell(broadcast.requested(chat=False), broadcast.opened(), broadcast.video_ended(BROKEN))
    await service.advance(stream)
    (failed,) = await service.published(stream)
    assert failed.failure == BROKEN

    silent = broadcast_of(f"{stream}_silent")
    await service.tell(silent.requested(chat=False), silent.opened(), silent.video_ended())
    await service.advance(silent.stream)
    (failed,) = await service.published(silent.stream)
    assert failed.failure.code == "no_signals"


async def test_a_stream_of_chat_alone_that_is_a_gap_throughout_fails_with_its_reason(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    broadcast = broadcast_of(stream)
    opened, lost = broadcast.opened(), broadcast.chat_gap(0, 180)
    opened.started.ClearField("modalities")
    await service.tell(broadcast.requested(), opened, *broadcast.chat(), lost, broadcast.chat_ended())
    await service.tell(broadcast.source_ended())
    await service.advance(stream)
    (failed,) = await service.published(stream)
    assert failed.failure.code == "chat_empty"


async def test_a_lost_chat_gives_the_highlights_that_no_chat_gives(
    service: Any, stream: str, broadcast_of: Any
) -> None:
    lost, none = broadcast_of(stream), broadcast_of(f"{stream}_none")
    await service.tell(lost.requested(), lost.opened(), *lost.video(), *lost.chat(), lost.chat_gap(0, 180))
    await service.tell(lost.source_ended(), lost.video_ended(), lost.chat_ended())
    await service.tell(
        none.requested(chat=False), none.opened(), *none.video(), none.source_ended(), none.video_ended()
    )
    moments = []
    for one in (lost, none):
        await service.advance(one.stream)
        *found, completed = await service.published(one.stream)
        assert [gap.code for gap in completed.gaps] == (["chat_empty"] if one is lost else [])
        moments.append([(one.range.start_ms, one.range.end_ms, one.score, one.title, one.reason) for one in found])
    assert moments[0] == moments[1]
    assert len(moments[0]) == 3
