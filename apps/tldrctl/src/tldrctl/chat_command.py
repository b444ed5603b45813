"""`tldrctl chat`: a live chat as the service reads it, on the network of this machine."""

import asyncio
import time
from contextlib import aclosing

from tldr_ingest.adapters.live_chat.readers import live_chat_readers
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import LiveChatKind
from tldr_ingest.domain.chat.windows import ChatWindow
from tldr_ingest.domain.live_chat.coverage import LiveCoverage, MissingChat
from tldr_ingest.domain.live_chat.windows import LiveWindows
from tldr_ingest.live_chat_settings import LiveChatSettings
from tldr_outbound import AddressPolicy
from tldrctl.screen import say

_LOOK_S = 0.25


async def follow_chat(site: str, channel: str, seconds: float, *, allow_loopback: bool) -> int:
    """Print windows for so many seconds: 0 when the chat was read, 1 when it cannot be. Nobody's words are printed."""
    settings = LiveChatSettings()
    readers = live_chat_readers(
        settings.twitch_irc, settings.youtube, AddressPolicy(allow_loopback=allow_loopback), _now_ms
    )
    began = _now_ms() // 1000 * 1000
    windows = LiveWindows(
        LiveCoverage("chat_joined_late", "The chat was not read yet.", began),
        settings.window_ms,
        settings.grace_ms,
        zero_ms=began,
    )
    async with aclosing(readers[LiveChatKind(site)].follow(channel)) as heard:

        async def take() -> None:
            async for events in heard:
                windows.take(events)

        taking = asyncio.create_task(take())
        try:
            while _now_ms() < began + 1000 * seconds and not taking.done():
                await asyncio.wait({taking}, timeout=_LOOK_S)
                for one in windows.due(_now_ms()):
                    say(_line(one, windows))
            if taking.done():
                taking.result()
                say("the chat is over")
        except ReadingFailed as error:
            say(f"not read: {error.failure.reason} ({error.failure.code})")
            return 1
        finally:
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
    return 0


def _line(one: ChatWindow | MissingChat, windows: LiveWindows) -> str:
    span = f"{one.start_ms / 1000:7.0f} – {one.end_ms / 1000:.0f} s"
    if isinstance(one, MissingChat):
        return f"{span}  missing: {one.reason} ({one.code})"
    voices = len({message.author for message in one.messages})
    emotes = sum(len(message.emotes) for message in one.messages)
    behind = (_now_ms() - (windows.zero_ms or 0) - one.end_ms) / 1000
    counts = windows.counts
    return (
        f"{span}  {len(one.messages):4} messages, {voices:4} voices, {emotes:4} emotes; told {behind:.1f} s behind;"
        f" late {counts.late}, taken back {counts.taken_back}"
    )


def _now_ms() -> int:
    return int(1000 * time.time())
