"""Lines of IRC with message tags (IRCv3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IrcLine:
    """`nick` is whose line it is, empty for the server's own. The last of the parameters may hold spaces."""

    command: str
    parameters: tuple[str, ...] = ()
    nick: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    def parameter(self, place: int) -> str:
        """A parameter, empty where there is none."""
        return self.parameters[place] if place < len(self.parameters) else ""


def irc_line(raw: bytes) -> IrcLine | None:
    """A line, or None where it is none."""
    rest, tags, nick = raw.decode("utf-8", "replace"), {}, ""
    if rest.startswith("@"):
        written, _, rest = rest[1:].partition(" ")
        tags = {name: _unescaped(value) for name, _, value in (tag.partition("=") for tag in written.split(";"))}
    rest = rest.lstrip(" ")
    if rest.startswith(":"):
        prefix, _, rest = rest[1:].partition(" ")
        name, found, _ = prefix.partition("!")
        nick = name if found else ""
    head, _, last = rest.partition(" :") if not rest.startswith(":") else ("", "", "")
    command, *parameters = head.split(" ") if head else [""]
    if not command:
        return None
    words = [word for word in parameters if word]
    if " :" in rest:
        words.append(last)
    return IrcLine(command.upper(), tuple(words), nick, tags)


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), value)
