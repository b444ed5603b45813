"""Which chat an address means."""

import pytest

from tldr_ingest.domain.live_chat.pages import Page, page_of, twitch_login, youtube_path


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://www.twitch.tv/SomeOne", Page("twitch", "someone")),
        ("twitch.tv/someone?referrer=raid", Page("twitch", "someone")),
        ("https://m.twitch.tv/videos/123456", Page("twitch", video="123456")),
        ("https://www.twitch.tv/someone/video/v99", Page("twitch", video="99")),
        ("https://www.twitch.tv/directory/following", None),
        ("https://www.youtube.com/watch?v=abcdefghijk&t=3", Page("youtube", "abcdefghijk")),
        ("https://youtu.be/abcdefghijk", Page("youtube", "abcdefghijk")),
        ("https://youtube.com/live/abcdefghijk?feature=share", Page("youtube", "abcdefghijk")),
        ("https://www.youtube.com/@some.one/live", Page("youtube", "@some.one")),
        ("https://www.youtube.com/channel/UC123", Page("youtube", "channel/UC123")),
        ("https://www.youtube.com/watch?v=../../x", None),
        ("https://twitch.tv.evil.example/someone", None),
        ("https://[", None),
    ],
)
def test_an_address_says_whose_chat_it_is(url: str, page: Page | None) -> None:
    assert page_of(url) == page


@pytest.mark.parametrize(
    ("written", "login"),
    [("#SomeOne", "someone"), ("https://twitch.tv/a_b", "a_b"), ("a b", None), ("a\r\nJOIN #b", None), ("", None)],
)
def test_a_channel_of_twitch_is_a_login(written: str, login: str | None) -> None:
    assert twitch_login(written) == login


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("abcdefghijk", "/watch?v=abcdefghijk"),
        ("https://youtu.be/abcdefghijk", "/watch?v=abcdefghijk"),
        ("@someone", "/@someone/live"),
        ("channel/UC1", "/channel/UC1/live"),
        ("x&list=y", None),
        ("https://example.com/watch?v=abcdefghijk", None),
    ],
)
def test_a_chat_of_youtube_is_beside_a_page(written: str, path: str | None) -> None:
    assert youtube_path(written) == path
