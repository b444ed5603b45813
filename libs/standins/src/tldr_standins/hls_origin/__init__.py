"""An HLS origin on 127.0.0.1 that behaves as real ones do, by the wall clock, with every fault to be switched on.

    with HlsOrigin(segment_s=0.5) as origin:
        read(origin.url)                   # a media playlist; origin.master_url names three renditions
        origin.refuse(12)                  # segment 12 is 404 for good
        origin.stall(15, times=1)          # its first answer goes silent after a kilobyte
        origin.advertise(20, 4)            # segments 20 to 23 are advertisements
        origin.hang(3.0)                   # the encoder stops for three seconds
        origin.published                   # what there was to be read, with the PTS of each picture

It shows a picture and a tone of its own, or `HlsOrigin(media=path)` a recording once, in real time (a folder: MPEG-TS files as
they are). A segment comes when its last frame has happened; it answers 404 before, and once it has left the window by two.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from tldr_standins.hls_origin.programme import Programme, Published
from tldr_standins.hls_origin.reel import CLOCK, Reel, from_file, from_folder, rendered
from tldr_standins.hls_origin.server import Fault, OriginServer
from tldr_standins.hls_origin.texts import HEIGHTS, Writing

__all__ = ["HEIGHTS", "HlsOrigin", "Published", "Writing"]


class HlsOrigin:
    """See the module. `ahead`: so many segments have happened when it starts. `ends_after`: so many are all there are.
    `writing` (keywords of `Writing`) says how playlists are written, and may be changed at any time.
    """

    def __init__(
        self,
        *,
        media: Path | None = None,
        segment_s: float = 0.5,
        ahead: int = 6,
        ends_after: int | None = None,
        audio_apart: bool = False,
        gzipped: bool = False,
        first_timestamp_s: float = 10.0,
        **writing: Any,
    ) -> None:
        length = Fraction(segment_s).limit_denominator(1000)
        reel = rendered(length) if media is None else _given(media, length)
        begins_ms = round(time.time() * 1000) - round(
            sum(chunk.length for chunk in self._first(reel.chunks, ahead)) * 1000
        )
        other = rendered(length if media is None else Fraction(1), 128, 72, 880)
        at = Fraction(first_timestamp_s).limit_denominator(CLOCK)
        self.programme = Programme(reel, other, begins_ms, at, looped=media is None, stops_at=ends_after)
        self.writing = Writing(**writing)
        self.server = OriginServer(self.programme, self.writing, audio_apart=audio_apart, gzipped=gzipped)
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @staticmethod
    def _first(chunks: Sequence[Any], count: int) -> list[Any]:
        return [chunks[number % len(chunks)] for number in range(count)]

    def __enter__(self) -> HlsOrigin:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def url(self) -> str:
        """The media playlist with picture and sound, with a token that is valid now."""
        return f"{self.base}/live/index.m3u8?token={self.server.token}"

    @property
    def master_url(self) -> str:
        """The multivariant playlist."""
        return f"{self.base}/live/master.m3u8?token={self.server.token}"

    @property
    def published(self) -> list[Published]:
        """Everything that has happened so far, in order."""
        self.programme.advance(round(time.time() * 1000))
        with self.programme.lock:
            return list(self.programme.published)

    @property
    def next(self) -> int:
        """The number of the segment that is not published yet."""
        self.programme.advance(round(time.time() * 1000))
        return self.programme.sequence

    def refuse(self, what: int | str, *, status: int = 404, times: int | None = None) -> None:
        """Answer with a status. `what`: a sequence, or `playlist`, `master`, `key`, `init`."""
        self._add(what, Fault("status", times, status))

    def cut(self, sequence: int | str, *, times: int | None = 1, share: float = 1 / 3, declared: bool = True) -> None:
        """Break off after a share of the body; with `declared`, the length that was promised tells."""
        self._add(sequence, Fault("cut", times, after=share, declared=declared))

    def stall(self, what: int | str, *, times: int | None = 1) -> None:
        """Send a kilobyte and then nothing more."""
        self._add(what, Fault("stall", times, after=1024))

    def redirect(self, what: int | str, base: str, *, times: int | None = None) -> None:
        """Send to the same path elsewhere (`http://localhost:PORT`, `http://10.0.0.1`)."""
        self._add(what, Fault("redirect", times, location=base))

    def replace(self, what: int | str, *, times: int | None = None) -> None:
        """Answer 200 with a page."""
        self._add(what, Fault("replace", times))

    def heal(self, what: int | str) -> None:
        """No fault of this any more."""
        with self.programme.lock:
            self.server.faults.pop(what, None)

    def expire(self) -> None:
        """Addresses that were given out until now answer 403; `url` has a new token."""
        self.server.token = f"{self.server.token}x"

    def advertise(self, sequence: int, count: int) -> None:
        """Segments that are advertisements: another picture, other timestamps, between discontinuities."""
        with self.programme.lock:
            self.programme.advertised |= set(range(sequence, sequence + count))

    def splice(self, sequence: int) -> None:
        """A discontinuity before this segment, with timestamps that go on."""
        with self.programme.lock:
            self.programme.splices.add(sequence)

    def lose(self, sequence: int) -> None:
        """The source itself misses this segment (EXT-X-GAP)."""
        with self.programme.lock:
            self.programme.gaps.add(sequence)

    def hang(self, seconds: float, *, jump: bool = True) -> None:
        """The encoder stops for so long; its timestamps jump with it, or go on."""
        self._advance()
        self.programme.hang(round(seconds * 1000), jump=jump)

    def restart(self, pause_s: float = 2.0) -> None:
        """The encoder begins anew after a pause: numbers from 0, other timestamps."""
        self._advance()
        self.programme.restart(round(pause_s * 1000))

    def end(self) -> None:
        """Say that nothing follows (EXT-X-ENDLIST)."""
        self._advance()
        self.programme.ended = True

    def end_for(self, seconds: float) -> None:
        """Say that nothing follows, and go on after so long."""
        self.end()
        timer = threading.Timer(seconds, self.come_back)
        timer.daemon = True
        timer.start()

    def come_back(self) -> None:
        """Go on after an end."""
        self.programme.come_back(round(time.time() * 1000))

    def lag(self, *segments: int) -> None:
        """The next answers come from edges that are so many segments behind."""
        self.server.lag += segments

    def asked(self, part: str) -> int:
        """How often something was asked for whose path contains this."""
        with self.programme.lock:
            return sum(count for path, count in self.server.asked.items() if part in path)

    def _add(self, what: int | str, fault: Fault) -> None:
        with self.programme.lock:
            self.server.faults.setdefault(what, []).append(fault)

    def _advance(self) -> None:
        self.programme.advance(round(time.time() * 1000))


def _given(media: Path, length: Fraction) -> Reel:
    return from_folder(media) if media.is_dir() else from_file(media, length)
