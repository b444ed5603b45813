"""The origin: answers requests as they come, with the faults that were asked for."""

from __future__ import annotations

import gzip
import re
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tldr_standins.hls_origin.programme import Programme, Published
from tldr_standins.hls_origin.texts import Writing, master_text, media_text

_SEGMENT = re.compile(r"(video|audio)?(?:run(\d+)-|[a-z]+)(\d+)\.(?:ts|m4s)$")
_PACK = re.compile(r"(video|audio)?pack-(\d+)-(\d+)\.(?:ts|m4s)$")
_INIT = re.compile(r"(video|audio)?init-(\d+)-(\d+)\.mp4$")
_KEY = re.compile(r"key-(\d+)$")
# A segment is still to be had for so many others after it left the playlist.
_KEPT_BEHIND = 2


@dataclass
class Fault:
    """What happens to a request. `times` counts down; None: always. `after`: bytes (or a share of them) that are sent first."""

    kind: str
    times: int | None = None
    status: int = 404
    after: float = 0.0
    declared: bool = True
    location: str = ""


class OriginServer(ThreadingHTTPServer):
    """Serves a programme. `faults` are by what is asked for: `playlist`, `master`, a sequence, `key` or `init`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, programme: Programme, writing: Writing, *, audio_apart: bool, gzipped: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.programme = programme
        self.writing = writing
        self.audio_apart = audio_apart
        self.gzipped = gzipped
        self.token = "first"  # noqa: S105 - of an origin that holds nothing
        self.faults: dict[str | int, list[Fault]] = {}
        self.asked: Counter[str] = Counter()
        self.paths: list[str] = []
        self.headers_seen: list[dict[str, str]] = []
        self.lag: list[int] = []
        self.stopping = Event()

    def fault(self, *about: str | int) -> Fault | None:
        """The first that is left for what is asked for."""
        with self.programme.lock:
            for key in about:
                for fault in self.faults.get(key, []):
                    if fault.times is None or fault.times > 0:
                        if fault.times is not None:
                            fault.times -= 1
                        return fault
        return None

    def shown(self) -> list[Published]:
        """The segments that a playlist names now."""
        programme = self.programme
        with programme.lock:
            programme.advance(round(time.time() * 1000))
            upto = len(programme.current) - (self.lag.pop(0) if self.lag else 0)
            first = 0 if self.writing.kind else max(0, upto - self.writing.window)
            return programme.current[first : max(upto, first)]

    def bytes_of(self, segment: Published, tracks: str) -> tuple[bytes, bytes]:
        """Initialization section and segment, encrypted where that is asked for."""
        init, data = segment.reel.written(segment.index, segment.at, self.writing.fragmented, tracks)
        if self.writing.keys_every:
            number = segment.sequence // self.writing.keys_every
            vector = number + 1 if number % 2 else segment.sequence
            data = _encrypted(data, key_of(number), vector.to_bytes(16, "big"))
        return init, data

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


def key_of(number: int) -> bytes:
    """The key of that number."""
    return bytes((number * 16 + at) % 256 for at in range(16))


def _encrypted(data: bytes, key: bytes, vector: bytes) -> bytes:
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OriginServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        origin = self.server
        name = parts.path.rsplit("/", 1)[-1]
        with origin.programme.lock:
            origin.asked[parts.path] += 1
            origin.paths.append(parts.path)
            origin.headers_seen.append(dict(self.headers.items()))
        if parse_qs(parts.query).get("token", [""])[0] != origin.token:
            self.answer(403, b"")
        elif name == "master.m3u8":
            body = master_text(origin.token, audio_apart=origin.audio_apart)
            self.deliver(body.encode(), origin.fault("master"), gzipped=origin.gzipped)
        elif name == "index.m3u8":
            fault = origin.fault("playlist")
            self.deliver(self._playlist(parts.path), fault, gzipped=origin.gzipped)
        elif found := _KEY.search(name):
            self.deliver(key_of(int(found[1])), origin.fault("key"))
        else:
            self._media(name)

    def _tracks(self, path: str) -> str:
        if "/audio/" in path:
            return "audio"
        return "video" if self.server.audio_apart and re.search(r"/\d+/", path) else ""

    def _playlist(self, path: str) -> bytes:
        origin, tracks = self.server, self._tracks(path)
        shown = origin.shown()
        lengths = {}
        if origin.writing.packed:
            with origin.programme.lock:
                lengths = {s.sequence: len(origin.bytes_of(s, tracks)[1]) for s in origin.programme.current}
        ended = origin.programme.ended
        text = media_text(shown, origin.writing, origin.token, ended=ended, lengths=lengths, tracks=tracks)
        return text.encode()

    def _media(self, name: str) -> None:
        origin = self.server
        origin.programme.advance(round(time.time() * 1000))
        if found := _SEGMENT.fullmatch(name):
            run = origin.programme.run if found[2] is None else int(found[2])
            self._segment(run, int(found[3]), found[1] or "")
        elif found := _INIT.fullmatch(name):
            segment = self._one_of(int(found[2]), int(found[3]))
            body = None if segment is None else origin.bytes_of(segment, found[1] or "")[0]
            self._found(body, origin.fault("init"))
        elif found := _PACK.fullmatch(name):
            self._found(self._packed(int(found[2]), int(found[3]), found[1] or ""), None)
        else:
            self.answer(404, b"")

    def _packed(self, run: int, pack: int, tracks: str) -> bytes:
        origin = self.server
        size = origin.writing.packed
        inside = [self._find(run, number) for number in range(pack * size, pack * size + size)]
        return b"".join(origin.bytes_of(segment, tracks)[1] for segment in inside if segment is not None)

    def _segment(self, run: int, sequence: int, tracks: str) -> None:
        origin, segment = self.server, self._find(run, sequence)
        gone = False
        if segment is not None and not origin.writing.kind:
            with origin.programme.lock:
                newest = origin.programme.current[-1].sequence if run == origin.programme.run else sequence
            gone = sequence <= newest - origin.writing.window - _KEPT_BEHIND
        if segment is None or gone:
            self.answer(404, b"")
        else:
            self.deliver(origin.bytes_of(segment, tracks)[1], origin.fault(sequence, f"{tracks}{sequence}"))

    def _find(self, run: int, sequence: int) -> Published | None:
        with self.server.programme.lock:
            for segment in reversed(self.server.programme.published):
                if (segment.run, segment.sequence) == (run, sequence):
                    return segment
        return None

    def _one_of(self, run: int, discontinuity: int) -> Published | None:
        with self.server.programme.lock:
            found = [s for s in self.server.programme.published if (s.run, s.discontinuity) == (run, discontinuity)]
        return found[0] if found else None

    def _found(self, body: bytes | None, fault: Fault | None) -> None:
        if body is None:
            self.answer(404, b"")
        else:
            self.deliver(body, fault)

    def deliver(self, body: bytes, fault: Fault | None, *, gzipped: bool = False) -> None:
        """The answer, or what the fault makes of it."""
        if fault is None:
            self._whole(body, gzipped)
        elif fault.kind == "status":
            self.answer(fault.status, b"")
        elif fault.kind == "redirect":
            self.answer(302, b"", location=fault.location + self.path)
        elif fault.kind == "replace":
            self.answer(200, b"<html>Log in</html>")
        else:
            self._part(body, fault)

    def _whole(self, body: bytes, gzipped: bool) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        if gzipped:
            self.answer(200, gzip.compress(body), content_encoding="gzip")
        elif found and int(found[1]) < len(body):
            first, last = int(found[1]), min(int(found[2]), len(body) - 1)
            self.answer(206, body[first : last + 1], content_range=f"bytes {first}-{last}/{len(body)}")
        else:
            self.answer(200, body)

    def _part(self, body: bytes, fault: Fault) -> None:
        sent = body[: round(len(body) * fault.after) if fault.after < 1 else round(fault.after)]
        # Whole packets of MPEG-TS, so that nothing but the length tells.
        sent = sent[: len(sent) // 188 * 188] or sent
        self.send_response(200)
        if fault.declared:
            self.send_header("content-length", str(len(body)))
        else:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(sent)
        self.wfile.flush()
        if fault.kind == "stall":
            self.server.stopping.wait(60)
        self.close_connection = True

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
