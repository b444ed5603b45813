"""Webhooks as a customer's server sees them: signed, tried again, given up, and held up by nobody else's trouble."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from standardwebhooks import Webhook

from tldr_contracts.ids import new_id
from tldr_contracts.topics import DELIVERIES
from tldr_testing import eventually
from tldr_testing.contents import everything_in


async def arrived(customer: Any, path: str, count: int = 1) -> list[Any]:
    """What came to a path, once it is so much."""

    async def look() -> list[Any] | None:
        got: list[Any] = customer.receiver.at(path)
        return got if len(got) >= count else None

    return await eventually(look)


async def until(customer: Any, endpoint: str, state: str) -> dict[str, Any]:
    """The latest message to an endpoint, once it is in this state."""

    async def look() -> dict[str, Any] | None:
        log = await customer.log(endpoint)
        return log[0] if log and log[0]["state"] == state else None

    return await eventually(look)


async def tried(customer: Any, endpoint: str, count: int) -> list[dict[str, Any]]:
    """The attempts at the latest message to an endpoint, once there are so many."""

    async def look() -> list[dict[str, Any]] | None:
        attempts: list[dict[str, Any]] = (await customer.log(endpoint))[0]["attempts"]
        return attempts if len(attempts) >= count else None

    return await eventually(look)


async def an_hour_passes(customer: Any) -> None:
    """For the jobs in the database, whose worker is told to look again. An attempt is written down before the next one is
    asked for.
    """

    async def waits() -> bool:
        async with customer.dispatcher.database.tenant(customer.organization) as transaction:
            found = await transaction.execute(text("SELECT count(*) FROM jobs WHERE state = 'waiting'"))
            return bool(found.scalar_one())

    await eventually(waits)
    async with customer.dispatcher.database.tenant(customer.organization) as transaction:
        for statement in (
            "UPDATE messages SET next_attempt_at = next_attempt_at - interval '1 hour' WHERE state = 'pending'",
            "UPDATE jobs SET due_at = due_at - interval '1 hour' WHERE state = 'waiting'",
            "SELECT pg_notify('tldr_jobs', 'deliver-to-endpoint')",
        ):
            await transaction.execute(text(statement))


def verified(delivered: Any, secret: str) -> dict[str, Any]:
    said: dict[str, Any] = Webhook(secret).verify(delivered.body, delivered.headers)
    return said


async def test_a_ready_highlight_arrives_signed_over_its_exact_bytes(
    customer: Any, stream: str, sample: Callable[[str, str], Any]
) -> None:
    recorder = await customer.dispatcher.recorder(DELIVERIES)
    endpoint = await customer.listens("/ready")
    ready = sample("tldr.highlights.v1", "ready")
    ready.ready.highlight.title = "Ünïcode ☃ \u2028 title"
    await customer.dispatcher.publish(ready, organization=customer.organization, subject=stream, lane=5)
    (delivered,) = await arrived(customer, "/ready")
    said = verified(delivered, endpoint["secret"])
    assert (said["type"], said["data"]["title"]) == ("highlight.ready", "Ünïcode ☃ \u2028 title")
    assert delivered.headers["content-type"] == "application/json"
    entry = await until(customer, endpoint["id"], "delivered")
    assert (entry["message_id"], entry["attempts"][0]["status"]) == (delivered.headers["webhook-id"], 200)
    key = f"{entry['message_id']}.{endpoint['id']}"
    (fact,) = (await recorder.until(key, "delivered")).of_kind("delivered")
    assert (fact.message_id, fact.type, fact.attempts) == (entry["message_id"], "highlight.ready", 1)
    assert (await recorder.of(key)).events[0].lane == 5


@pytest.mark.parametrize("order", [("settled", "completed"), ("completed", "settled")])
async def test_a_completed_stream_is_told_of_once_when_both_have_spoken(
    customer: Any, stream: str, sample: Callable[[str, str], Any], order: tuple[str, str]
) -> None:
    path = f"/{'-'.join(order)}"
    await customer.listens(path)
    topics = {"settled": "tldr.highlights.v1", "completed": "tldr.streams.v1"}

    async def tell(fact: str) -> None:
        event = sample(topics[fact], fact)
        await customer.dispatcher.publish(event, organization=customer.organization, subject=stream)

    async def known() -> bool:
        async with customer.dispatcher.database.tenant(customer.organization) as transaction:
            return bool(list(await transaction.execute(text("SELECT 1 FROM stream_ends"))))

    await tell(order[0])
    await eventually(known)
    assert customer.receiver.at(path) == []
    for fact in (order[1], *order):
        await tell(fact)
    await customer.dispatcher.publish(
        sample("tldr.streams.v1", "failed"), organization=customer.organization, subject=stream
    )
    # The failure comes last on its topic and in its lane, so all that came before it was handled.
    got = await arrived(customer, path, 2)
    kinds = sorted(delivered.body.split(b'"')[3] for delivered in got)
    assert kinds == [b"stream.completed", b"stream.failed"]


async def test_a_failed_attempt_is_repeated_with_the_same_id_and_a_new_time(customer: Any) -> None:
    customer.receiver.answers["/shaky"] = [500, 302, 200]
    endpoint = await customer.listens("/shaky")
    message = await customer.tests(endpoint["id"])
    got = await arrived(customer, "/shaky", 3)
    assert {delivered.headers["webhook-id"] for delivered in got} == {message}
    assert len({delivered.body for delivered in got}) == 1
    for delivered in got:
        assert verified(delivered, endpoint["secret"])["type"] == "webhook.test"
    entry = await until(customer, endpoint["id"], "delivered")
    assert [attempt["status"] for attempt in entry["attempts"]] == [500, 302, 200]
    whole = (await customer.http.get(f"/internal/endpoints/{endpoint['id']}/messages/{message}")).json()
    assert whole == {**entry, "payload": json.loads(got[0].body)}
    none = await customer.http.get(f"/internal/endpoints/{endpoint['id']}/messages/msg_none")
    assert (none.status_code, none.json()["code"]) == (404, "message_not_found")


async def test_a_message_nobody_takes_is_given_up_and_said(customer: Any) -> None:
    recorder = await customer.dispatcher.recorder(DELIVERIES)
    customer.receiver.answers["/broken"] = [500]
    endpoint = await customer.listens("/broken")
    message = await customer.tests(endpoint["id"])
    await tried(customer, endpoint["id"], 3)
    await an_hour_passes(customer)
    entry = await until(customer, endpoint["id"], "abandoned")
    assert [attempt["status"] for attempt in entry["attempts"]] == [500] * 4
    assert entry["next_attempt_at"] is None
    (fact,) = (await recorder.until(f"{message}.{endpoint['id']}", "abandoned")).of_kind("abandoned")
    assert (fact.attempts, fact.failure.code) == (4, "receiver_refused")


async def test_a_receiver_that_is_gone_is_switched_off(customer: Any) -> None:
    recorder = await customer.dispatcher.recorder(DELIVERIES)
    customer.receiver.answers["/gone"] = [410]
    endpoint = await customer.listens("/gone")
    message = await customer.tests(endpoint["id"])
    (fact,) = (await recorder.until(f"{message}.{endpoint['id']}", "endpoint_disabled")).of_kind("endpoint_disabled")
    assert fact.endpoint_id == endpoint["id"]
    listed = (await customer.http.get("/internal/endpoints")).json()["endpoints"]
    assert [found["enabled"] for found in listed] == [False]
    assert (await until(customer, endpoint["id"], "abandoned"))["attempts"][0]["status"] == 410
    await customer.tests(endpoint["id"])
    assert (await until(customer, endpoint["id"], "abandoned"))["attempts"][0]["error"] == "endpoint_disabled"
    assert len(customer.receiver.at("/gone")) == 1


async def test_a_receiver_that_never_answers_times_out_and_delays_nobody(new_customer: Callable[[], Any]) -> None:
    silent, other = await new_customer(), await new_customer()
    silent.receiver.answers["/silent"] = [None]
    hanging = await silent.listens("/silent")
    for _ in range(8):
        await silent.tests(hanging["id"])
    await arrived(silent, "/silent")
    prompt = await other.listens("/prompt")
    await other.tests(prompt["id"])
    entry = await until(other, prompt["id"], "delivered")
    assert entry["attempts"][0]["status"] == 200

    async def timed_out() -> bool:
        tried = [attempt for found in await silent.log(hanging["id"]) for attempt in found["attempts"]]
        return any(attempt["error"] == "deadline_exceeded" and attempt["duration_ms"] >= 1400 for attempt in tried)

    # The prompt one was delivered before the first of the others had even timed out.
    assert not await timed_out()
    await eventually(timed_out)
    assert (await silent.http.delete(f"/internal/endpoints/{hanging['id']}")).status_code == 204


async def test_nobody_is_sent_to_an_address_of_the_inside(customer: Any) -> None:
    endpoint = await customer.listens("", url="http://10.0.0.1/hook")
    await customer.tests(endpoint["id"])

    async def refused() -> bool:
        log = await customer.log(endpoint["id"])
        return bool(log[0]["attempts"]) and log[0]["attempts"][0]["error"] == "address_refused"

    await eventually(refused)


async def test_what_is_held_for_a_paused_endpoint_goes_out_in_order_to_where_it_leads_then(customer: Any) -> None:
    endpoint = await customer.listens("/before")
    path = f"/internal/endpoints/{endpoint['id']}"
    changed = (await customer.http.patch(path, params={"if_match": endpoint["etag"]}, json={"paused": True})).json()
    assert changed == {**{name: endpoint[name] for name in changed}, "paused": True, "etag": changed["etag"]}
    held = [await customer.tests(endpoint["id"]) for _ in range(3)]
    stale = await customer.http.patch(path, params={"if_match": endpoint["etag"]}, json={"paused": False})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    wish = {
        "paused": False,
        "url": f"{customer.receiver.url}/after",
        "headers": {"Authorization": "Bearer hush_0815", "x-api-key": "hush_0816"},
    }
    opened = (await customer.http.patch(path, json=wish)).json()
    assert opened["header_names"] == ["authorization", "x-api-key"]
    got = await arrived(customer, "/after", 3)
    assert [delivered.headers["webhook-id"] for delivered in got] == held
    assert {delivered.headers["authorization"] for delivered in got} == {"Bearer hush_0815"}
    assert verified(got[0], endpoint["secret"])["type"] == "webhook.test"
    assert customer.receiver.at("/before") == []
    said = f"{(await customer.http.get(path)).text} {await everything_in(customer.dispatcher.database)}"
    assert "hush_081" not in said


async def test_an_endpoint_that_is_asked_for_by_its_id_is_added_once(customer: Any, new_customer: Any) -> None:
    wanted = {"id": new_id("whe"), "url": f"{customer.receiver.url}/once"}
    first, again = [(await customer.http.post("/internal/endpoints", json=wanted)).json() for _ in range(2)]
    assert (first["id"], again) == (wanted["id"], first)
    assert len((await customer.http.get("/internal/endpoints")).json()["endpoints"]) == 1
    wanted["id"] = "whe_1' OR true"
    assert (await customer.http.post("/internal/endpoints", json=wanted)).status_code == 422


async def test_a_rotated_secret_overlaps_with_the_one_before(customer: Any) -> None:
    endpoint = await customer.listens("/rotated")
    path = f"/internal/endpoints/{endpoint['id']}"
    rotated = (await customer.http.post(f"{path}/rotate", json={"overlap_s": 600})).json()
    assert rotated["replaced_secret_until"] > rotated["created_at"]
    for secret in (endpoint["secret"], rotated["secret"]):
        assert (await customer.http.post(f"{path}/signs", json={"secret": secret})).json()["signs"] is True
    await customer.tests(endpoint["id"])
    (delivered,) = await arrived(customer, "/rotated")
    for secret in (endpoint["secret"], rotated["secret"]):
        assert verified(delivered, secret)["type"] == "webhook.test"
    ended = (await customer.http.post(f"{path}/rotate", json={"overlap_s": 0})).json()
    assert ended["replaced_secret_until"] is None
    asked = await customer.http.post(f"{path}/signs", json={"secret": rotated["secret"]})
    assert (asked.json()["signs"], asked.json()["endpoint"]["etag"]) == (False, ended["etag"])
    await customer.tests(endpoint["id"])
    delivered = (await arrived(customer, "/rotated", 2))[1]
    assert verified(delivered, ended["secret"])["type"] == "webhook.test"
    assert len(delivered.headers["webhook-signature"].split()) == 1


async def test_two_organizations_never_see_each_others_endpoints(
    new_customer: Callable[[], Any], stream: str, sample: Callable[[str, str], Any]
) -> None:
    mine, other = await new_customer(), await new_customer()
    endpoint = await mine.listens("/mine")
    await other.listens("/theirs")
    assert (await other.http.delete(f"/internal/endpoints/{endpoint['id']}")).status_code == 404
    for method, path in (
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("GET", ""),
        ("PATCH", ""),
        ("POST", "/rotate"),
        ("POST", "/signs"),
    ):
        where = f"/internal/endpoints/{endpoint['id']}{path}"
        answer = await other.http.request(method, where, json={"overlap_s": 0, "secret": ""})
        assert (answer.status_code, answer.json()["code"]) == (404, "endpoint_not_found")
    assert len((await other.http.get("/internal/endpoints")).json()["endpoints"]) == 1
    ready = sample("tldr.highlights.v1", "ready")
    await mine.dispatcher.publish(ready, organization=mine.organization, subject=stream)
    await arrived(mine, "/mine")
    assert mine.receiver.at("/theirs") == []
    who = {"organization": mine.organization}
    async with mine.dispatcher.database.tenant(mine.organization) as transaction:
        asked = "INSERT INTO recoveries (endpoint_id, organization_id, since, asked_at) VALUES (:id, :of, now(), now())"
        await transaction.execute(text(asked), {"id": endpoint["id"], "of": mine.organization})
    for table in ("endpoints", "messages", "jobs", "recoveries", "feeds", "events"):
        whole = text(f"SELECT row_to_json(t)::text AS row FROM {table} AS t WHERE organization_id = :organization")
        async with mine.dispatcher.database.tenant(mine.organization) as transaction:
            row = next(iter(await transaction.execute(whole, who))).row
        async with mine.dispatcher.database.untenanted() as transaction:
            assert list(await transaction.execute(text(f"SELECT 1 FROM {table}"))) == []
        async with mine.dispatcher.database.tenant(other.organization) as transaction:
            assert list(await transaction.execute(whole, who)) == []
        copied = f"SELECT * FROM json_populate_record(null::{table}, CAST(:row AS json))"
        taken = text(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE {copied}")
        with pytest.raises(DBAPIError, match="row-level security"):
            async with mine.dispatcher.database.tenant(other.organization) as transaction:
                await transaction.execute(taken, {"row": row})


async def test_an_endpoint_says_what_is_wrong_with_it(customer: Any) -> None:
    bad = await customer.http.post("/internal/endpoints", json={"url": "https://example.com", "types": ["nothing"]})
    assert (bad.status_code, bad.json()["code"]) == (422, "unknown_type")
    for number in range(20):
        await customer.listens(f"/{number}")
    full = await customer.http.post("/internal/endpoints", json={"url": "https://example.com"})
    assert (full.status_code, full.json()["code"]) == (409, "too_many_endpoints")


async def test_a_hundred_requests_at_once_make_as_many_endpoints_as_there_can_be(customer: Any) -> None:
    asked = (customer.http.post("/internal/endpoints", json={"url": f"https://example.com/{n}"}) for n in range(100))
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [201] * 20 + [409] * 80


async def test_secrets_are_sealed_and_an_address_is_whole_to_its_receiver_only(
    customer: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    customer.receiver.answers["/sealed"] = [500, 302, 200]
    endpoint = await customer.listens("/sealed?token=hush_4711")
    assert endpoint["url"] == f"{customer.receiver.url}/sealed?…"
    await customer.tests(endpoint["id"])
    assert {delivered.query for delivered in await arrived(customer, "/sealed", 3)} == {"token=hush_4711"}
    await until(customer, endpoint["id"], "delivered")
    listed = (await customer.http.get("/internal/endpoints")).json()["endpoints"]
    assert [(found["url"], "secret" in found) for found in listed] == [(endpoint["url"], False)]
    said = f"{listed} {await customer.log(endpoint['id'])} {capfd.readouterr()}"
    rows = await everything_in(customer.dispatcher.database)
    assert endpoint["id"] in rows
    for secret in ("hush_4711", endpoint["secret"].removeprefix("whsec_")):
        assert secret not in said
        assert secret not in rows


async def test_a_receiver_on_this_machine_needs_leave_and_a_retry_survives_a_restart(customer: Any) -> None:
    dispatcher, usual = customer.dispatcher, customer.dispatcher.settings
    await dispatcher.stop()
    dispatcher.settings = usual.model_copy(update={"allow_loopback": False})
    await dispatcher.start()
    endpoint = await customer.listens("/restart")
    message = await customer.tests(endpoint["id"])
    errors = [attempt["error"] for attempt in await tried(customer, endpoint["id"], 3)]
    assert errors == ["address_refused"] * 3
    assert customer.receiver.at("/restart") == []
    await dispatcher.stop()
    dispatcher.settings = usual
    await an_hour_passes(customer)
    await dispatcher.start()
    (delivered,) = await arrived(customer, "/restart")
    assert delivered.headers["webhook-id"] == message
    assert (await until(customer, endpoint["id"], "delivered"))["attempts"][3]["status"] == 200
