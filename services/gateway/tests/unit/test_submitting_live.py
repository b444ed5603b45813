"""Live sources as they are submitted: their chat, their limits, their stream key."""

from typing import Any

import pytest
from google.protobuf import json_format

from tldr.streams.v1.streams_pb2 import DetectionProfile
from tldr_gateway.adapters.streams.addresses_sealed import SealedAddresses
from tldr_gateway.application.configuration.choose_profile import Choice
from tldr_gateway.application.streams.errors import (
    ChatNotLive,
    ChatNotRecorded,
    NotPushed,
    SourceFollowed,
    StreamOver,
    TooLongForPlan,
    TooManyLiveStreams,
)
from tldr_gateway.application.streams.submission import Following, Place, Submission
from tldr_gateway.application.streams.submit_stream import SubmitStream, Submitted
from tldr_gateway.application.uploads.use_upload import UseUpload
from tldr_gateway.domain.streams.source import LiveChat, LiveChatKind, SourceKind
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.domain.streams.stream_key import digest_of
from tldr_secrets import Sealer
from tldr_testing.hosting import SEALING_KEY

HLS, TWITCH = "https://example.com/live.m3u8", "https://www.twitch.tv/some_name"
REPLAY, PUSHED = Place(url="https://example.com/chat.csv"), LiveChat(LiveChatKind.PUSH)


def live(url: str | None = HLS, **changes: Any) -> Submission:
    media = Place(url=url) if url else None
    known = {"choice": Choice("gaming"), "live": Following(0, 300), **changes}
    return Submission(title="", media=media, kind=SourceKind.LIVE, **known)


async def submit(memory: Any, wanted: Submission) -> Submitted:
    use_case = SubmitStream(
        memory.organizations,
        memory.streams,
        UseUpload(memory.uploads),
        SealedAddresses(Sealer(SEALING_KEY)),
        memory.choose_profile,
        memory.said,
        memory.admit,
        memory.clock,
    )
    return await use_case(memory.organization, wanted, {})


async def test_a_pushed_stream_has_a_key_of_which_only_the_digest_is_kept(memory: Any) -> None:
    await memory.open()
    made, other = await submit(memory, live(None)), await submit(memory, live(None))
    assert made.key
    assert made.key.startswith("tldr_live_")
    assert len(made.key) >= len("tldr_live_") + 43  # 256 bits
    assert made.key != other.key
    assert made.stream.source.push
    assert made.stream.source.push.key_digest == digest_of(made.key)
    assert made.key not in repr((made, memory.streams.rows, memory.streams.entries, memory.said))
    assert (await submit(memory, Submission("", Place(url=HLS), SourceKind.RECORDING, Choice("gaming")))).key is None


@pytest.mark.parametrize(
    ("wanted", "chat"),
    [
        (live(TWITCH), LiveChat(LiveChatKind.TWITCH, "some_name")),
        (live(TWITCH, without_chat=True), None),
        (live(TWITCH, chat=PUSHED), PUSHED),
        (live(HLS), None),
        (live(None, chat=PUSHED), PUSHED),
    ],
)
async def test_a_live_source_has_the_chat_of_its_page_unless_another_is_named(
    memory: Any, wanted: Submission, chat: LiveChat | None
) -> None:
    await memory.open()
    assert (await submit(memory, wanted)).stream.chat == chat


async def test_replays_belong_to_recordings_and_live_chats_to_live_sources(memory: Any) -> None:
    await memory.open()
    with pytest.raises(ChatNotLive):
        await submit(memory, live(chat=REPLAY))
    with pytest.raises(ChatNotRecorded):
        await submit(memory, Submission("", Place(url=HLS), SourceKind.RECORDING, Choice("gaming"), chat=PUSHED))


async def test_a_page_of_a_recording_brings_no_chat_by_itself(memory: Any) -> None:
    await memory.open()
    page = Place(url="https://www.twitch.tv/videos/1")
    made = await submit(memory, Submission("", page, SourceKind.RECORDING, Choice("gaming")))
    assert made.stream.chat is None


