"""The server is stopped, killed and started again; what it had written is there, and what it had not is said."""

import asyncio
import os
import ssl
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tldr_ingest.adapters.push.spool_files import PushSpool, listing_of
from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_ingest.domain.push.pieces import CutPiece
from tldr_ingest.domain.push.spool_bound import SpoolBound
from tldr_ingest.domain.push.spool_names import Leaving
from tldr_ingest.entrypoints.pushing import Pushing
from tldr_standins.rtmp_publisher import publishing
from tldr_testing import eventually
from tldr_testing.rtmp_raw import VIDEO, raw_publisher

NOW = 1_795_435_205_000


async def test_a_server_that_is_stopped_writes_what_it_has(receive: Any, film: Path, packets_of: Any) -> None:
    receiving = await receive(RtmpLimits())
    async with publishing(receiving.address(), film, pace=2) as encoder:
        await receiving.until(lambda found: found.pieces)
        receiving.serving.cancel()
        await asyncio.gather(receiving.serving, return_exceptions=True)
        listing = receiving.listing()
        assert (await encoder.ended())[0] != 0
    assert listing.latest.left.how is Leaving.RESTARTED
    found = receiving.read().packets("video")
    assert found == packets_of(film, "video")[: len(found)]
    assert len(found) > 45


_SERVER = """
import asyncio, sys, time
from pathlib import Path
from tldr_ingest.adapters.push.connection import Reception
from tldr_ingest.adapters.push.publishers import Publishers
from tldr_ingest.adapters.push.server_rtmp import Listening, RtmpServer
from tldr_ingest.adapters.push.spool_files import PushSpool, listing_of
from tldr_ingest.application.push.admit_publisher import AdmitPublisher
from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_ingest.domain.push.pieces import PieceLimits

class Keys:
    async def stream_of(self, digest):
        return "str_1"

async def serve():
    spool, now_ms = PushSpool(Path(sys.argv[1])), lambda: time.time_ns() // 10**6
    reception = Reception(
        AdmitPublisher(Keys()), Publishers(), spool, RtmpLimits(), PieceLimits(), now_ms, lambda stream: asyncio.sleep(0)
    )
    server = RtmpServer(Listening("127.0.0.1", 0), reception)
    serving = asyncio.create_task(server.serve())
    while not server.port:
        await asyncio.sleep(0.01)
    print(server.port, file=sys.stderr, flush=True)
    await serving

asyncio.run(serve())
"""


