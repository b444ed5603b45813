"""What a deleted stream was made of goes when its address is over, and not only with what nobody ever used."""

from typing import Any

from tldr_testing import Hosted, eventually


async def test_an_upload_of_a_deleted_stream_goes_with_its_address_and_an_unused_one_stays(
    gateway: Hosted, customer: Any
) -> None:
    unused, used = await customer.uploaded(b"unused"), await customer.uploaded(b"used")
    stream = (await customer.submitted(source={"upload_id": used}))["id"]
    assert (await customer.http.delete(f"/v1/streams/{stream}")).status_code == 204
    # Seven hours later, as the database sees it: an address works for six.
    async with gateway.database.tenant(customer.organization) as transaction:
        await transaction.exec_driver_sql("UPDATE uploads SET expires_at = expires_at - interval '7 hours'")

    async def the_unused_one_is_left() -> bool:
        async with gateway.database.tenant(customer.organization) as transaction:
            rows = await transaction.exec_driver_sql("SELECT upload_id FROM uploads")
            return {row.upload_id for row in rows} == {unused}

    await eventually(the_unused_one_is_left)
