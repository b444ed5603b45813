"""Logs hold no secrets."""

from tldr_telemetry.logs import strike_out_secrets


def test_what_is_named_as_a_secret_is_struck_out() -> None:
    event = {"event": "connected", "api_key": "tldr_1", "Authorization": "Bearer x", "stream": "str_1"}
    assert strike_out_secrets(None, "info", event) == {
        "event": "connected",
        "api_key": "[struck out]",
        "Authorization": "[struck out]",
        "stream": "str_1",
    }
