"""A real encoder publishes, and what a reader of the spool is given is what was sent."""

from pathlib import Path
from typing import Any

import pytest

from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_ingest.domain.push.spool_names import Leaving
from tldr_standins.rtmp_publisher import publishing

PATIENT = RtmpLimits()


def left(listing: Any) -> bool:
    return bool(listing.latest and listing.latest.left)


async def test_what_an_encoder_sends_is_given_whole_and_behind_any_piece(
    receive: Any, film: Path, packets_of: Any
) -> None:
    receiving = await receive()
    async with publishing(receiving.address(), film, pace=0) as encoder:
        assert await encoder.ended() == (0, "")
    assert (await receiving.until(left)).latest.left.how is Leaving.ASKED
    given = receiving.read()
    assert given.packets("video") == packets_of(film, "video")
    assert given.packets("audio") == packets_of(film, "audio")
    assert given.said == ["publisher_away", "publisher_ended"]
    assert len(given.pieces) == 4
    times = given.times("video")
    assert [b - a for a, b in zip(sorted(times), sorted(times)[1:], strict=False) if not 32 < b - a < 35] == []
    for number, piece in enumerate(given.pieces):
        rest = receiving.read(piece.mark)
        assert [one.mark for one in rest.pieces] == [one.mark for one in given.pieces[number + 1 :]]
        assert rest.said == ["publisher_away", "publisher_ended"]


@pytest.mark.parametrize("failing", [False, True])
async def test_the_first_picture_is_told_of_once_whatever_comes_of_it(receive: Any, film: Path, failing: bool) -> None:
    receiving = await receive()
    receiving.arrivals.failing = failing
    async with publishing(receiving.address(), film, pace=0) as encoder:
        assert await encoder.ended() == (0, "")
    await receiving.until(left)
    assert receiving.arrivals.heard == ["str_1"]


@pytest.mark.long
async def test_pieces_are_there_while_it_publishes(receive: Any, film: Path) -> None:
    receiving = await receive()
    async with publishing(receiving.address(), film, pace=4) as encoder:
        listing = await receiving.until(lambda found: len(found.pieces) == 2)
        assert listing.latest.left is None
        assert encoder.process.returncode is None
        assert abs(listing.pieces[1].wall_ms - listing.latest.began_ms - 2000) < 50


async def test_an_encoder_that_is_killed_and_comes_back_leaves_a_hole_of_its_true_length(
    receive: Any, film: Path, recorder_in: Any, tmp_path: Path, packets_of: Any
) -> None:
    receiving = await receive(PATIENT)
    async with publishing(receiving.address(), film) as encoder:
        await receiving.until(lambda found: found.pieces)
        encoder.drop()
        lost = await receiving.until(left)
    record = recorder_in(tmp_path)
    wide = record("wide.mp4", record.Picture(frames=60, width=320, height=240), record.Sound(seconds=2))
    async with publishing(receiving.address(), wide, pace=0) as encoder:
        assert (await encoder.ended())[0] == 0
    await receiving.until(lambda found: len(found.sessions) == 2 and left(found))
    given = receiving.read()
    assert given.said == ["publisher_away", "publisher_away", "publisher_ended"]
    (missing,) = given.missing
    first = [piece for piece in given.pieces if piece.mark.clock == given.pieces[0].mark.clock]
    assert missing.start_ms == first[-1].mark.wall_ms + first[-1].mark.duration_ms
    assert missing.end_ms == given.pieces[len(first)].mark.wall_ms
    assert missing.end_ms >= lost.latest.left.wall_ms
    # what came before the kill came whole and in order, and what came after it is all there
    video, rest = packets_of(film, "video"), packets_of(wide, "video")
    found = given.packets("video")
    assert found == video[: len(found) - len(rest)] + rest
    assert len(found) - len(rest) >= 30


async def test_an_encoder_that_freezes_is_cut_off_and_nothing_is_lost_before(receive: Any, film: Path) -> None:
    receiving = await receive()
    async with publishing(receiving.address(), film) as encoder:
        await receiving.until(lambda found: found.pieces)
        encoder.freeze()
        listing = await receiving.until(left)
        assert listing.latest.left.how is Leaving.LOST
        last = listing.pieces[-1]
        assert 900 <= listing.latest.left.wall_ms - last.end_ms < 3000
        encoder.thaw()
        assert (await encoder.ended())[0] != 0


@pytest.mark.long
async def test_an_encoder_that_freezes_for_a_moment_goes_on(receive: Any, film: Path, packets_of: Any) -> None:
    receiving = await receive(PATIENT)
    async with publishing(receiving.address(), film, pace=8) as encoder:
        await receiving.until(lambda found: found.pieces)
        encoder.freeze()
        encoder.thaw()
        assert (await encoder.ended())[0] == 0
    await receiving.until(left)
    assert receiving.read().packets("video") == packets_of(film, "video")


@pytest.mark.parametrize(
    ("codec", "letters", "options"),
    [
        ("libx265", b"hvc1", {"preset": "ultrafast", "x265-params": "log-level=none:keyint=30"}),
        pytest.param("libsvtav1", b"av01", {"preset": "12", "g": "30"}, marks=pytest.mark.long),
        pytest.param(
            "libvpx-vp9", b"vp09", {"deadline": "realtime", "cpu-used": "8", "g": "30"}, marks=pytest.mark.long
        ),
    ],
)
async def test_codecs_named_by_four_letters_come_through(
    receive: Any, record: Any, packets_of: Any, codec: str, letters: bytes, options: dict[str, str]
) -> None:
    film = record("a.mp4", record.Picture(codec, frames=90, options=options), record.Sound(seconds=3))
    receiving = await receive(PATIENT)
    async with publishing(receiving.address(), film, pace=0) as encoder:
        assert await encoder.ended() == (0, "")
    await receiving.until(left)
    given = receiving.read()
    assert given.packets("video") == packets_of(film, "video")
    assert given.packets("audio") == packets_of(film, "audio")
    assert len(given.pieces) > 1
    assert all(letters in piece.data for piece in given.pieces)


async def test_an_encoder_with_a_wrong_key_is_told_so(receive: Any, film: Path) -> None:
    receiving = await receive()
    async with publishing(receiving.address("live_guess"), film) as encoder:
        code, _ = await encoder.ended()
    assert code != 0
    assert receiving.spool.streams() == []
