"""Commands are understood within limits, and answered as encoders expect."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_ingest.domain.push.amf0 import decoded, encoded
from tldr_ingest.domain.push.commands import Publish, Refuse, Unpublish, answer_to, command_of
from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage
from tldr_testing.rtmp_raw import amf

LIMITS = RtmpLimits(command_bytes=4096, command_values=50, command_depth=8)


def nested(depth: int) -> Any:
    return {"a": nested(depth - 1)} if depth else None


def test_values_are_read_as_they_are_written() -> None:
    values: list[Any] = ["connect", 1.0, {"app": "live", "on": True, "list": ["a", 2.0], "none": None}, None, False]
    assert decoded(encoded(*values), LIMITS) == values
    assert decoded(amf("connect", 1, {"app": "live"}), LIMITS) == ["connect", 1.0, {"app": "live"}]


def test_all_forms_that_encoders_use_are_read() -> None:
    array = b"\x08\x00\x00\x00\xff" + b"\x00\x01w" + amf(640) + b"\x00\x00\x09"
    date = b"\x0b" + bytes(8) + b"\x00\x00"
    long = b"\x0c\x00\x00\x00\x02hi"
    typed = b"\x10\x00\x01t" + b"\x00\x00\x09"
    assert decoded(array + date + long + typed + b"\x06\x0d", LIMITS) == [{"w": 640.0}, 0.0, "hi", {}, None, None]


@pytest.mark.parametrize(
    "data",
    [
        amf(nested(9)),
        b"\x05" * 51,
        b"\x0a\xff\xff\xff\xff" + b"\x05" * 60,
        b"\x05" * 5000,
        b"\x02\x00\x05ab",
        b"\x03\x00\x01a",
        b"\x11\x00",
        b"\x07\x00\x00",
    ],
)
def test_what_is_too_deep_too_much_or_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolBroken):
        decoded(data, LIMITS)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_values_or_refused(data: bytes) -> None:
    with suppress(ProtocolBroken):
        assert len(decoded(data, LIMITS)) <= LIMITS.command_values


def answered(*values: Any, stream: int = 0) -> tuple[list[list[Any]], Any]:
    """What is said, and what is wished, in answer to a command."""
    answer = answer_to(decoded(amf(*values), LIMITS), stream)
    said = [decoded(one.payload, LIMITS) for one in answer.messages if one.type == MessageType.COMMAND]
    return said, answer.wish


@pytest.mark.parametrize("app", ["live", "live/", "live?token=1"])
def test_who_connects_to_live_is_welcome(app: str) -> None:
    said, wish = answered("connect", 1, {"app": app, "tcUrl": "rtmp://x/live"})
    assert (said[0][:2], said[0][3]["code"], wish) == (["_result", 1.0], "NetConnection.Connect.Success", None)


@pytest.mark.parametrize("about", [{"app": "vod"}, {"app": 3}, {}, None, "live"])
def test_who_connects_elsewhere_is_sent_away(about: Any) -> None:
    said, wish = answered("connect", 1, about)
    assert (said[0][0], said[0][3]["code"]) == ("_error", "NetConnection.Connect.InvalidApp")
    assert isinstance(wish, Refuse)


def test_who_asks_which_codecs_are_taken_is_told() -> None:
    said, _ = answered("connect", 1, {"app": "live", "fourCcList": {}})
    assert {"hvc1", "av01"} <= set(said[0][3]["fourCcList"])


@pytest.mark.parametrize(
    ("values", "first", "wish"),
    [
        (("createStream", 4, None), ["_result", 4.0, None, 1.0], None),
        (("releaseStream", 2, None, "k"), ["_result", 2.0, None, None], None),
        (("_checkbw", 5, None), ["_result", 5.0, None, None], None),
        (("FCPublish", 3, None, "k"), ["_result", 3.0, None, None], None),
        (("FCUnpublish", 6, None, "k"), ["_result", 6.0, None, None], Unpublish()),
        (("deleteStream", 7, None, 1), None, Unpublish()),
        (("publish", 5, None, "k", "live"), None, Publish("k", 1)),
        (("publish", 5, None), None, Publish("", 1)),
        (("getStreamLength", 8, None), ["_error", 8.0, None], None),
        (("onStatus", 0, None), None, None),
    ],
)
def test_each_command_has_its_answer(values: Any, first: Any, wish: Any) -> None:
    said, wished = answered(*values, stream=1)
    assert wished == wish
    assert (said[0][: len(first)] if first else said) == (first or [])


def test_nothing_is_played() -> None:
    said, wish = answered("play", 4, None, "k", stream=1)
    assert said[0][3]["code"] == "NetStream.Play.Failed"
    assert isinstance(wish, Refuse)


def test_a_command_in_the_envelope_of_amf3_is_the_same_command() -> None:
    payload = amf("publish", 5, None, "k")
    plain = RtmpMessage(MessageType.COMMAND, 0, 1, payload)
    wrapped = RtmpMessage(MessageType.COMMAND_AMF3, 0, 1, b"\x00" + payload)
    assert command_of(wrapped, LIMITS) == command_of(plain, LIMITS)


@pytest.mark.parametrize("payload", [b"", amf("connect"), amf(1, 2), amf("connect", "1")])
def test_a_command_without_name_or_number_is_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolBroken):
        command_of(RtmpMessage(MessageType.COMMAND, 0, 0, payload), LIMITS)


def test_a_key_is_not_shown_where_a_wish_is_printed() -> None:
    assert "secret" not in repr(Publish("secret", 1))
