"""A reading that ended anywhere goes on behind its last piece: from the window, or with one hole of the true length."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tldr_ingest.domain.errors import AddressExpired
from tldr_standins.hls_origin import HlsOrigin

Reading = Any
ReadingOf = Callable[[HlsOrigin], Reading]
SHAPES: dict[str, dict[str, Any]] = {
    "dated": {},
    "no dates": {"dated": False},
    "event": {"kind": "EVENT"},
    "new names": {},
}
# Shape, pieces read before, segments published meanwhile. The window has seven.
CASES = [
    *((shape, 2, absence) for shape in SHAPES for absence in (0, 11)),
    *(("dated", stop, absence) for stop in (1, 3, 5) for absence in (0, 2)),
]


def pieces(count: int) -> Callable[[Reading], bool]:
    return lambda reading: len(reading.pieces) >= count


def interrupted(shape: str, stop: int, absence: int, reading_of: ReadingOf) -> Reading:
    """Read `stop` pieces, stay away for `absence` segments, go on for three."""
    with HlsOrigin(window=7, ahead=7, **SHAPES[shape]) as origin:
        reading = reading_of(origin)
        reading.read(origin.url, pieces(stop))
        before = len(origin.published)
        # What is waited for is the origin's clock, which is the wall's.
        while len(origin.published) < before + absence:
            time.sleep(0.02)
        after = reading.marks[-1]
        if shape == "new names":
            # Another session names the same segments otherwise.
            after = replace(after, name=f"old-{after.name}")
        reading.read(origin.url, pieces(stop + 3), after=after)
        reading.account()
        return reading


def began_anew(dated: bool, reading_of: ReadingOf) -> Reading:
    """The source restarts with the names it had, while nobody reads."""
    with HlsOrigin(ahead=4, one_name="s", dated=dated) as origin:
        reading = reading_of(origin)
        reading.read(origin.url, lambda reading: bool(reading.taken) and reading.taken[-1] >= 3)
        origin.restart()
        while origin.next < 5 or origin.programme.run == 0:
            time.sleep(0.02)
        reading.read(
            origin.url, lambda reading: len(reading.taken) > 1 and reading.taken[-1] == 5, after=reading.marks[-1]
        )
        reading.account()
        return reading


def expired(reading_of: ReadingOf) -> Reading:
    """Every address that was given out is refused from some moment on; the next one goes on."""
    with HlsOrigin() as origin:
        reading = reading_of(origin)
        old, stop = origin.url, 4

        def until(reading: Reading) -> bool:
            if len(reading.pieces) == stop and origin.url == old:
                origin.expire()
            return len(reading.pieces) > stop + 8

        reading.read(old, until)
        assert isinstance(reading.error, AddressExpired)
        assert len(reading.pieces) <= stop + 8
        reading.error = None
        reading.read(origin.url, until, after=reading.marks[-1])
        assert set(reading.account().values()) == {"taken"}
        return reading


def refused_once(reading_of: ReadingOf) -> Reading:
    with HlsOrigin() as origin:
        reading = reading_of(origin)

        def until(reading: Reading) -> bool:
            if len(reading.pieces) == 3:
                origin.refuse("playlist", status=403, times=1)
            return len(reading.pieces) > 7

        reading.read(origin.url, until)
        return reading


def slow(reading_of: ReadingOf) -> Reading:
    """Who takes the pieces rests for 8 segments, which is two windows."""
    with HlsOrigin(window=4) as origin:
        reading = reading_of(origin)

        def until(reading: Reading) -> bool:
            if len(reading.pieces) == 3 and not reading.missing:
                before = len(origin.published)
                while len(origin.published) < before + 8:
                    time.sleep(0.02)
            return len(reading.pieces) >= 8

        reading.read(origin.url, until)
        assert set(reading.account().values()) == {"taken", "window_passed"}
        return reading


@pytest.fixture(scope="module")
def resumed(reading_of: ReadingOf) -> Iterator[dict[object, Future[Reading]]]:
    others: list[Callable[[ReadingOf], Reading]] = [expired, refused_once, slow]
    with ThreadPoolExecutor(len(CASES) + 5) as threads:
        yield {
            **{case: threads.submit(interrupted, *case, reading_of) for case in CASES},
            **{dated: threads.submit(began_anew, dated, reading_of) for dated in (True, False)},
            **{play: threads.submit(play, reading_of) for play in others},
        }


@pytest.mark.parametrize(("shape", "stop", "absence"), CASES)
def test_it_goes_on_behind_the_last_piece(
    shape: str, stop: int, absence: int, resumed: dict[object, Future[Reading]]
) -> None:
    reading = resumed[shape, stop, absence].result()
    assert reading.error is None
    assert reading.taken == sorted(set(reading.taken))
    whole = reading.taken == list(range(reading.taken[0], reading.taken[-1] + 1))
    if shape == "event" or absence <= 3:
        assert whole
        assert reading.missing == []
    else:
        (missing,) = reading.missing
        at = reading.taken.index(next(b for a, b in zip(reading.taken, reading.taken[1:], strict=False) if b > a + 1))
        lost_ms = 500 * (reading.taken[at] - reading.taken[at - 1] - 1)
        assert missing.code == "window_passed"
        assert missing.end_ms - missing.start_ms == pytest.approx(lost_ms, abs=2 if shape == "dated" else 700)
    assert len({mark.clock for mark in reading.marks}) == 1


@pytest.mark.parametrize("dated", [True, False])
def test_a_source_that_began_anew_with_the_same_names_while_nobody_read(
    dated: bool, resumed: dict[object, Future[Reading]]
) -> None:
    reading = resumed[dated].result()
    runs = [sequence for (run, sequence), code in reading.account().items() if run == 1 and code == "taken"]
    assert sorted(runs) == [0, 1, 2, 3, 4, 5]
    assert len({mark.clock for mark in reading.marks}) == 2


def test_an_address_that_expires_is_left_and_the_next_one_goes_on(resumed: dict[object, Future[Reading]]) -> None:
    assert resumed[expired].result().error is None


def test_one_refusal_of_the_playlist_is_no_end_of_its_address(resumed: dict[object, Future[Reading]]) -> None:
    assert resumed[refused_once].result().error is None


def test_who_reads_more_slowly_than_the_window_moves_is_told_what_passed(
    resumed: dict[object, Future[Reading]],
) -> None:
    reading = resumed[slow].result()
    assert [each.code for each in reading.missing] == ["window_passed"]
    # The one that was silent was not the source.
    assert reading.interruptions == []
