"""Where a playlist may lead, what is never read, and how a reading ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tldr_ingest.domain.errors import PlaylistUnreadable, SourceEncrypted
from tldr_outbound import AddressRefused, SourceNotFound
from tldr_standins.hls_origin import HlsOrigin

Reading = Any
ReadingOf = Callable[[HlsOrigin], Reading]
PRIVATE = "http://10.0.0.1"


def three(reading: Reading) -> bool:
    return len(reading.pieces) >= 3


def ended(reading: Reading) -> bool:
    return reading.ended is not None


@pytest.mark.parametrize("what", ["master", "playlist", "key", "init", "segment"])
def test_a_private_address_is_refused_at_every_step(what: str, reading_of: ReadingOf) -> None:
    with HlsOrigin(fragmented=True, keys_every=100) as origin:
        for each in range(30) if what == "segment" else [what]:
            origin.redirect(each, PRIVATE)
        reading = reading_of(origin)
        reading.read(origin.master_url, three)
    assert isinstance(reading.error, AddressRefused)
    assert reading.pieces == []


def test_what_was_read_before_a_refusal_comes_first(reading_of: ReadingOf) -> None:
    with HlsOrigin() as origin:
        reading = reading_of(origin)

        def until(reading: Reading) -> bool:
            if three(reading):
                origin.redirect("playlist", PRIVATE)
            return len(reading.pieces) > 20

        reading.read(origin.url, until)
    assert isinstance(reading.error, AddressRefused)
    assert len(reading.pieces) >= 3


def test_what_only_its_own_player_opens_is_refused_once_and_for_all(reading_of: ReadingOf) -> None:
    with HlsOrigin(sealed=True) as origin:
        reading = reading_of(origin)
        reading.read(origin.url, three)
        assert isinstance(reading.error, SourceEncrypted)
        assert origin.asked(".ts") == 0
    with HlsOrigin(keys_every=4) as origin:
        origin.replace("key")
        reading = reading_of(origin)
        reading.read(origin.url, three)
    assert isinstance(reading.error, SourceEncrypted)


UNREADABLE: dict[str, tuple[Callable[[HlsOrigin], None], type[Exception]]] = {
    "404": (lambda o: o.refuse("playlist"), SourceNotFound),
    "403": (lambda o: o.refuse("playlist", status=403), SourceNotFound),
    "a page": (lambda o: o.replace("playlist"), PlaylistUnreadable),
}
SILENT: dict[str, tuple[Callable[[HlsOrigin], None], str]] = {
    "nothing new": (lambda o: o.hang(60.0), "source_stalled"),
    "no playlist": (lambda o: o.refuse("playlist", status=503), "source_unreachable"),
    "playlist gone": (lambda o: o.refuse("playlist"), "source_unreachable"),
}


def opened(name: str, reading_of: ReadingOf) -> Reading:
    with HlsOrigin() as origin:
        UNREADABLE[name][0](origin)
        reading = reading_of(origin)
        reading.read(origin.url, three)
        return reading


def silenced(name: str, reading_of: ReadingOf) -> Reading:
    """Three pieces, and then the fault for good."""
    with HlsOrigin(window=3) as origin:
        reading = reading_of(origin)
        begun: list[int] = []

        def until(reading: Reading) -> bool:
            if three(reading) and not begun:
                begun.append(origin.next)
                SILENT[name][0](origin)
            return ended(reading)

        reading.read(origin.url, until, ends_after_silence_ms=4_500)
        return reading


@pytest.fixture(scope="module")
def played(reading_of: ReadingOf) -> Iterator[dict[str, Future[Reading]]]:
    with ThreadPoolExecutor(6) as threads:
        yield {
            **{name: threads.submit(opened, name, reading_of) for name in UNREADABLE},
            **{name: threads.submit(silenced, name, reading_of) for name in SILENT},
        }


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_opened_says_why(name: str, played: dict[str, Future[Reading]]) -> None:
    assert isinstance(played[name].result().error, UNREADABLE[name][1])


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_source_is_said_to_be_while_it_is_and_then_over(name: str, played: dict[str, Future[Reading]]) -> None:
    reading = played[name].result()
    assert reading.ended.code == "source_silent"
    assert [each.code for each in reading.interruptions] == [SILENT[name][1]]
    last = reading.marks[-1]
    assert reading.interruptions[0].wall_ms == last.wall_ms + last.duration_ms
    # Said in parts, from the last piece on, and not of what could still have come.
    assert len(reading.missing) >= 3
    assert reading.missing[0].start_ms == last.wall_ms + last.duration_ms
    assert all(a.end_ms == b.start_ms for a, b in zip(reading.missing, reading.missing[1:], strict=False))
    assert 1_000 < reading.missing[-1].end_ms - reading.missing[0].start_ms < 4_000


def test_the_rendition_that_is_allowed_is_read_with_the_headers_of_the_source(reading_of: ReadingOf) -> None:
    with HlsOrigin() as origin:
        reading = reading_of(origin)
        reading.read(origin.master_url, three, headers=(("Referer", "https://site.example/"), ("Host", "evil")))
        assert origin.asked("/720/index.m3u8") > 0
        assert origin.asked("/1080/") == origin.asked("/480/") == 0
        assert {seen["Referer"] for seen in origin.server.headers_seen} == {"https://site.example/"}
        assert all(seen["Host"].startswith("127.0.0.1:") for seen in origin.server.headers_seen)
    assert set(reading.account().values()) == {"taken"}


def test_a_stream_that_is_over_is_read_from_its_start(reading_of: ReadingOf) -> None:
    with HlsOrigin(kind="VOD", ahead=8, ends_after=8) as origin:
        reading = reading_of(origin)
        reading.read(origin.url, ended)
    assert reading.taken == list(range(8))
    assert reading.ended.code == "source_ended"
