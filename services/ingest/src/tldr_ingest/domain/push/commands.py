"""What publishers ask for and what they are answered; written for what OBS, FFmpeg and their likes send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tldr_ingest.domain.push.amf0 import Value, decoded, encoded
from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage, control

WINDOW_BYTES = 2_500_000
"""After so many bytes a peer says that it has them, unless the other one asks for something else."""
CHUNK_BYTES = 4096
"""Of what we send; it is said before the first long answer."""
_DYNAMIC_LIMIT = b"\x02"
_MEDIA_STREAM = 1
_APPLICATION = "live"


@dataclass(frozen=True, slots=True)
class Publish:
    """Somebody wants to publish under a name, which may hold a key; `stream` is the number that answers go to."""

    name: str = field(repr=False)
    stream: int


@dataclass(frozen=True, slots=True)
class Unpublish:
    """The publisher ends the stream."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """The connection is of no use to us: answer, then close it."""


Wish = Publish | Unpublish | Refuse


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back at once, and what the command means for us."""

    messages: Sequence[RtmpMessage] = ()
    wish: Wish | None = None


def command_of(message: RtmpMessage, limits: RtmpLimits) -> list[Value]:
    """The values of a command; one in AMF3's envelope holds AMF0 behind a byte."""
    payload = message.payload
    if message.type == MessageType.COMMAND_AMF3 and payload[:1] == b"\x00":
        payload = payload[1:]
    values = decoded(payload, limits)
    if len(values) < 2 or not isinstance(values[0], str) or not isinstance(values[1], float):
        raise ProtocolBroken("a command without a name or a number")
    return values


def answer_to(values: list[Value], stream: int) -> Answer:  # noqa: PLR0911 - one for each command
    """The answer to a command that came on a message stream."""
    number = values[1]
    match values[0]:
        case "connect":
            return _connect(values)
        case "createStream":
            return Answer([command("_result", number, None, _MEDIA_STREAM)])
        case "releaseStream" | "_checkbw":
            return Answer([command("_result", number, None, None)])
        case "FCPublish":
            noted = command("onFCPublish", 0, None, _status("status", "NetStream.Publish.Start", "Go ahead."))
            return Answer([command("_result", number, None, None), noted])
        case "publish":
            name = values[3] if len(values) > 3 else None
            return Answer(wish=Publish(name if isinstance(name, str) else "", stream))
        case "FCUnpublish":
            noted = command("onFCUnpublish", 0, None, _status("status", "NetStream.Unpublish.Success", "Ended."))
            return Answer([command("_result", number, None, None), noted], Unpublish())
        case "deleteStream" | "closeStream":
            return Answer(wish=Unpublish())
        case "play" | "play2":
            return Answer([status(stream, "error", "NetStream.Play.Failed", "Nothing is played here.")], Refuse())
        case _ if number:
            return Answer(
                [command("_error", number, None, _status("error", "NetConnection.Call.Failed", "Not known."))]
            )
        case _:
            return Answer()


def command(*values: Value, stream: int = 0) -> RtmpMessage:
    """A command of ours."""
    return RtmpMessage(MessageType.COMMAND, 0, stream, encoded(*values))


def status(stream: int, level: str, code: str, sentence: str) -> RtmpMessage:
    """What is said of a message stream."""
    return command("onStatus", 0, None, _status(level, code, sentence), stream=stream)


def _status(level: str, code: str, sentence: str) -> Value:
    return {"level": level, "code": code, "description": sentence}


def _connect(values: list[Value]) -> Answer:
    about = values[2] if len(values) > 2 and isinstance(values[2], dict) else {}
    application = about.get("app")
    if not isinstance(application, str) or application.partition("?")[0].strip("/") != _APPLICATION:
        said = _status("error", "NetConnection.Connect.InvalidApp", "Publish to /live with the stream's key.")
        return Answer([command("_error", values[1], None, said)], Refuse())
    server: dict[str, Value] = {"fmsVer": "FMS/3,0,1,123", "capabilities": 31}
    said = {**_connected(), **_codecs(about.get("fourCcList"))}
    return Answer(
        [
            control(MessageType.WINDOW_SIZE, WINDOW_BYTES),
            control(MessageType.PEER_BANDWIDTH, WINDOW_BYTES, _DYNAMIC_LIMIT),
            control(MessageType.SET_CHUNK_SIZE, CHUNK_BYTES),
            command("_result", values[1], server, said),
        ]
    )


def _connected() -> dict[str, Value]:
    return {
        "level": "status",
        "code": "NetConnection.Connect.Success",
        "description": "Connected.",
        "objectEncoding": 0,
    }


def _codecs(asked: Value) -> dict[str, Value]:
    """Who asks which codecs are taken by their four letters is told so."""
    return {"fourCcList": ["avc1", "hvc1", "av01", "vp09", "mp4a", "Opus"]} if asked is not None else {}
