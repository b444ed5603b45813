"""What is sent has the types, and their data the shapes, that the registry names: the API's document is made from it."""

from dataclasses import replace

from tldr_contracts.webhooks import WEBHOOKS, Failure, Highlight
from tldr_webhook_dispatcher.domain.messages import content

FAILURE = Failure(code="cut", reason="It could not be cut.")


def test_each_type_of_the_registry_is_sent_with_its_data(highlight: Highlight) -> None:
    said = [
        content.detected(highlight),
        content.revised(highlight),
        content.ready(highlight),
        content.failed(highlight, FAILURE),
        content.withdrawn("hl_1", stream="str_1", revision=3),
        content.stream_completed("str_1", duration_ms=1, highlights=2),
        content.stream_failed("str_1", FAILURE),
        content.stream_cancelled("str_1"),
        content.stream_live("str_1", wall_zero_ms=0, wall_uncertainty_ms=0),
        content.stream_interrupted("str_1", at_ms=1, failure=FAILURE),
        content.stream_resumed("str_1", at_ms=2),
        content.stream_ended("str_1", duration_ms=3, failure=None),
        content.rescore_completed("str_1", "run_1", duration_ms=1, ready=2, failed=1),
        content.rescore_failed("str_1", "run_1", FAILURE),
        content.test(),
    ]
    assert [(one.type, type(one.data)) for one in said] == [(webhook.name, webhook.data) for webhook in WEBHOOKS]


def test_a_highlight_has_the_way_to_its_clip_once_it_has_one(highlight: Highlight) -> None:
    assert content.ready(highlight).data == replace(highlight, clip_path="/v1/highlights/hl_1/clip")
    assert content.detected(highlight).data == highlight
    assert highlight.clip_path is None
