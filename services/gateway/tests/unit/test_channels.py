"""Addresses of Twitch and YouTube name a channel, others name none."""

import pytest

from tldr_gateway.domain.streams.source import LiveChat, LiveChatKind, channel_at, own_chat


@pytest.mark.parametrize(
    ("url", "channel"),
    [
        ("https://twitch.tv/Some_Name", "twitch/some_name"),
        ("http://www.twitch.tv/some_name/videos?filter=all", "twitch/some_name"),
        ("https://www.youtube.com/@Some.Name-1", "youtube/some.name-1"),
        ("https://youtube.com/channel/UCabc-_1/streams", "youtube/ucabc-_1"),
        ("https://youtube.com/c/SomeName", "youtube/somename"),
    ],
)
def test_an_address_of_a_channel_names_it(url: str, channel: str) -> None:
    assert channel_at(url) == channel


@pytest.mark.parametrize(
    "url",
    [
        None,
        "https://www.twitch.tv/videos/123",
        "https://www.twitch.tv/directory",
        "https://www.twitch.tv/",
        "https://www.twitch.tv/some%20name",
        "https://www.youtube.com/watch?v=abc",
        "https://www.youtube.com/@",
        "https://www.youtube.com/@some%00name",
        "https://twitch.tv.example.com/some_name",
        "https://example.com/twitch.tv/some_name",
        "https://[::1/some_name",
    ],
)
def test_any_other_address_names_none(url: str | None) -> None:
    assert channel_at(url) == ""


@pytest.mark.parametrize(
    ("url", "chat"),
    [
        ("https://twitch.tv/Some_Name", LiveChat(LiveChatKind.TWITCH, "some_name")),
        ("https://m.TWITCH.tv./some_name", LiveChat(LiveChatKind.TWITCH, "some_name")),
        ("https://www.twitch.tv/videos/123", LiveChat(LiveChatKind.TWITCH)),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1", LiveChat(LiveChatKind.YOUTUBE, "dQw4w9WgXcQ")),
        ("https://youtu.be/dQw4w9WgXcQ", LiveChat(LiveChatKind.YOUTUBE, "dQw4w9WgXcQ")),
        ("https://www.youtube.com/@somebody/live", LiveChat(LiveChatKind.YOUTUBE)),
        ("https://kick.com/somebody", None),
        ("https://nottwitch.tv/somebody", None),
        ("https://example.com/twitch.tv/some_name", None),
        ("https://[::1/some_name", None),
    ],
)
def test_a_page_has_the_chat_of_its_site(url: str, chat: LiveChat | None) -> None:
    assert own_chat(url) == chat
