"""What a publisher sends becomes files that stand for themselves, with the time at which it happened."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.domain.push.messages import MessageType
from tldr_ingest.domain.push.pieces import CutPiece, PieceCutter, PieceLimits
from tldr_ingest.domain.push.session_clock import SessionClock
from tldr_ingest.domain.push.tags import Tag, TagKind, metadata_of

VIDEO, AUDIO = MessageType.VIDEO, MessageType.AUDIO
SETUP, KEY, FRAME, SOUND = b"\x17\x00\x00\x00\x00one", b"\x17\x01\x00\x00\x00k", b"\x27\x01\x00\x00\x00f", b"\xaf\x01s"
SOUND_SETUP = b"\xaf\x00\x11\x90"
WALL = 1_795_435_205_000


@pytest.mark.parametrize(
    ("type", "payload", "kind"),
    [
        (VIDEO, SETUP, TagKind.SETUP),
        (VIDEO, KEY, TagKind.KEYFRAME),
        (VIDEO, FRAME, TagKind.FRAME),
        (VIDEO, b"\x17\x02\x00\x00\x00", TagKind.NOTHING),
        (VIDEO, b"\x12\x00", TagKind.KEYFRAME),
        (VIDEO, b"\x90hvc1", TagKind.SETUP),
        (VIDEO, b"\x91hvc1\x00\x00\x00k", TagKind.KEYFRAME),
        (VIDEO, b"\xa3av01f", TagKind.FRAME),
        (VIDEO, b"\x92hvc1", TagKind.NOTHING),
        (VIDEO, b"\x94hvc1", TagKind.NOTHING),
        (VIDEO, b"", TagKind.NOTHING),
        (AUDIO, SOUND_SETUP, TagKind.SETUP),
        (AUDIO, SOUND, TagKind.FRAME),
        (AUDIO, b"\x90Opus", TagKind.SETUP),
        (AUDIO, b"\x91Opuss", TagKind.FRAME),
        (AUDIO, b"\x2f\x00", TagKind.FRAME),
        (AUDIO, b"\xaf", TagKind.NOTHING),
    ],
)
def test_a_message_says_what_it_is_for(type: MessageType, payload: bytes, kind: TagKind) -> None:
    assert Tag(type, 0, payload).kind is kind


def test_metadata_is_kept_without_the_word_that_sets_it() -> None:
    inner = b"\x02\x00\x0aonMetaData\x05"
    assert metadata_of(b"\x02\x00\x0d@setDataFrame" + inner) == inner == metadata_of(inner)
    assert metadata_of(b"\x02\x00\x0aonTextData\x05") is None


def tags_in(data: bytes) -> list[tuple[int, int, bytes]]:
    """Type, time and content of each tag of a file."""
    assert data[:4] == b"FLV\x01"
    found, at = [], 13
    while at < len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        timestamp = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        found.append((data[at], timestamp, data[at + 11 : at + 11 + size]))
        assert int.from_bytes(data[at + 11 + size : at + 15 + size], "big") == 11 + size
        at += 15 + size
    return found


def published(seconds: int, *, key_s: int = 2, fps: int = 10, start: int = 0) -> list[tuple[MessageType, int, bytes]]:
    """Parameters, then pictures with a keyframe each `key_s` and sound with each picture."""
    said = [(VIDEO, start, SETUP), (AUDIO, start, SOUND_SETUP)]
    for number in range(seconds * fps):
        at = start + number * 1000 // fps
        said += [(VIDEO, at, KEY if number % (key_s * fps) == 0 else FRAME), (AUDIO, at, SOUND)]
    return said


def cut(cutter: PieceCutter, said: list[tuple[MessageType, int, bytes]], wall_ms: int = WALL) -> list[CutPiece]:
    """Everything comes when it happened."""
    first = said[0][1]
    return [p for type, at, payload in said if (p := cutter.add(type, at % 2**32, payload, wall_ms + at - first))]


def test_pieces_begin_at_keyframes_and_hold_what_they_need() -> None:
    cutter = PieceCutter()
    cutter.describe(b"\x02\x00\x0aonMetaData\x05")
    pieces = cut(cutter, published(7, start=500))
    rest = cutter.end()
    assert rest is not None
    assert [(p.epoch, p.sequence, p.wall_ms - WALL, p.duration_ms) for p in (*pieces, rest)] == [
        (0, 0, 0, 2000),
        (0, 1, 2000, 2000),
        (0, 2, 4000, 2000),
        (0, 3, 6000, 1000),
    ]
    head = tags_in(pieces[1].data)[:5]
    assert [(type, at) for type, at, _ in head] == [(18, 2500), (9, 2500), (8, 2500), (9, 2500), (8, 2500)]
    assert [payload for _, _, payload in head[1:]] == [SETUP, SOUND_SETUP, KEY, SOUND]
    assert cutter.end() is None


@pytest.mark.parametrize("limits", [PieceLimits(), PieceLimits(bytes=3000), PieceLimits(longest_ms=700)])
def test_what_goes_in_comes_out_once_and_in_order(limits: PieceLimits) -> None:
    cutter, said = PieceCutter(limits), published(9, key_s=7)
    pieces = [*cut(cutter, said), cutter.end()]
    out = [tag for piece in pieces if piece for tag in tags_in(piece.data) if tag[2] not in (SETUP, SOUND_SETUP)]
    assert out == said[2:]
    assert len(pieces) > 2
    ends = [piece.wall_ms + piece.duration_ms for piece in pieces if piece]
    assert ends[:-1] == [piece.wall_ms for piece in pieces[1:] if piece]


def test_sound_alone_is_cut_as_well() -> None:
    cutter = PieceCutter()
    said = [(AUDIO, 0, SOUND_SETUP)] + [(AUDIO, at, SOUND) for at in range(0, 4000, 20)]
    pieces = cut(cutter, said)
    assert [piece.duration_ms for piece in pieces] == [1500, 1500]
    assert pieces[0].data[4] == 4  # sound, and no picture


def test_other_parameters_begin_an_epoch_whose_time_goes_on() -> None:
    cutter = PieceCutter()
    other = SETUP.replace(b"one", b"two")
    later = [(type, at, other if payload == SETUP else payload) for type, at, payload in published(3, start=3000)]
    pieces = [*cut(cutter, published(3)), *cut(cutter, later, WALL + 3000), cutter.end()]
    told = [(p.epoch, p.wall_ms - WALL, tags_in(p.data)[0][2]) for p in pieces if p]
    assert told == [(0, 0, SETUP), (0, 2000, SETUP), (1, 3000, other), (1, 5000, other)]


def test_the_same_parameters_again_change_nothing() -> None:
    cutter = PieceCutter()
    pieces = [*cut(cutter, published(2)), *cut(cutter, published(2, start=2000), WALL + 2000), cutter.end()]
    assert [p.epoch for p in pieces if p] == [0, 0]


@pytest.mark.parametrize(
    ("said", "epochs"),
    [
        ([(0, 0), (1000, 1000), (2000, 2000)], [0, 0, 0]),
        # sent faster than it happened, and late for a moment
        ([(0, 0), (9000, 100), (18_000, 200)], [0, 0, 0]),
        ([(0, 0), (1000, 9000), (9500, 9600), (10_000, 10_000), (21_000, 21_000)], [0, 0, 0, 0, 0]),
        # a step back, and one ahead
        ([(60_000, 0), (100, 40)], [0, 1]),
        ([(0, 0), (20_000, 40)], [0, 1]),
        ([(0, 0), (20_000, 15_000)], [0, 0]),
        # the encoder's clock stood still for nine seconds
        ([(0, 0), *((ms, ms + 9000) for ms in range(100, 12_000, 500))], [0] * 22 + [1, 1, 1]),
        # 49 days
        ([(2**32 - 20, 0), (20, 40)], [0, 0]),
    ],
)
def test_timestamps_and_the_wall_clock_are_joined_anew_where_they_part(
    said: list[tuple[int, int]], epochs: list[int]
) -> None:
    clock, found = SessionClock(), []
    for timestamp, wall_ms in said:
        clock.starts_anew(clock.unwrapped(timestamp), WALL + wall_ms)
        found.append(clock.epoch)
    assert found == epochs
    last, wall_ms = said[-1]
    if epochs[-1]:
        assert abs(clock.wall_ms(clock.unwrapped(last)) - WALL - wall_ms) <= 1


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([8, 9]), st.integers(0, 2**32 - 1), st.binary(max_size=40), st.integers(0, 10**6)),
        max_size=40,
    )
)
def test_anything_that_is_sent_is_cut_within_the_limits(said: list[tuple[int, int, bytes, int]]) -> None:
    cutter = PieceCutter(PieceLimits(bytes=2000))
    for type, at, payload, wall_ms in said:
        piece = cutter.add(MessageType(type), at, payload, WALL + wall_ms)
        assert cutter.held_bytes <= 2000 + 300
        if piece:
            assert piece.duration_ms >= 0
            tags_in(piece.data)
