"""What is heard of a live chat, on the clock of its platform: milliseconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """A message; strings are safe and bounded. `id` is empty where the platform names none, `user` where it does not say
    who: it is what a user's messages are taken back by, never published.
    """

    id: str
    at_ms: int
    author: str = field(repr=False)
    text: str = field(repr=False)
    emotes: tuple[str, ...] = field(default=(), repr=False)
    user: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A moderator, or who wrote it, took messages back: the one of an id, all of a user's, or all there are."""

    id: str = ""
    user: str = field(default="", repr=False)
    all: bool = False


@dataclass(frozen=True, slots=True)
class Listening:
    """From here on nothing is missing, until `Broken`."""

    since_ms: int


@dataclass(frozen=True, slots=True)
class Heard:
    """All that was written up to here has been given, or is known to be missing."""

    until_ms: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Nothing comes any more. What is missing until the next `Listening` begins where it was last heard."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Something was written that is no message (somebody subscribed), or that could not be read."""

    unreadable: bool = False


LiveChatEvent = LiveMessage | TakenBack | Listening | Heard | Broken | Uncounted
