"""A chat message as its service sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote.

    at_ms: stream time, >= 0. author: empty where unknown. emotes: names of the emotes in the text, where the platform
    says so.
    """

    at_ms: int
    author: str = ""
    text: str = ""
    emotes: tuple[str, ...] = ()
