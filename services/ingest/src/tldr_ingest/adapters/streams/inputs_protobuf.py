"""Pushed chat out of messages of the published language."""

from collections.abc import Sequence

from tldr.inputs.v1 import inputs_pb2
from tldr_ingest.application.live_chat.ports import PushedMessage
from tldr_ingest.domain.chat.message import emotes_of, name_of, text_of

_LONGEST_ID = 200


def pushed_messages(pushed: inputs_pb2.ChatPushed) -> tuple[Sequence[PushedMessage], Sequence[str]]:
    """The messages, and the ids of those that are taken back. One without an id cannot be told from another: left out."""
    said = [one for one in pushed.messages if one.id]
    messages = [_message(one) for one in said if not one.deleted]
    return messages, [name_of(one.id[:_LONGEST_ID]) for one in said if one.deleted]


def _message(one: inputs_pb2.PushedMessage) -> PushedMessage:
    return PushedMessage(
        id=name_of(one.id[:_LONGEST_ID]),
        wall_ms=one.wall_ms if one.WhichOneof("at") == "wall_ms" else None,
        stream_ms=one.stream_ms if one.WhichOneof("at") == "stream_ms" else None,
        author=name_of(one.author),
        text=text_of(one.text),
        emotes=emotes_of(list(one.emotes)),
    )
