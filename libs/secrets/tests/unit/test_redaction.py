"""Addresses are shown without their secrets, and texts do not quote them."""

import pytest

from tldr_secrets import redacted, struck


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.com/final.mp4", "https://example.com/final.mp4"),
        ("https://ann:pass%40word@example.com:8443/a/final.mp4", "https://example.com:8443/a/final.mp4"),
        ("https://token@example.com/", "https://example.com/"),
        ("https://example.com/a.mp4?X-Amz-Signature=5e5e&x=1#part", "https://example.com/a.mp4?…"),
        ("https://example.com/a.mp4?barekey", "https://example.com/a.mp4?…"),
        ("https://[2001:db8::1]:80/a", "https://[2001:db8::1]:80/a"),
        (
            "https://hooks.example.com/services/T0001/B0001/a1B2c3D4e5F6g7H8i9J0",
            "https://hooks.example.com/services/T0001/B0001/…",
        ),
        ("https://example.com/bot123456:ABCdefGhIJKlmNo/x", "https://example.com/…/x"),
        ("https://example.com/token=abc/a.m3u8", "https://example.com/…/a.m3u8"),
        ("https://example.com/0f8fad5b-d9cb-469f-a165-70867728950e.mp4", "https://example.com/….mp4"),
        ("https://example.com/2026-11-23-grand-final.mp4", "https://example.com/2026-11-23-grand-final.mp4"),
        ("http://[broken", "…"),
        ("nothing", "…"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert redacted(url) == shown


def test_a_text_loses_the_secrets_of_every_address_in_it() -> None:
    said = "GET (https://ann:secret@example.com/a?token=hush), then rtmp://example.com/live?key=quiet."
    assert struck(said) == "GET (https://example.com/a?…), then rtmp://example.com/live?…."


@pytest.mark.parametrize(
    "said",
    [
        "the server said: wrong password p@ss word for ann_1",
        "the server said: p%40ss%20word",
        "no user ann_1 here",
        "token=hush+hush is over",
        "hush hush",
        "Not found: https://ann_1:p%40ss+word@example.com/a.mp4?token=hush+hush&n=1.",
    ],
)
def test_a_secret_is_struck_in_every_form_also_away_from_its_address(said: str) -> None:
    text = struck(said, "https://ann_1:p%40ss%20word@example.com/a.mp4?token=hush+hush&n=1")
    for secret in ("ann_1", "p@ss", "p%40ss", "hush"):
        assert secret not in text


def test_what_is_no_secret_stays() -> None:
    said = "The file at https://example.com/a.mp4 is no recording (404). 1 of 3 tries."
    assert struck(said, "https://example.com/a.mp4?n=1") == said
