"""Pages of the chat of a recording on Twitch, as its own player asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Some comments in order of time, in TwitchDownloader's form, each with its id. `cursor` asks on, empty at the end."""

    comments: Sequence[tuple[str, Mapping[str, Any]]]
    cursor: str
    more: bool

    @property
    def last_s(self) -> int:
        """When the last one was written, in seconds of the recording; 0 without one."""
        return max((int(comment["content_offset_seconds"]) for _, comment in self.comments), default=0)


@dataclass(frozen=True, slots=True)
class CommentsRefused:
    """Why there is no page. `video`: there is no such recording. `integrity`: a cursor is not accepted from us."""

    reason: str
    video: bool = False
    integrity: bool = False


def comment_page(document: Any) -> CommentPage | CommentsRefused:
    """An answer to one question."""
    answer = document[0] if isinstance(document, list) and document else document
    errors = _list(_mapping(answer).get("errors"))
    if errors:
        said = "; ".join(_text(_mapping(error).get("message")) for error in errors)[:200]
        return CommentsRefused(said, integrity="integrity" in said.lower())
    video = _mapping(_mapping(answer).get("data")).get("video")
    if video is None:
        return CommentsRefused("no video", video=True)
    comments = _mapping(_mapping(video).get("comments"))
    if not comments:
        return CommentsRefused("no comments", video=True)
    edges = [edge for edge in _list(comments.get("edges")) if isinstance(edge, Mapping)]
    cursor = _text(edges[-1].get("cursor")) if edges else ""
    more = _mapping(comments.get("pageInfo")).get("hasNextPage") is True
    return CommentPage([_comment(_mapping(edge.get("node"))) for edge in edges], cursor, more)


def _comment(node: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    fragments = [one for one in _list(_mapping(node.get("message")).get("fragments")) if isinstance(one, Mapping)]
    parts: list[dict[str, Any]] = []
    for fragment in fragments:
        part: dict[str, Any] = {"text": _text(fragment.get("text"))}
        if emote := _text(_mapping(fragment.get("emote")).get("emoteID")):
            part["emoticon"] = {"emoticon_id": emote}
        parts.append(part)
    offset = node.get("contentOffsetSeconds")
    return _text(node.get("id")), {
        "content_offset_seconds": offset if isinstance(offset, int | float) and abs(offset) < 1e9 else 0,
        "commenter": {"display_name": _text(_mapping(node.get("commenter")).get("displayName"))},
        "message": {"body": "".join(part["text"] for part in parts), "fragments": parts},
    }


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
