"""The chunk stream is read as it was written, however it comes in, and never beyond its limits."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.domain.push.chunks import ChunkReader
from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage, chunked, parts_of
from tldr_testing.rtmp_raw import chunks

LIMITS = RtmpLimits(message_bytes=1000, waiting_bytes=1500, chunk_streams=4)
LATE = 0x1234567


def read(data: bytes, *, limits: RtmpLimits = LIMITS, step: int = 1 << 20) -> list[RtmpMessage]:
    reader = ChunkReader(limits)
    return [message for at in range(0, len(data), step) for message in reader.feed(data[at : at + step])]


def size(count: int) -> bytes:
    return chunks(1, 0, 0, struct.pack(">I", count), number=2)


@pytest.mark.parametrize("chunk", [1, 128, 65536])
@pytest.mark.parametrize("timestamp", [0xFFFFFE, 0xFFFFFF, 2**32 - 1])
@pytest.mark.parametrize("number", [3, 64, 320])
@pytest.mark.parametrize("step", [1, 1 << 20])
def test_a_message_comes_out_as_it_went_in(chunk: int, timestamp: int, number: int, step: int) -> None:
    payload = bytes(range(256)) * 3
    sent = size(chunk) + chunks(9, timestamp, 1, payload, chunk=chunk, number=number)
    assert read(sent, step=step)[1:] == [RtmpMessage(9, timestamp, 1, payload)]


def test_an_encoder_that_leaves_the_extended_timestamp_out_of_later_chunks_is_understood() -> None:
    payload = bytes(300)
    assert read(chunks(9, LATE, 1, payload, repeat=False)) == [RtmpMessage(9, LATE, 1, payload)]


def test_headers_say_only_what_differs() -> None:
    full = chunks(8, 1000, 1, b"abc")
    later = bytes([0x44]) + (20).to_bytes(3, "big") + (2).to_bytes(3, "big") + b"\x09" + b"de"
    same_length = bytes([0x84]) + (30).to_bytes(3, "big") + b"fg"
    same = bytes([0xC4]) + b"hi"
    assert read(full + later + same_length + same) == [
        RtmpMessage(8, 1000, 1, b"abc"),
        RtmpMessage(9, 1020, 1, b"de"),
        RtmpMessage(9, 1050, 1, b"fg"),
        RtmpMessage(9, 1080, 1, b"hi"),
    ]


def test_messages_of_several_chunk_streams_are_told_apart() -> None:
    first, second = chunks(9, 0, 1, b"v" * 200, number=4), chunks(8, 5, 1, b"a" * 200, number=5)
    woven = first[: 12 + 128] + second[: 12 + 128] + first[140:] + second[140:]
    assert [message.payload for message in read(woven)] == [b"v" * 200, b"a" * 200]


def test_a_message_that_is_taken_back_is_not_there() -> None:
    half = chunks(9, 0, 1, b"v" * 200)[:140]
    abort = chunks(2, 0, 0, struct.pack(">I", 4), number=2)
    whole = chunks(9, 7, 1, b"w" * 10)
    assert [message.payload for message in read(half + abort + whole)][1:] == [b"w" * 10]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (chunks(9, 0, 1, bytes(1001))[:20], "too large"),
        (b"".join(chunks(9, 0, 1, bytes(999), number=n)[:140] for n in range(3, 8)), "one too many"),
        (size(200) + b"".join(chunks(9, 0, 1, bytes(999), chunk=200, number=n)[:-200] for n in (3, 4)), "not whole"),
        (size(0), "chunk size"),
        (size((1 << 20) + 1), "chunk size"),
        (b"\xc5\x00", "without a beginning"),
        (chunks(9, 0, 1, bytes(200))[:140] + chunks(9, 0, 1, b"x"), "before the one before"),
        (chunks(1, 0, 0, b"\x00", number=2), "too short"),
    ],
)
def test_what_is_no_chunk_stream_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ProtocolBroken, match=why):
        read(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=300), st.just(chunks(9, 3, 1, bytes(900))[:700])), max_size=12))
def test_nothing_that_is_sent_takes_more_memory_than_the_limits(pieces: list[bytes]) -> None:
    reader = ChunkReader(LIMITS)
    try:
        for piece in pieces:
            for message in reader.feed(piece):
                assert len(message.payload) <= LIMITS.message_bytes
            assert reader.held_bytes <= LIMITS.waiting_bytes + LIMITS.message_bytes + 300
    except ProtocolBroken:
        pass


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([8, 9, 18]), st.integers(0, 2**32 - 1), st.binary(max_size=400)),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 500),
    st.integers(1, 97),
)
def test_what_is_written_is_read_again(sent: list[tuple[int, int, bytes]], chunk: int, step: int) -> None:
    messages = [RtmpMessage(type, timestamp, 1, payload) for type, timestamp, payload in sent]
    data = size(chunk) + b"".join(chunked(message, chunk_stream=5, chunk_bytes=chunk) for message in messages)
    assert read(data, step=step)[1:] == messages


def test_an_aggregate_is_its_parts_counted_from_its_own_time() -> None:
    def part(type: int, at: int, payload: bytes) -> bytes:
        head = bytes([type]) + len(payload).to_bytes(3, "big") + (at & 0xFFFFFF).to_bytes(3, "big") + bytes([at >> 24])
        return head + bytes(3) + payload + struct.pack(">I", 11 + len(payload))

    whole = part(8, LATE, b"sound") + part(9, LATE + 40, b"picture")
    aggregate = RtmpMessage(MessageType.AGGREGATE, 5000, 1, whole + part(9, LATE + 80, b"cut off")[:-9])
    assert parts_of(aggregate) == [RtmpMessage(8, 5000, 1, b"sound"), RtmpMessage(9, 5040, 1, b"picture")]
