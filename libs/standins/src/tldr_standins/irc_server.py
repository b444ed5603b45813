"""Twitch's chat as a server on this machine: its greeting, tags, limits and habits, each fault a switch."""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any

_HOST = "tmi.twitch.tv"
_ESCAPES = str.maketrans({";": r"\:", " ": r"\s", "\\": r"\\", "\r": r"\r", "\n": r"\n"})


@dataclass(eq=False)
class IrcClient:
    """One connection. `frozen`: it is neither read nor written to any more, and not closed."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    nick: str = ""
    capabilities: set[str] = field(default_factory=set)
    channels: set[str] = field(default_factory=set)
    frozen: bool = False
    pinged_at: float | None = None

    def send(self, *lines: str) -> None:
        """Send lines, unless it is frozen or gone."""
        if not self.frozen and not self.writer.is_closing():
            self.writer.write("".join(f"{line}\r\n" for line in lines).encode())

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


@dataclass
class IrcServer:
    """Keeps no history. Switches may be thrown at any time; `say` reaches whoever has joined.

    `missing`: channels that do not exist, answered with a notice; `unanswered`: answered with nothing. `deaf`: connections
    are taken and never greeted. `closed`: connections are closed at once. `join_limit`: joins in 10 s that are answered.
    `skew_ms`: how far the server's clock is ahead.
    """

    missing: set[str] = field(default_factory=set)
    unanswered: set[str] = field(default_factory=set)
    deaf: bool = False
    closed: bool = False
    join_limit: int = 20
    ping_answer_s: float = 10.0
    skew_ms: int = 0
    clients: list[IrcClient] = field(default_factory=list)
    connections: int = 0
    pings: int = 0
    joins: list[float] = field(default_factory=list)
    port: int = 0
    _ids: Iterator[int] = field(default_factory=itertools.count)
    _serving: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Its address, as the setting wants it."""
        return f"irc://127.0.0.1:{self.port}"

    def joined(self, channel: str) -> list[IrcClient]:
        """Who is in a channel."""
        return [client for client in self.clients if channel.lower() in client.channels]

    def say(
        self,
        channel: str,
        text: str,
        author: str = "viewer",
        *,
        at_ms: int | None = None,
        id: str = "",
        emotes: str = "",
        action: bool = False,
        to: IrcClient | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Somebody writes, at a time of the server's clock (now without one); the message's id."""
        id = id or f"m-{next(self._ids)}"
        said = {
            "badges": "",
            "display-name": author,
            "emotes": emotes,
            "id": id,
            "tmi-sent-ts": str(self.now_ms() if at_ms is None else at_ms),
            "user-id": str(abs(hash(author.lower())) % 10**8),
            **(tags or {}),
        }
        body = f"\x01ACTION {text}\x01" if action else text
        nick = "".join(filter(str.isalnum, author.lower())) or "viewer"
        line = f":{nick}!{nick}@{nick}.{_HOST} PRIVMSG #{channel.lower()} :{body}"
        for client in [to] if to else self.joined(channel):
            self._send(client, line, said)
        return id

    def delete(self, channel: str, id: str) -> None:
        """A moderator deletes a message."""
        self._tell(channel, f":{_HOST} CLEARMSG #{channel} :deleted", {"login": "x", "target-msg-id": id})

    def clear(self, channel: str, author: str = "") -> None:
        """A moderator bans an author, or clears the channel."""
        tags = {"target-user-id": str(abs(hash(author.lower())) % 10**8)} if author else {"room-id": "1"}
        self._tell(channel, f":{_HOST} CLEARCHAT #{channel}" + (f" :{author.lower()}" if author else ""), tags)

    def notice(self, channel: str, kind: str, text: str = "") -> None:
        """Somebody subscribed, raids or announces: `sub`, `raid`, `announcement`."""
        self._tell(channel, f":{_HOST} USERNOTICE #{channel}" + (f" :{text}" if text else ""), {"msg-id": kind})

    def reconnect(self) -> None:
        """Tell whoever is connected to come again; the connections stay open until `drop`."""
        for client in self.clients:
            client.send(f":{_HOST} RECONNECT")

    def drop(self, clients: Iterable[IrcClient] | None = None) -> None:
        """Close connections, all of them without a choice."""
        for client in list(self.clients if clients is None else clients):
            client.close()

    def freeze(self) -> None:
        """Nothing more comes from the connections there are, and they stay open."""
        for client in self.clients:
            client.frozen = True

    def ping(self) -> None:
        """Ask whoever is connected; one that does not answer in time is closed."""
        for client in self.clients:
            client.send(f"PING :{_HOST}")
            client.pinged_at = monotonic()
            asyncio.get_running_loop().call_later(self.ping_answer_s, self._unanswered, client)

    def now_ms(self) -> int:
        """The server's clock."""
        return int(1000 * time()) + self.skew_ms

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection, to its end."""
        self.connections += 1
        self._serve_to_the_end(asyncio.current_task())
        if self.closed:
            writer.close()
            return
        client = IrcClient(reader, writer)
        self.clients.append(client)
        try:
            while not self.deaf and (raw := await reader.readline()):
                if not client.frozen:
                    self._obey(client, raw.decode().rstrip("\r\n"))
            if self.deaf:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.clients.remove(client)
            client.close()

    async def end(self) -> None:
        """Hang up on everybody, and wait until they are gone."""
        self.drop()
        if self._serving:
            await asyncio.wait(self._serving, timeout=2)

    def _serve_to_the_end(self, task: asyncio.Task[Any] | None) -> None:
        if task is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)

    def _obey(self, client: IrcClient, line: str) -> None:
        command, _, rest = line.partition(" ")
        match command.upper():
            case "CAP":
                wanted = rest.partition(":")[2]
                client.capabilities |= set(wanted.split())
                client.send(f":{_HOST} CAP * ACK :{wanted}")
            case "NICK":
                client.nick = rest
                words = ("001 {} :Welcome, GLHF!", "002 {} :Your host", "003 {} :new", "004 {} :-", "376 {} :>")
                client.send(*(f":{_HOST} {word.format(rest)}" for word in words))
            case "JOIN":
                self._join(client, rest.lstrip("#").lower())
            case "PING":
                self.pings += 1
                client.send(f":{_HOST} PONG {_HOST} {rest}")
            case "PONG":
                client.pinged_at = None
            case "PRIVMSG":
                client.close()  # those who have no name may not write

    def _join(self, client: IrcClient, channel: str) -> None:
        now = monotonic()
        self.joins = [at for at in self.joins if now - at < 10] + [now]
        if len(self.joins) > self.join_limit or channel in self.unanswered:
            return
        if channel in self.missing:
            text = "This channel does not exist or has been suspended."
            self._send(client, f":{_HOST} NOTICE #{channel} :{text}", {"msg-id": "msg_channel_suspended"})
            return
        mask = f":{client.nick}!{client.nick}@{client.nick}.{_HOST}"
        client.send(f"{mask} JOIN #{channel}", f":{client.nick}.{_HOST} 353 {client.nick} = #{channel} :{client.nick}")
        client.send(f":{client.nick}.{_HOST} 366 {client.nick} #{channel} :End of /NAMES list")
        client.channels.add(channel)
        self._send(client, f":{_HOST} ROOMSTATE #{channel}", {"room-id": "1", "slow": "0"})

    def _tell(self, channel: str, line: str, tags: dict[str, str]) -> None:
        for client in self.joined(channel):
            self._send(client, line, {**tags, "tmi-sent-ts": str(self.now_ms())})

    def _send(self, client: IrcClient, line: str, tags: dict[str, str]) -> None:
        wanted = "twitch.tv/commands" in client.capabilities or " PRIVMSG " in line
        if not wanted:
            return
        written = ";".join(f"{name}={value.translate(_ESCAPES)}" for name, value in tags.items())
        client.send(f"@{written} {line}" if "twitch.tv/tags" in client.capabilities else line)

    def _unanswered(self, client: IrcClient) -> None:
        if client.pinged_at is not None:
            client.close()


@asynccontextmanager
async def irc_server(tls: ssl.SSLContext | None = None, port: int = 0, **switches: int) -> AsyncIterator[IrcServer]:
    """A server that runs on this loop."""
    made = IrcServer(**switches)  # type: ignore[arg-type]
    serving = await asyncio.start_server(made.serve, "127.0.0.1", port, ssl=tls, limit=1 << 16)
    made.port = serving.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        serving.close()
        await made.end()
