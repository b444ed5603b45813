"""What changes of a stream besides its state when an attempt begins or when it is deleted."""

from tldr_contracts.ids import RunId, StreamId
from tldr_fusion_detector.application.stream_record import Request, StreamRecord
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_streams.state import StreamState

STREAM = StreamRecord(StreamId("str_1"), request=Request(1, Mode.RECORDED, True, {}), run=RunId("run_1"))


def test_a_later_attempt_needs_a_run_of_its_own_and_the_same_attempt_keeps_its_run() -> None:
    assert STREAM.at_attempt(1) is STREAM
    later = STREAM.failed(1).at_attempt(2)
    assert (later.attempt, later.active, later.run, later.workable) == (2, True, None, False)


def test_of_a_deleted_stream_alone_it_is_forgotten_what_was_asked_for() -> None:
    cancelled = STREAM.finished(StreamState.CANCELLED)
    assert cancelled.request is not None
    deleted = cancelled.finished(StreamState.DELETED)
    assert deleted.request is None
    assert deleted.finished(StreamState.DELETED) is deleted
