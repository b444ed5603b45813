"""A connection in lines is under the same guard, and under limits of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tldr_outbound import (
    AddressPolicy,
    AddressRefused,
    DeadlineExceeded,
    GuardedLines,
    LineLimits,
    ResponseTooLarge,
    SourceUnavailable,
)

LOOPBACK = AddressPolicy(allow_loopback=True)
LIMITS = LineLimits(connect_s=1.0, tls_s=1.0, write_s=1.0, max_line=100)
Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def speaking(speak: Speak, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that says what it is told to; its port."""
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await speak(reader, writer)
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    yield server.sockets[0].getsockname()[1]
    ended.set()
    server.close()


async def connected(port: int, **changes: Any) -> GuardedLines:
    settings: dict[str, Any] = {"policy": LOOPBACK, "tls": None, "limits": LIMITS, **changes}
    return await GuardedLines.connect("localhost", port, **settings)


async def test_lines_come_whole_however_they_arrive() -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in (b"one\r\ntwo\nth", b"re", b"e\r\n"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.write_eof()

    async with speaking(speak) as port:
        lines, found = await connected(port), []
        while (some := await lines.read(1.0)) is not None:
            found += some
        await lines.close()
    assert found == [b"one", b"two", b"three"]


async def test_what_is_written_arrives_and_holds_no_further_line() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"you said " + await reader.readline())

    async with speaking(speak) as port:
        lines = await connected(port)
        with pytest.raises(ValueError, match="no end of a line"):
            await lines.write("JOIN #a\r\nJOIN #b")
        await lines.write("JOIN #a")
        assert await lines.read(1.0) == [b"you said JOIN #a"]
        await lines.close()


@pytest.mark.parametrize("answers", [("10.0.0.1",), ("127.0.0.1",), ("169.254.169.254",), ("::ffff:127.0.0.1",)])
async def test_a_name_that_leads_to_a_private_address_is_refused(answers: Sequence[str]) -> None:
    with pytest.raises(AddressRefused):
        await GuardedLines.connect(
            "chat.example", 6697, policy=AddressPolicy(), tls=None, resolver=lambda host, port: answers
        )


async def test_a_port_of_another_protocol_is_refused() -> None:
    with pytest.raises(AddressRefused):
        await connected(6379)


async def test_silence_ends_in_time_and_a_line_that_was_begun_is_kept() -> None:
    go_on = asyncio.Event()

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"beg")
        await go_on.wait()
        writer.write(b"un\n")

    async with speaking(speak) as port:
        lines = await connected(port)
        with pytest.raises(DeadlineExceeded):
            await lines.read(0.1)
        go_on.set()
        assert await lines.read(1.0) == [b"begun"]
        await lines.close()


@pytest.mark.parametrize("end", [b"", b"\n"])
async def test_a_line_beyond_the_limit_is_refused(end: bytes) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * 5000 + end)

    async with speaking(speak) as port:
        lines = await connected(port)
        with pytest.raises(ResponseTooLarge):
            await lines.read(1.0)
        await lines.close()


async def test_nobody_there_is_said_as_such() -> None:
    async with speaking(lambda reader, writer: asyncio.sleep(0)) as port:
        pass
    with pytest.raises(SourceUnavailable):
        await connected(port)


async def test_a_server_that_never_shakes_hands_ends_in_time() -> None:
    async with speaking(lambda reader, writer: asyncio.sleep(0)) as port:
        with pytest.raises(DeadlineExceeded):
            await connected(port, tls=ssl.create_default_context(), limits=LineLimits(tls_s=0.2))


async def test_an_encrypted_connection_needs_a_certificate_of_the_host(tmp_path: Path) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\r\n")

    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(_certificate(tmp_path))
    trusting = ssl.create_default_context(cafile=tmp_path / "certificate.pem")
    async with speaking(speak, serving) as port:
        lines = await connected(port, tls=trusting)
        assert await lines.read(1.0) == [b"hello"]
        await lines.close()
        with pytest.raises(SourceUnavailable):
            await connected(port, tls=ssl.create_default_context())


def _certificate(folder: Path) -> Path:
    """A key and a certificate of "localhost" that it signed itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
