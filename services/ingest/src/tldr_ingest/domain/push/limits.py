"""How much a publisher may send, and what happens to one that sends more or something else."""

from dataclasses import dataclass


class ProtocolBroken(Exception):
    """A peer does not speak RTMP, or beyond our limits; its connection is closed. The text holds nothing that it sent."""


@dataclass(frozen=True, slots=True)
class RtmpLimits:
    """Limits of one connection; each is finite, reaching one ends the connection.

    `message_bytes`: of one message. `waiting_bytes`: of all messages that have begun and not ended. `command_bytes`: of a
    command or of metadata, `command_values`: how many values it may hold. `setup_bytes` and `setup_s`: until a publisher is
    let in. `silence_s`: without a whole message after that.
    """

    message_bytes: int = 8 << 20
    waiting_bytes: int = 16 << 20
    chunk_bytes: int = 1 << 20
    chunk_streams: int = 64
    command_bytes: int = 64 << 10
    command_values: int = 1024
    command_depth: int = 8
    setup_bytes: int = 64 << 10
    setup_s: float = 10.0
    silence_s: float = 10.0
