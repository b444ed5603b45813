"""A customer changes an endpoint: what waits follows, nobody else's change is undone, and no secret is shown."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.webhooks import Highlight
from tldr_secrets import Sealer
from tldr_testing.hosting import SEALING_KEY
from tldr_web import Problem
from tldr_webhook_dispatcher.adapters.endpoints.secrets_sealed import SealedSecrets
from tldr_webhook_dispatcher.application.endpoints.change_endpoint import ChangeEndpoint, EndpointChanges, tag_of
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint, Headers
from tldr_webhook_dispatcher.domain.messages.content import detected, withdrawn

SECRETS = SealedSecrets(Sealer(SEALING_KEY))


class Desk:
    """One endpoint over ports in memory, and changes to it."""

    def __init__(self, memory: Any, **as_it_is: Any) -> None:
        self.memory = memory
        self.change = ChangeEndpoint(memory.endpoints, memory.outgoing, SECRETS)
        self.endpoint: Endpoint = memory.endpoint(**as_it_is)
        memory.endpoints.rows[self.endpoint.id] = self.endpoint

    async def __call__(self, *, if_match: str | None = None, **changes: Any) -> Endpoint:
        changed = await self.change(self.endpoint.id, EndpointChanges(**changes), if_match=if_match)
        assert self.memory.endpoints.rows[self.endpoint.id] == changed
        return changed


async def test_what_is_not_named_stays(memory: Any) -> None:
    change = Desk(memory, types=("stream.failed",), description="ours")
    assert await change() == change.endpoint
    assert await change(description="") == replace(change.endpoint, description="")
    assert memory.outgoing.asked == []


async def test_a_new_address_is_sealed_and_no_failure_of_it_is_known(memory: Any) -> None:
    change = Desk(memory, failing_since=memory.clock.now())
    changed = await change(url="https://example.com/in?token=hush_4711")
    assert (changed.address.shown, changed.failing_since) == ("https://example.com/in?…", None)
    assert SECRETS.open(changed.address.sealed) == "https://example.com/in?token=hush_4711"


async def test_what_was_switched_off_goes_on_and_what_waits_is_asked_for(memory: Any) -> None:
    change = Desk(memory, enabled=False, failing_since=memory.clock.now())
    assert await change(switch_on=True) == replace(change.endpoint, enabled=True, failing_since=None)
    assert len(memory.outgoing.asked) == 1
    await change(paused=True)
    assert len(memory.outgoing.asked) == 1
    await change(paused=False)
    assert len(memory.outgoing.asked) == 2


async def test_a_change_based_on_what_is_no_more_is_refused(memory: Any) -> None:
    change = Desk(memory)
    seen = tag_of(change.endpoint)
    other = tag_of(await change(paused=True, if_match=f'"other", {seen}'))
    assert other != seen
    with pytest.raises(Problem) as refused:
        await change(paused=False, if_match=seen)
    assert (refused.value.status, refused.value.code) == (412, "precondition_failed")
    assert memory.endpoints.rows[change.endpoint.id].paused
    assert tag_of(await change(paused=False, if_match=other)) == seen


async def test_a_failure_is_no_change_that_a_customer_made(memory: Any) -> None:
    endpoint: Endpoint = memory.endpoint()
    assert tag_of(replace(endpoint, failing_since=memory.clock.now())) == tag_of(endpoint)


async def test_headers_are_sealed_as_one_and_replaced_as_a_whole(memory: Any) -> None:
    change = Desk(memory)
    changed = await change(headers={"Authorization": "Bearer hush_4711", "X-Tenant": "seven"})
    assert changed.headers.names == ("authorization", "x-tenant")
    assert "hush_4711" not in repr(changed)
    assert SECRETS.open_headers(changed.headers) == {"authorization": "Bearer hush_4711", "x-tenant": "seven"}
    assert (await change(headers={})).headers == Headers()


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "inside"},
        {"content-type": "text/plain"},
        {"webhook-signature": "v1,forged"},
        {"X-Forwarded-For": "10.0.0.1"},
        {"x-ok": "line\r\nx-other: break"},
        {"x-ok": " spaced"},
        {"x-ok": ""},
        {"x-ok": "ü"},
        {"x-ok": "1", "X-OK": "2"},
        {f"x-{number}": "1" for number in range(11)},
    ],
)
async def test_headers_that_are_not_the_customers_are_refused_by_name(memory: Any, headers: dict[str, str]) -> None:
    change = Desk(memory)
    with pytest.raises(Problem) as refused:
        await change(headers=headers)
    assert (refused.value.status, refused.value.code) == (422, "header_refused")
    assert refused.value.errors[0]["field"].startswith("headers.")
    assert memory.endpoints.rows[change.endpoint.id] == change.endpoint


async def test_what_is_held_for_a_paused_endpoint_counts_as_told(memory: Any, highlight: Highlight) -> None:
    change = Desk(memory)
    await change(paused=True)
    for said in (detected(highlight), withdrawn("hl_1", stream="str_1", revision=2)):
        await memory.send(said, stream="str_1", lane=37)
    assert [message.type for message in memory.messages.rows.values()] == ["highlight.detected", "highlight.withdrawn"]
