"""What a receiver did not take is sent to it again when the customer asks for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tldr_testing import eventually, refused


async def states(customer: Any, endpoint: str, *wanted: str) -> list[dict[str, Any]]:
    """The delivery log, oldest first, once its messages are in these states."""

    async def look() -> list[dict[str, Any]] | None:
        log = (await customer.log(endpoint))[::-1]
        return log if [entry["state"] for entry in log] == list(wanted) else None

    return await eventually(look)


async def test_a_delivered_message_is_sent_again_under_its_id(customer: Any) -> None:
    endpoint = await customer.listens("/again")
    message = await customer.tests(endpoint["id"])
    (before,) = await states(customer, endpoint["id"], "delivered")
    path = f"/internal/endpoints/{endpoint['id']}/messages/{message}/redeliver"
    answer = await customer.http.post(path)
    assert (answer.status_code, answer.json()) == (202, {"message_id": message})

    async def twice() -> list[Any] | None:
        got: list[Any] = customer.receiver.at("/again")
        return got if len(got) == 2 else None

    first, second = await eventually(twice)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == message
    assert first.body == second.body
    (after,) = await states(customer, endpoint["id"], "delivered")
    assert after["attempts"][0] == before["attempts"][0]


async def test_a_message_on_its_way_and_one_to_an_endpoint_that_is_paused_or_off_is_not(customer: Any) -> None:
    customer.receiver.answers["/no"] = [500]
    endpoint = await customer.listens("/no")
    path = f"/internal/endpoints/{endpoint['id']}"
    message = await customer.tests(endpoint["id"])
    refused(await customer.http.post(f"{path}/messages/{message}/redeliver"), 409, "message_pending")
    refused(await customer.http.post(f"{path}/messages/msg_none/redeliver"), 404, "message_not_found")
    await customer.http.patch(path, json={"paused": True})
    refused(await customer.http.post(f"{path}/messages/{message}/redeliver"), 409, "endpoint_paused")
    customer.receiver.answers["/off"] = [410]
    gone = await customer.listens("/off")
    message = await customer.tests(gone["id"])
    await states(customer, gone["id"], "abandoned")
    redeliver = f"/internal/endpoints/{gone['id']}/messages/{message}/redeliver"
    refused(await customer.http.post(redeliver), 409, "endpoint_switched_off")
    customer.receiver.answers["/off"] = [204]
    await customer.http.patch(f"/internal/endpoints/{gone['id']}", json={"enabled": True})
    assert (await customer.http.post(redeliver)).status_code == 202
    (entry,) = await states(customer, gone["id"], "delivered")
    assert [attempt["status"] for attempt in entry["attempts"]] == [410, 204]


async def test_nobody_sends_a_message_of_another_organization(new_customer: Callable[[], Any]) -> None:
    mine, other = await new_customer(), await new_customer()
    endpoint = await mine.listens("/nobody-elses")
    message = await mine.tests(endpoint["id"])
    path = f"/internal/endpoints/{endpoint['id']}/messages/{message}/redeliver"
    refused(await other.http.post(path), 404, "endpoint_not_found")
    since = {"since": datetime.now(UTC).isoformat()}
    recover = f"/internal/endpoints/{endpoint['id']}/recover"
    refused(await other.http.post(recover, json=since), 404, "endpoint_not_found")


async def test_all_that_was_not_taken_comes_in_its_order_and_what_was_taken_does_not(customer: Any) -> None:
    customer.receiver.answers["/broken-for-a-while"] = [204, 410]
    endpoint = await customer.listens("/broken-for-a-while")
    path = f"/internal/endpoints/{endpoint['id']}"
    sent = []
    for count in range(1, 5):
        sent.append(await customer.tests(endpoint["id"]))
        await states(customer, endpoint["id"], "delivered", *["abandoned"] * (count - 1))
    since = {"since": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
    refused(await customer.http.post(f"{path}/recover", json=since), 409, "endpoint_switched_off")
    customer.receiver.answers["/broken-for-a-while"] = [204]
    await customer.http.patch(path, json={"enabled": True})
    customer.receiver.got.clear()
    answer = await customer.http.post(f"{path}/recover", json=since)
    assert (answer.status_code, answer.json()) == (202, {"messages": 3})
    await states(customer, endpoint["id"], *["delivered"] * 4)
    came = [delivered.headers["webhook-id"] for delivered in customer.receiver.at("/broken-for-a-while")]
    assert came == sent[1:]
    assert (await customer.http.post(f"{path}/recover", json=since)).json() == {"messages": 0}
    ancient = {"since": (datetime.now(UTC) - timedelta(days=31)).isoformat()}
    refused(await customer.http.post(f"{path}/recover", json=ancient), 422, "since_too_old")