@asynccontextmanager
async def _server(spool: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A server in a process of its own, and its port; killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _SERVER,
        str(spool),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    try:
        yield process, int(await process.stderr.readline())
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_a_server_that_is_killed_loses_what_was_not_written_and_says_so(
    receive: Any, film: Path, tmp_path: Path, packets_of: Any
) -> None:
    spool = PushSpool(tmp_path / "spool")
    folder = spool.folder("str_1")  # type: ignore[arg-type]
    async with _server(spool.root) as (process, port), publishing(f"rtmp://127.0.0.1:{port}/live/any", film) as encoder:
        await eventually(lambda: _found(folder.exists() and list(folder.glob("*.flv"))))
        (folder / "half.flv.part").touch()
        process.kill()
        await process.communicate()
        await encoder.ended()
    receiving = await receive(RtmpLimits(), spool=spool)
    assert not list(folder.glob("*.part"))
    async with publishing(receiving.address(), film, pace=0) as encoder:
        await encoder.ended()
    await receiving.until(lambda found: len(found.sessions) == 2 and found.latest.left)
    given = receiving.read()
    assert given.said == ["receiver_restarted", "publisher_away", "publisher_ended"]
    whole = packets_of(film, "video")
    found = given.packets("video")
    assert found[-len(whole) :] == whole
    assert found[: -len(whole)] == whole[: len(found) - len(whole)]
    (missing,) = given.missing
    first = given.pieces[0].mark
    assert first.wall_ms + first.duration_ms == missing.start_ms < missing.end_ms == given.pieces[1].mark.wall_ms


async def _comes_to_rest(raw: Any, sending: asyncio.Task[None]) -> bool:
    """Whether what is sent waits to be taken, and does so still after half a second; False when all of it was taken."""
    known, since = None, 0.0
    while not sending.done():
        waiting, now = raw.taken, time.monotonic()
        if waiting != known:
            known, since = waiting, now
        elif now - since > 0.5:
            return True
        await asyncio.sleep(0.02)
    return False


async def _found(value: Any) -> bool:
    return bool(value)


async def test_a_server_with_a_certificate_speaks_rtmps(receive: Any, film: Path, tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(_certificate(tmp_path / "certificate.pem"))
    receiving = await receive(RtmpLimits(), tls=context)
    async with publishing(receiving.address().replace("rtmp:", "rtmps:"), film, pace=0) as encoder:
        assert await encoder.ended() == (0, "")
    assert (await receiving.until(lambda found: found.latest and found.latest.left)).latest.left.how is Leaving.ASKED


async def test_a_disk_that_is_slow_slows_the_publisher_down_and_loses_nothing(
    receive: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, held = threading.Event(), threading.Event()
    real = os.fsync

    def slow(descriptor: int) -> None:
        held.set()
        written.wait(20)
        real(descriptor)

    async def picture(raw: Any) -> None:
        for number in range(1, 121):
            await raw.message(VIDEO, number * 100, b"\x17\x01\x00\x00\x00" + number.to_bytes(1, "big") * 200_000)

    receiving = await receive(RtmpLimits())
    async with raw_publisher(receiving.port) as raw:
        await raw.as_obs(key)
        await raw.until("onStatus")
        await raw.set_chunk(65536)
        await raw.message(VIDEO, 0, b"\x17\x01\x00\x00\x00first")
        await receiving.until(lambda found: found.latest and found.latest.began_ms)
        monkeypatch.setattr(os, "fsync", slow)
        sending = asyncio.create_task(picture(raw))
        await eventually(lambda: _found(held.is_set()))
        assert await _comes_to_rest(raw, sending)
        written.set()
        await sending
        await raw.command("deleteStream", None, 1)
        listing = await receiving.until(lambda found: found.latest.left)
    assert listing.latest.left.how is Leaving.ASKED
    data = b"".join((receiving.spool.folder("str_1") / piece.name).read_bytes() for piece in listing.pieces)
    at = 0
    for number in range(1, 121):  # each once, in order: nothing else is so long
        at = data.index(number.to_bytes(1, "big") * 200_000, at, at + 401_000)
    assert len(data) < 121 * 200_100


def test_the_spool_keeps_its_bound_while_it_is_written(tmp_path: Path) -> None:
    spool = PushSpool(tmp_path, SpoolBound(age_ms=10_000, bytes=5000))
    writer = spool.begin("str_1", NOW)  # type: ignore[arg-type]
    for number in range(20):
        writer.put(CutPiece(0, number, NOW + number * 2000, 2000, bytes(100)), NOW + number * 2000)
    assert [piece.sequence for piece in _listing(spool).pieces] == [13, 14, 15, 16, 17, 18, 19]
    writer.put(CutPiece(0, 20, NOW + 40_000, 2000, bytes(4950)), NOW + 40_000)
    assert [piece.sequence for piece in _listing(spool).pieces] == [20]
    spool.prune(NOW + 60_000)
    assert not spool.has_pieces("str_1")  # type: ignore[arg-type]


def test_sessions_are_in_the_order_in_which_they_began_also_when_the_clock_was_put_back(tmp_path: Path) -> None:
    spool = PushSpool(tmp_path)
    first = spool.begin("str_1", NOW)  # type: ignore[arg-type]
    first.left(NOW, Leaving.LOST)
    second = spool.begin("str_1", NOW - 50_000)  # type: ignore[arg-type]
    assert second.session > first.session


@pytest.mark.parametrize("name", ["../x", "", "a/b", "x" * 65, "."])
def test_a_stream_s_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        PushSpool(tmp_path).folder(name)  # type: ignore[arg-type]


async def test_folders_of_streams_that_have_ended_are_removed(receive: Any) -> None:
    receiving = await receive()
    spool, now = receiving.spool, [NOW]
    for stream in ("str_1", "str_over"):
        writer = spool.begin(stream, NOW)
        writer.put(CutPiece(0, 0, NOW, 2000, b"FLV"), NOW)
        writer.left(NOW + 2000, Leaving.ASKED)
    pushing = Pushing(receiving.server, spool, receiving.keys, lambda: now[0])
    await pushing.clean_up()
    assert set(spool.streams()) == {"str_1", "str_over"}  # what is left in it may be being read
    now[0] = NOW + 400_000
    await pushing.clean_up()
    assert spool.streams() == ["str_1"]
    assert receiving.listing().latest.left.how is Leaving.ASKED


def _certificate(path: Path) -> Path:
    """A key and a certificate that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    return path


def _listing(spool: PushSpool) -> Any:
    return listing_of(spool.root / "str_1")