async def test_a_live_stream_is_as_long_as_the_plan_allows(memory: Any) -> None:
    await memory.open()
    made = await submit(memory, live())
    assert made.stream.source.live
    assert made.stream.source.live.max_length_s == 12 * 3600
    with pytest.raises(TooLongForPlan, match="43200"):
        await submit(memory, live(live=Following(0, 300, 12 * 3600 + 1)))


async def test_a_plan_has_places_for_live_streams_beside_those_for_all(memory: Any) -> None:
    await memory.open()
    for number in range(2):
        made = await submit(memory, live(f"{HLS}?{number}"))
    with pytest.raises(TooManyLiveStreams):
        await submit(memory, live(f"{HLS}?2"))
    await submit(memory, Submission("", Place(url=HLS), SourceKind.RECORDING, Choice("gaming")))
    await memory.change.cancel(made.stream.id, actor="key_1")
    await submit(memory, live(f"{HLS}?2"))


async def test_a_failed_live_stream_needs_a_place_to_be_retried(memory: Any) -> None:
    await memory.open()
    made = await submit(memory, live())
    await memory.follow.started(made.stream.id, attempt=1)
    memory.clock.pass_by(minutes=31)
    await memory.follow.stalled(made.stream.id, since=memory.clock.now())
    for number in range(2):
        await submit(memory, live(f"{HLS}?{number}"))
    with pytest.raises(TooManyLiveStreams):
        await memory.change.retry(made.stream.id, actor="key_1")


@pytest.mark.parametrize("again", [TWITCH, "http://twitch.tv/some_name/", "https://m.twitch.tv/some_name#now"])
async def test_a_live_source_is_followed_by_one_stream_at_a_time(memory: Any, again: str) -> None:
    await memory.open()
    first = (await submit(memory, live(TWITCH))).stream
    with pytest.raises(SourceFollowed, match=first.id):
        await submit(memory, live(again))
    await submit(memory, Submission("", Place(url=TWITCH), SourceKind.RECORDING, Choice("gaming")))
    await memory.follow.started(first.id, attempt=1)
    memory.clock.pass_by(minutes=31)
    await memory.follow.stalled(first.id, since=memory.clock.now())
    second = (await submit(memory, live(again))).stream
    with pytest.raises(SourceFollowed, match=second.id):
        await memory.change.retry(first.id, actor="key_1")


async def test_a_rotated_key_replaces_the_old_one(memory: Any) -> None:
    await memory.open()
    made = await submit(memory, live(None))
    changed, key = await memory.change.rotate_key(made.stream.id, actor="key_1")
    assert changed.source.push.key_digest == digest_of(key) != digest_of(made.key or "")
    assert memory.streams.rows[made.stream.id].source == changed.source
    assert memory.said.kinds[-1] == "key_rotated"
    assert ("stream.key_rotated", made.stream.id) in memory.said.audited
    assert key not in repr((memory.said, memory.streams.rows, memory.streams.entries))


async def test_only_a_pushed_stream_that_can_go_on_has_a_key_to_rotate(memory: Any) -> None:
    await memory.open()
    read = await submit(memory, live())
    with pytest.raises(NotPushed):
        await memory.change.rotate_key(read.stream.id, actor="key_1")
    pushed = await submit(memory, live(None))
    await memory.change.cancel(pushed.stream.id, actor="key_1")
    with pytest.raises(StreamOver):
        await memory.change.rotate_key(pushed.stream.id, actor="key_1")
    assert memory.streams.rows[pushed.stream.id].state is State.CANCELLED


async def test_declared_signals_are_a_quarter_of_the_score(memory: Any) -> None:
    await memory.open()
    signals = ("external.kills", "external.gold")
    document = (await submit(memory, live(signals=signals))).stream.profile.document
    *others, telemetry = document["dimensions"]
    assert (telemetry["name"], telemetry["weight"], telemetry["mode"]) == ("telemetry", 0.25, "SCORING_MODE_RULE")
    assert [part["signal"] for part in telemetry["signals"]] == list(signals)
    assert sum(dimension["weight"] for dimension in others) == pytest.approx(0.75)
    json_format.ParseDict(document, DetectionProfile())
    plain = (await submit(memory, live(TWITCH))).stream.profile.document
    assert [dimension["name"] for dimension in plain["dimensions"]] == [dimension["name"] for dimension in others]
