"""What each golden message does to a stream, and what it does when it is given up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tldr_bus import Received
from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.signals.reported_gap import NEVER_CAME
from tldr_fusion_detector.application.signals.view_stream import StreamView, view_stream
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.entrypoints.events import Events
from tldr_testing import received

STREAMS, INGESTIONS = "tldr.streams.v1", "tldr.ingestions.v1"
VIDEO_SIGNALS, CHAT_SIGNALS = "tldr.video-signals.v1", "tldr.chat-signals.v1"
INPUTS = "tldr.inputs.v1"
LOST = "event_unreadable"


@dataclass(frozen=True)
class Seen:
    """A stream after an event: what is known of it, where its runs stand, how many advances wait, what was told."""

    view: StreamView
    runs: list[str]
    waiting: int
    told: list[str]
    held: list[str]

    @property
    def record(self) -> Any:
        return self.view.record

    def gaps(self) -> set[tuple[str, int, int, str]]:
        """Without the seconds before a golden message, of which nobody spoke here."""
        known = (gap for gap in self.view.gaps if gap.code != NEVER_CAME)
        return {(gap.modality, gap.start_ms, gap.end_ms, gap.code) for gap in known}

    def until(self, modality: Modality) -> int:
        return self.view.states[modality].complete_until_ms


Effect = Callable[[Seen], bool]
NEWS = ("key_rotated", "live", "interrupted", "resumed", "input_ended")
"""What the gateway says of streams that the detector hears from others, or need not know."""

HANDLED: dict[tuple[str, str], Effect] = {
    (STREAMS, "requested"): lambda seen: seen.record.request.priority == 10 and seen.runs == ["open"],
    (STREAMS, "started"): lambda seen: seen.runs == ["open"] and not seen.told,
    (STREAMS, "stopped"): lambda seen: seen.runs == ["open"] and not seen.told,
    (STREAMS, "retried"): lambda seen: seen.record.attempt == 2 and seen.runs == ["failed", "open"],
    (STREAMS, "failed"): lambda seen: seen.record.state == "failed" and seen.runs == ["failed"] and not seen.waiting,
    (STREAMS, "completed"): lambda seen: seen.record.state == "completed" and not seen.waiting,
    (STREAMS, "cancelled"): lambda seen: seen.record.state == "cancelled" and seen.runs == ["failed"],
    (STREAMS, "deleted"): lambda seen: seen.record.state == "deleted" and seen.runs == [] and not seen.told,
    (STREAMS, "rescore_requested"): lambda seen: seen.runs == ["open", "open"],
    **{(STREAMS, fact): lambda seen: seen.runs == ["open"] and not seen.told for fact in NEWS},
    (INGESTIONS, "started"): lambda seen: seen.record.source.modalities == ("video", "audio") and seen.waiting == 1,
    (INGESTIONS, "segment_stored"): lambda seen: seen.view.coverage is None and seen.waiting == 1,
    (INGESTIONS, "waiting"): lambda seen: seen.view.coverage is None and not seen.told,
    (INGESTIONS, "interrupted"): lambda seen: not seen.view.gaps,
    (INGESTIONS, "resumed"): lambda seen: not seen.view.gaps,
    (INGESTIONS, "gap_found"): lambda seen: seen.gaps() == {("video", 170_000, 180_000, "source_truncated")},
    (INGESTIONS, "ended"): lambda seen: (
        (seen.record.source.ended_attempt, seen.record.source.duration_ms) == (1, 180_000)
    ),
    (VIDEO_SIGNALS, "measured"): lambda seen: seen.until(Modality.VIDEO) == seen.until(Modality.AUDIO) == 16_000,
    (VIDEO_SIGNALS, "gap_found"): lambda seen: (
        seen.gaps() == {("video", 16_000, 20_000, "decode_failed")} and seen.until(Modality.AUDIO) == 20_000
    ),
    (VIDEO_SIGNALS, "ended"): lambda seen: seen.view.states[Modality.AUDIO].ended_attempt == 1,
    (CHAT_SIGNALS, "measured"): lambda seen: seen.until(Modality.CHAT) == 20_000,
    (CHAT_SIGNALS, "gap_found"): lambda seen: (
        seen.gaps() == {("chat", 60_000, 70_000, "window_unreadable")} and seen.until(Modality.CHAT) == 70_000
    ),
    (CHAT_SIGNALS, "ended"): lambda seen: seen.view.states[Modality.CHAT].end_ms == 180_000,
    # By the wall clock, which is not known yet: they are held.
    (INPUTS, "signals_pushed"): lambda seen: seen.held == ["external.kills"] and seen.waiting <= 1,
    (INPUTS, "chat_pushed"): lambda seen: seen.held == [],
}

GIVEN_UP: dict[tuple[str, str], Effect] = {
    (STREAMS, "requested"): lambda seen: seen.runs == ["failed"] and seen.told == ["DetectionFailed"],
    (STREAMS, "rescore_requested"): lambda seen: seen.runs == ["open", "failed"] and seen.told == ["DetectionFailed"],
    (INGESTIONS, "started"): lambda seen: seen.record.source.failure.code == LOST,
    **{
        (INGESTIONS, fact): lambda seen: not seen.view.gaps
        for fact in ("segment_stored", "waiting", "interrupted", "resumed")
    },
    (INGESTIONS, "gap_found"): lambda seen: (
        seen.gaps() == {(modality, 170_000, 180_000, LOST) for modality in ("video", "audio")}
    ),
    (INGESTIONS, "ended"): lambda seen: seen.record.source.failure.code == LOST,
    (VIDEO_SIGNALS, "measured"): lambda seen: (
        seen.gaps() == {(modality, 12_000, 16_000, LOST) for modality in ("video", "audio")}
    ),
    (VIDEO_SIGNALS, "gap_found"): lambda seen: (
        seen.gaps() == {(modality, 16_000, 20_000, LOST) for modality in ("video", "audio")}
    ),
    (VIDEO_SIGNALS, "ended"): lambda seen: seen.view.states[Modality.VIDEO].failure.code == LOST,  # type: ignore[union-attr]
    (CHAT_SIGNALS, "measured"): lambda seen: seen.gaps() == {("chat", 10_000, 20_000, LOST)},
    (CHAT_SIGNALS, "gap_found"): lambda seen: seen.gaps() == {("chat", 60_000, 70_000, LOST)},
    (CHAT_SIGNALS, "ended"): lambda seen: seen.view.states[Modality.CHAT].failure.code == LOST,  # type: ignore[union-attr]
    (INPUTS, "signals_pushed"): lambda seen: seen.held == [] and not seen.view.gaps,
    (INPUTS, "chat_pushed"): lambda seen: seen.held == [] and not seen.view.gaps,
    **{
        (STREAMS, fact): lambda seen: seen.record.state == "active" and seen.runs == ["open"] and not seen.told
        for fact in ("retried", "failed", "completed", "cancelled", "deleted", "started", "stopped", *NEWS)
    },
}


def about(message: Any, stream: str) -> Any:
    """The same about a stream and a run of this test's own: rows of several tests share a database."""
    fact = getattr(message, message.WhichOneof("event"))
    fact.stream_id = stream
    if "run_id" in fact.DESCRIPTOR.fields_by_name:
        fact.run_id = f"run_of_{stream}"
    return message


