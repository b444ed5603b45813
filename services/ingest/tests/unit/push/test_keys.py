"""A key lets in whoever has it, and an address that guesses is not heard for a while."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_ingest.application.follow_stream import FollowStream
from tldr_ingest.application.push.admit_publisher import AdmitPublisher
from tldr_ingest.application.stream_record import MediaProgress, Push, Request, StreamRecord
from tldr_ingest.domain.push.attempts import WrongKeys
from tldr_ingest.domain.push.stream_key import PublishingName

KEY, STREAM = "live_5ecret", StreamId("str_1")


@dataclass
class Keys:
    """One stream's key; counts how often it was asked."""

    asked: int = 0
    known: dict[bytes, StreamId] = field(default_factory=lambda: {sha256(KEY.encode()).digest(): STREAM})

    async def stream_of(self, digest: bytes) -> StreamId | None:
        self.asked += 1
        return self.known.get(digest)

    async def valid(self, digests: Collection[bytes]) -> Collection[bytes]:
        return set(digests) & set(self.known)

    async def open_streams(self, streams: Collection[StreamId]) -> Collection[StreamId]:
        return set(streams) & set(self.known.values())


@pytest.mark.parametrize(
    ("given", "place", "key"),
    [
        (KEY, KEY, KEY),
        (f"{KEY}?x=1", KEY, KEY),
        (f"str_1?key={KEY}", "str_1", KEY),
        ("str_1?key=a%2Bb", "str_1", "a+b"),
    ],
)
def test_a_name_is_a_key_up_to_its_question_mark(given: str, place: str, key: str) -> None:
    assert PublishingName.of(given) == PublishingName(place, key)
    assert key not in repr(PublishingName.of(given))


@pytest.mark.parametrize("given", ["", "?", "?key=x", "x" * 257])
def test_what_can_be_no_name_is_none(given: str) -> None:
    assert PublishingName.of(given) is None


@pytest.mark.parametrize(
    ("given", "by_name", "opens"),
    [
        (KEY, False, True),
        (f"{KEY}?x=1", False, True),
        (f"str_1?key={KEY}", False, True),
        (f"str_1?key={KEY}", True, True),
        (f"str_2?key={KEY}", False, False),
        (KEY, True, False),
        ("live_wrong", False, False),
        ("str_1", False, False),
        ("\udcff", False, False),
    ],
)
async def test_only_the_key_opens_the_stream(given: str, by_name: bool, opens: bool) -> None:
    admitted = await AdmitPublisher(Keys())(given, "192.0.2.1", by_name=by_name)
    assert (admitted is not None and admitted.stream == STREAM) is opens


async def test_an_address_that_guesses_is_not_heard_and_others_are() -> None:
    keys, now = Keys(), [0.0]
    admit = AdmitPublisher(keys, WrongKeys(at_once=10, every_s=6), lambda: now[0])
    for number in range(1000):
        assert await admit(f"guess {number}", "192.0.2.1") is None
    assert keys.asked == 10
    assert await admit(KEY, "192.0.2.1") is None
    assert await admit(KEY, "192.0.2.2") is not None
    now[0] = 6.1
    assert await admit(KEY, "192.0.2.1") is not None


def test_addresses_of_one_network_count_together_and_few_are_remembered() -> None:
    wrong = WrongKeys(at_once=1, every_s=60, addresses=3)
    wrong.count("2001:db8::1", b"a", 0)
    assert wrong.exhausted("2001:db8::2", 0)
    assert not wrong.exhausted("2001:db8:0:1::1", 0)
    wrong.count("::ffff:192.0.2.1", b"a", 0)
    assert wrong.exhausted("192.0.2.1", 0)
    for number in range(3):
        wrong.count(f"198.51.100.{number}", b"a", 0)
    assert not wrong.exhausted("2001:db8::2", 0)
    assert wrong.exhausted("198.51.100.2", 0)


async def test_a_lookup_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Keys):
        async def stream_of(self, digest: bytes) -> StreamId | None:
            await asyncio.Event().wait()
            return None

    monkeypatch.setattr("tldr_ingest.application.push.admit_publisher._LIMIT_S", 0.01)
    with pytest.raises(TimeoutError):
        await AdmitPublisher(Hanging())(KEY, "192.0.2.1")


def pushed(**changes: Any) -> StreamRecord:
    return replace(StreamRecord(STREAM, request=Request(0, Push("aa"))), **changes)


async def test_a_key_opens_its_stream_from_the_request_to_the_end(work_on: Any) -> None:
    work = work_on()
    await FollowStream(work).requested(STREAM, 1, Request(0, Push("aa")))
    assert (work.opened_by, work.asked, work.said) == ("aa", ["media 1"], [])
    await FollowStream(work).stopped(STREAM)
    assert work.opened_by == ""


@pytest.mark.parametrize("decision", ["completed", "cancelled", "deleted"])
async def test_no_key_opens_a_stream_that_has_ended(work_on: Any, decision: str) -> None:
    work = work_on(pushed())
    work.opened_by = "aa"
    await getattr(FollowStream(work), decision)(STREAM)
    await FollowStream(work).key_rotated(STREAM, "bb")
    assert work.opened_by == ""


async def test_a_new_key_replaces_the_old_one_also_for_a_retry(work_on: Any) -> None:
    work = work_on(pushed())
    await FollowStream(work).key_rotated(STREAM, "bb")
    assert work.opened_by == "bb"
    await FollowStream(work).failed(STREAM, 1)
    assert work.opened_by == ""
    await FollowStream(work).key_rotated(STREAM, "cc")
    assert work.opened_by == ""
    await FollowStream(work).retried(STREAM, 2)
    assert work.opened_by == "cc"


async def test_a_stream_that_was_read_to_its_end_takes_nothing_more(work_on: Any) -> None:
    work = work_on(pushed(media=MediaProgress(complete=True, ended_attempt=1)))
    await FollowStream(work).failed(STREAM, 1)
    await FollowStream(work).retried(STREAM, 2)
    assert work.opened_by == ""


def test_an_encoder_that_tries_its_one_key_again_is_not_one_that_guesses() -> None:
    wrong = WrongKeys(at_once=3, every_s=60)
    for second in range(100):
        wrong.count("192.0.2.1", b"mine", second / 10)
    assert not wrong.exhausted("192.0.2.1", 10)
    for key in (b"a", b"b", b"a"):
        wrong.count("192.0.2.1", key, 10)
    assert wrong.exhausted("192.0.2.1", 10)
