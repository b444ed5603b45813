"""Which chat a stream has: the one that was asked for, or that of the source's own page."""

from tldr_gateway.application.streams.errors import ChatNotLive, ChatNotRecorded
from tldr_gateway.application.streams.submission import Place, Submission
from tldr_gateway.domain.streams.source import LiveChat, SourceKind, own_chat


def choose_chat(submission: Submission) -> Place | LiveChat | None:
    """ChatNotLive for a replay beside a live source, ChatNotRecorded for a live chat beside a recording."""
    live = submission.kind is SourceKind.LIVE
    if isinstance(submission.chat, Place) and live:
        raise ChatNotLive
    if isinstance(submission.chat, LiveChat) and not live:
        raise ChatNotRecorded
    if submission.chat is not None or submission.without_chat or not live:
        return submission.chat
    return own_chat(submission.media.url) if submission.media and submission.media.url else None
