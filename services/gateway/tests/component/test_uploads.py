"""Uploads: promises of one size, and what becomes of the object and its address."""

from typing import Any

import httpx

from tldr_contracts.topics import STREAMS
from tldr_storage import ObjectMissing, bucket_of
from tldr_testing import Hosted, eventually, refused


async def test_an_upload_that_is_not_there_yet_or_not_whole_is_not_submitted(customer: Any) -> None:
    wanted = {"kind": "media", "size_bytes": 100}
    upload = (await customer.http.post("/v1/uploads", json=wanted)).json()
    source = {"source": {"upload_id": upload["id"]}}
    refused(await customer.http.post("/v1/streams", json=source), 409, "upload_missing")
    async with httpx.AsyncClient(trust_env=False) as files:
        for content in (b"too short", b"", b"too long" * 100):
            assert (await files.put(upload["url"], content=content)).status_code == 403
    refused(await customer.http.post("/v1/streams", json=source), 409, "upload_missing")
    huge = await customer.http.post("/v1/uploads", json={"kind": "media", "size_bytes": 10**30})
    refused(huge, 413, "upload_too_large")


async def test_uploads_go_when_nothing_uses_them_any_longer(gateway: Hosted, customer: Any) -> None:
    kept, left, gone = [await customer.uploaded(kind.encode()) for kind in ("kept", "left", "gone")]
    await customer.submitted(source={"upload_id": kept})
    stream = (await customer.submitted(source={"upload_id": gone}))["id"]
    assert (await customer.http.delete(f"/v1/streams/{stream}")).status_code == 204
    # Eight days later, as the database sees it.
    async with gateway.database.tenant(customer.organization) as transaction:
        await transaction.exec_driver_sql("UPDATE uploads SET expires_at = expires_at - interval '8 days'")

    async def names() -> set[str]:
        async with gateway.database.tenant(customer.organization) as transaction:
            return {row.upload_id for row in await transaction.exec_driver_sql("SELECT upload_id FROM uploads")}

    async def only_the_used_one() -> bool:
        return await names() == {kept}

    await eventually(only_the_used_one)
    refused(await customer.http.post("/v1/streams", json={"source": {"upload_id": left}}), 422, "upload_not_found")
    assert (await customer.http.post("/v1/streams", json={"source": {"upload_id": kept}})).status_code == 201


async def test_what_is_put_at_an_address_after_its_upload_was_submitted_is_another_object_and_is_deleted(
    gateway: Hosted, customer: Any
) -> None:
    topic = await gateway.recorder(STREAMS)
    upload = (await customer.http.post("/v1/uploads", json={"kind": "media", "size_bytes": 5})).json()
    bucket, key = bucket_of(customer.organization), f"uploads/{upload['id']}/media"

    async def put(data: bytes) -> int:
        async with httpx.AsyncClient(trust_env=False) as files:
            (await files.put(upload["url"], content=data)).raise_for_status()
        return (await gateway.objects.stat(bucket, key)).stored_at_s

    first = await put(b"first")
    stream = (await customer.submitted(source={"upload_id": upload["id"]}))["id"]
    (requested,) = (await topic.until(stream, "requested")).of_kind("requested")
    assert requested.source.upload.stored_at_s == first

    async def another() -> bool:
        return await put(b"other") != first

    await eventually(
        another
    )  # the store's times are of a second; ingest says `upload_changed` of what is not of `first`
    assert (await customer.http.delete(f"/v1/streams/{stream}")).status_code == 204
    await put(b"later")
    async with gateway.database.tenant(customer.organization) as transaction:
        await transaction.exec_driver_sql("UPDATE uploads SET expires_at = expires_at - interval '6 hours'")

    async def gone() -> bool:
        try:
            await gateway.objects.stat(bucket, key)
        except ObjectMissing:
            return True
        return False

    await eventually(gone)
