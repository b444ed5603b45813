"""The readers of live chats there are."""

import ssl
from collections.abc import Callable, Mapping

from tldr_ingest.adapters.live_chat.twitch_connection import TwitchServer
from tldr_ingest.adapters.live_chat.twitch_irc import TwitchIrcReader
from tldr_ingest.adapters.live_chat.youtube_api import YoutubeApi
from tldr_ingest.adapters.live_chat.youtube_innertube import YoutubeChatReader
from tldr_ingest.application.live_chat.ports import LiveChatReader
from tldr_ingest.application.stream_record import LiveChatKind
from tldr_outbound import AddressPolicy, guarded_async_client


def live_chat_readers(
    twitch: str, youtube: str, policy: AddressPolicy, now_ms: Callable[[], int]
) -> Mapping[LiveChatKind, LiveChatReader]:
    """One of each platform, for the whole process. `twitch`, `youtube`: where they are."""
    tls = ssl.create_default_context()
    api = YoutubeApi(youtube.rstrip("/"), guarded_async_client(policy, tls=tls))
    return {
        LiveChatKind.TWITCH: TwitchIrcReader(TwitchServer(twitch, policy, tls), now_ms),
        LiveChatKind.YOUTUBE: YoutubeChatReader(api, now_ms),
    }
