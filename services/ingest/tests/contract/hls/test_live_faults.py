"""A live HLS source with each fault of one: nothing lost, nothing double, what is missing said with its true length.

Every case takes some seconds of waiting, so all of them are played side by side and then judged one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from tldr_standins.hls_origin import HlsOrigin

Reading = Any


Arrange = Callable[[HlsOrigin, int], None]


@dataclass(frozen=True)
class Case:
    """`arrange` makes the fault when some segments were read, at or about segment n, which is not published yet. Read on for
    `more` segments, or to the end. `missing`: which are said to be missing, counted from n, and why; the others are taken.
    """

    arrange: Arrange = lambda origin, n: None
    missing: dict[int, str] = field(default_factory=dict)
    more: int = 5
    origin: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    ends: bool = False
    master: bool = False


def elsewhere(origin: HlsOrigin, n: int) -> None:
    other = origin.base.replace("127.0.0.1", "localhost")
    origin.redirect("playlist", other, times=1)
    origin.redirect(n, other, times=1)


AD = {0: "advertisement", 1: "advertisement", 2: "advertisement"}
GONE = {0: "segment_missing"}
CASES = {
    "plain, ends": Case(lambda o, n: o.end(), ends=True),
    "ends and returns": Case(lambda o, n: o.end_for(0.4), more=4),
    "segment 404 once": Case(lambda o, n: o.refuse(n, times=1)),
    "segment 404 for good": Case(lambda o, n: o.refuse(n), GONE),
    "segment 503 twice": Case(lambda o, n: o.refuse(n, status=503, times=2)),
    "segment 503 for good": Case(lambda o, n: o.refuse(n, status=503), GONE),
    "segment 403 for good": Case(lambda o, n: o.refuse(n, status=403), GONE),
    "body cut": Case(lambda o, n: o.cut(n)),
    "body cut, length unknown": Case(
        lambda o, n: o.cut(n, declared=False), more=3, origin={"segment_s": 1.0, "ahead": 6}
    ),
    "1 kB, then silence": Case(lambda o, n: o.stall(n)),
    "a page in place of a segment": Case(lambda o, n: o.replace(n, times=1)),
    "playlist 503 for a while": Case(lambda o, n: o.refuse("playlist", status=503, times=3)),
    "playlist cut": Case(lambda o, n: o.cut("playlist", times=3)),
    "playlist silent": Case(lambda o, n: o.stall("playlist", times=2)),
    "a page in place of the playlist": Case(lambda o, n: o.replace("playlist", times=3)),
    "encoder hangs and jumps": Case(lambda o, n: o.hang(3.0), more=3),
    "encoder hangs, timestamps go on": Case(lambda o, n: o.hang(3.0, jump=False), more=3),
    "advertisement, date range": Case(lambda o, n: o.advertise(n, 3), AD),
    "advertisement, title": Case(lambda o, n: o.advertise(n, 3), AD, origin={"marks_ads": "title", "dated": False}),
    "advertisement, cue": Case(lambda o, n: o.advertise(n, 3), AD, origin={"marks_ads": "cue"}),
    "discontinuity by mistake": Case(lambda o, n: o.splice(n)),
    "numbers begin anew": Case(lambda o, n: o.restart()),
    "numbers begin anew, same names": Case(lambda o, n: o.restart(), origin={"one_name": "s"}),
    "numbers begin anew, no dates": Case(lambda o, n: o.restart(), origin={"dated": False}),
    "older playlists": Case(lambda o, n: o.lag(0, 1, 0, 2, 1, 0, 1)),
    "older playlists, no dates": Case(lambda o, n: o.lag(0, 1, 0, 2, 1, 0, 1), origin={"dated": False}),
    "no dates": Case(origin={"dated": False}),
    "source's clock is off": Case(origin={"skew_ms": -3_600_000}),
    "fragmented, initialization changes": Case(lambda o, n: o.advertise(n, 3), AD, origin={"fragmented": True}),
    "AES-128, keys rotate": Case(origin={"keys_every": 4}),
    "AES-128 in fragments": Case(origin={"keys_every": 4, "fragmented": True}),
    "byte ranges": Case(origin={"packed": 4}),
    "gap of the source": Case(lambda o, n: o.lose(n), GONE),
    "event playlist from its start": Case(more=2, origin={"kind": "EVENT", "ahead": 12}, settings={"from_start": True}),
    "low latency": Case(origin={"low_latency": True}),
    "compressed playlists": Case(origin={"gzipped": True}),
    "timestamps wrap": Case(origin={"first_timestamp_s": 95_442.0}),
    "redirected": Case(elsewhere),
    "sound apart": Case(origin={"audio_apart": True}, master=True),
    "sound apart, no dates": Case(origin={"audio_apart": True, "dated": False}, master=True),
    "sound apart, in fragments": Case(origin={"audio_apart": True, "fragmented": True}, master=True),
    "sound apart, 404 for good": Case(
        lambda o, n: o.refuse(f"audio{n}"), GONE, origin={"audio_apart": True}, master=True
    ),
}


# The same mechanisms in other places: `make test-long`.
MORE = {
    name: CASES.pop(name)
    for name in (
        "segment 404 once",
        "segment 503 twice",
        "a page in place of a segment",
        "playlist cut",
        "a page in place of the playlist",
        "advertisement, cue",
        "AES-128 in fragments",
        "older playlists, no dates",
        "low latency",
        "compressed playlists",
        "source's clock is off",
        "no dates",
        "numbers begin anew",
        "playlist silent",
        "sound apart, no dates",
    )
}


class Playing:
    """Plays a case: the fault comes when some segments were read, the newest one too."""

    def __init__(self, case: Case, origin: HlsOrigin) -> None:
        self.case, self.origin = case, origin
        self.n = self.last = -1

    def enough(self, reading: Reading) -> bool:
        if self.n < 0 and len(reading.pieces) >= 3 and reading.came(len(self.origin.published) - 1):
            # Two later, as the next one may be published while the fault is being made.
            self.n = self.origin.next + 2
            self.case.arrange(self.origin, self.n)
            self.last = len(self.origin.published) + 2 + self.case.more
        if self.case.ends:
            return reading.ended is not None
        return 0 <= self.last < len(self.origin.published) and bool(reading.came(self.last))


def play(case: Case, reading_of: Callable[[HlsOrigin], Reading]) -> tuple[Reading, dict[int, str]]:
    with HlsOrigin(**({"window": 8} | case.origin)) as origin:
        playing = Playing(case, origin)
        reading = reading_of(origin)
        reading.read(origin.master_url if case.master else origin.url, playing.enough, **case.settings)
        found = reading.account()
        return reading, {sequence - playing.n: code for (_, sequence), code in found.items() if code != "taken"}


@pytest.fixture(scope="module")
def played(reading_of: Callable[[HlsOrigin], Reading]) -> Iterator[dict[str, Future[Any]]]:
    with ThreadPoolExecutor(len(CASES)) as threads:
        yield {name: threads.submit(play, case, reading_of) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def played_more(reading_of: Callable[[HlsOrigin], Reading]) -> Iterator[dict[str, Future[Any]]]:
    with ThreadPoolExecutor(18) as threads:
        yield {name: threads.submit(play, case, reading_of) for name, case in MORE.items()}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_lost_or_double(name: str, played: dict[str, Future[Any]]) -> None:
    reading, missing = played[name].result()
    hold(reading, missing, CASES[name])


@pytest.mark.long
@pytest.mark.parametrize("name", MORE)
def test_nothing_more_is_lost_or_double(name: str, played_more: dict[str, Future[Any]]) -> None:
    reading, missing = played_more[name].result()
    hold(reading, missing, MORE[name])


def hold(reading: Reading, missing: dict[int, str], case: Case) -> None:
    """What holds of every case."""
    assert reading.error is None
    assert missing == case.missing
    walls = [mark.wall_ms for mark in reading.marks]
    assert walls == sorted(walls)
    assert all(mark.digest and "token" not in mark.name for mark in reading.marks)


def test_what_ended_says_so(played: dict[str, Future[Any]]) -> None:
    reading, _ = played["plain, ends"].result()
    assert reading.ended.code == "source_ended"
    assert reading.taken[-1] == reading.origin.published[-1].sequence
    assert reading.missing == []
    assert len({mark.clock for mark in reading.marks}) == 1


@pytest.mark.parametrize("name", ["encoder hangs and jumps", "encoder hangs, timestamps go on"])
def test_an_encoder_that_hung_is_said_and_leaves_a_hole_of_its_length(
    name: str, played: dict[str, Future[Any]]
) -> None:
    reading, _ = played[name].result()
    assert [each.code for each in reading.interruptions] == ["source_stalled"]
    assert sum(each.end_ms - each.start_ms for each in reading.missing) == pytest.approx(3_000, abs=2)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("numbers begin anew")])
def test_numbers_that_begin_anew_are_another_clock_behind_the_pause(name: str, played: dict[str, Future[Any]]) -> None:
    reading, _ = played[name].result()
    assert len({mark.clock for mark in reading.marks}) == 2
    close = 800 if name.endswith("no dates") else 2
    assert sum(each.end_ms - each.start_ms for each in reading.missing) == pytest.approx(2_000, abs=close)


def test_an_advertisement_is_as_long_as_it_was_and_changes_the_clock(played: dict[str, Future[Any]]) -> None:
    for name in ("advertisement, date range", "advertisement, title"):
        reading, _ = played[name].result()
        assert sum(each.end_ms - each.start_ms for each in reading.missing) == 1_500
        assert len({mark.clock for mark in reading.marks}) == 2


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("sound apart")])
def test_sound_that_lies_apart_comes_with_its_picture_each_packet_once(
    name: str, played: dict[str, Future[Any]]
) -> None:
    reading, _ = played[name].result()
    # 1,024 samples of 48 kHz in ticks of 90 kHz.
    steps = [b - a for a, b in zip(reading.sounds, reading.sounds[1:], strict=False)]
    missing = CASES[name].missing
    assert sum(round(step / 1920) != 1 for step in steps) == len(missing)
    assert all(reading.tracks(piece) == {"audio", "video"} for piece in reading.pieces)


def test_keys_and_initialization_sections_are_fetched_once_each(played: dict[str, Future[Any]]) -> None:
    reading, _ = played["AES-128, keys rotate"].result()
    assert 1 <= reading.origin.asked("key-3") <= 4
    reading, _ = played["fragmented, initialization changes"].result()
    assert reading.origin.asked("init-") <= 3 * 4
    assert {piece.format.value for piece in reading.pieces} == {"mp4"}
