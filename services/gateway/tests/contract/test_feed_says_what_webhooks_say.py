"""A highlight in a feed has the data of the webhook of the same name, as the API's document describes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from tldr_gateway.entrypoints.highlight_news import highlight_news
from tldr_testing import received

STREAM = "str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"
DOCUMENT = yaml.safe_load((Path(__file__).parents[4] / "docs/api/openapi.yaml").read_text(encoding="utf-8"))


def validator(webhook: str) -> Any:
    """Of the messages of a webhook."""
    said = DOCUMENT["webhooks"][webhook]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**said, "components": DOCUMENT["components"]})


@pytest.mark.parametrize("fact", ["detected", "revised", "ready", "failed", "withdrawn"])
def test_a_highlight_is_told_as_its_webhook_tells_it(sample: Callable[[str, str], Any], fact: str) -> None:
    news = highlight_news(received(sample("tldr.highlights.v1", fact), "org_1", subject=STREAM))
    assert news
    assert news.kind == f"highlight.{fact}"
    message = {"type": news.kind, "timestamp": news.at.isoformat(), "data": news.data}
    validator(news.kind).validate(message)
    with pytest.raises(jsonschema_rs.ValidationError):
        validator(news.kind).validate({**message, "data": {**news.data, "id": None}})


def test_highlights_of_a_rescore_are_no_news(sample: Callable[[str, str], Any]) -> None:
    event = sample("tldr.highlights.v1", "ready")
    event.ready.highlight.rescore = True
    assert highlight_news(received(event, "org_1", subject=STREAM)) is None


def test_why_a_clip_failed_shows_no_secret(sample: Callable[[str, str], Any]) -> None:
    event = sample("tldr.highlights.v1", "failed")
    event.failed.failure.reason = "GET https://ann:secret@example.com/a?token=hush failed."
    news = highlight_news(received(event, "org_1", subject=STREAM))
    assert news
    assert "example.com" in news.data["failure"]["reason"]
    assert "secret" not in str(news.data)
    assert "hush" not in str(news.data)
