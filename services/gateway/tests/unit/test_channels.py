"""Addresses of Twitch and YouTube name a channel, others name none."""

import pytest

from tldr_gateway.domain.streams.source import channel_at


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