async def seen_after(service: Any, stream: str) -> Seen:
    async with service.open() as work:
        view = await view_stream(work, StreamId(stream))
    rows = await service.fetch("SELECT state FROM runs WHERE stream_id = $1 ORDER BY rescore, run_id", stream)
    told = [one.DESCRIPTOR.name for one in await service.published(stream)]
    held = await service.fetch("SELECT name FROM held_samples WHERE stream_id = $1", stream)
    return Seen(
        view, [row["state"] for row in rows], len(await service.waiting(stream)), told, [row["name"] for row in held]
    )


@pytest.mark.parametrize("dead", [False, True], ids=["handled", "given up"])
@pytest.mark.parametrize(("topic", "fact"), HANDLED)
async def test_each_fact_has_its_effect(
    service: Any, stream: str, sample: Callable[[str, str], Any], topic: str, fact: str, dead: bool
) -> None:
    if (topic, fact) != (STREAMS, "requested"):
        await service.tell(about(sample(STREAMS, "requested"), stream))
    await service.tell(about(sample(topic, fact), stream), dead=dead)
    effect = (GIVEN_UP if dead else HANDLED)[topic, fact]
    assert effect(await seen_after(service, stream))


@pytest.mark.parametrize("topic", [STREAMS, INGESTIONS, INPUTS, VIDEO_SIGNALS, CHAT_SIGNALS])
def test_no_fact_of_a_topic_that_is_read_is_without_an_effect_that_is_tested(topic: str, service: Any) -> None:
    (message,) = (one.topic.message for one in service.subscriptions() if one.topic.name == topic)
    facts = {(topic, field.name) for field in message.DESCRIPTOR.oneofs_by_name["event"].fields}
    assert facts <= HANDLED.keys()
    assert facts <= GIVEN_UP.keys()


@pytest.mark.parametrize("dead", [False, True], ids=["handled", "given up"])
@pytest.mark.parametrize(
    ("topic", "fact"), [(STREAMS, "started"), (INGESTIONS, "ended"), (VIDEO_SIGNALS, "ended"), (CHAT_SIGNALS, "ended")]
)
async def test_a_fact_of_tomorrow_is_logged_and_changes_nothing(
    service: Any,
    stream: str,
    sample: Callable[[str, str], Any],
    caplog: pytest.LogCaptureFixture,
    topic: str,
    fact: str,
    dead: bool,
) -> None:
    today = received(about(sample(topic, fact), stream), service.organization)
    tomorrow = OfTomorrow(**{name: getattr(today, name) for name in Received.__slots__} | {"type": f"tldr.{stream}"})
    (subscription,) = (one for one in Events(service.work).subscriptions() if one.topic.name == topic)
    async with service.database.tenant(service.organization) as transaction:
        if dead:
            await subscription.on_dead(transaction, tomorrow, "it could not be handled")
        else:
            await subscription.handle(transaction, tomorrow)
    assert "a fact this service does not know" in caplog.text
    assert await service.fetch("SELECT 1 FROM streams WHERE stream_id = $1", stream) == []


class OfTomorrow(Received[Any]):
    """An event whose kind no handler of today has heard of."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return "foretold"

    @property
    def fact(self) -> Any:
        return None
