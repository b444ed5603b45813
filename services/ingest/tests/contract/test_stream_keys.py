"""Keys of pushed streams in the database: each opens one stream, whoever asks, from its request to its end."""

from hashlib import sha256
from typing import Any

import pytest

from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_ingest.adapters.streams.keys_postgres import PostgresKeyLookup, PostgresStreamKeys
from tldr_ingest.entrypoints.events import Events
from tldr_testing import golden, hand_over, received


def digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


async def requested(desk: Any, key: str) -> None:
    """A stream that is pushed, as the gateway would submit it."""
    message = streams_pb2.StreamEvent()
    message.requested.stream_id = desk.stream
    message.requested.attempt = 1
    message.requested.source.kind = streams_pb2.SOURCE_KIND_LIVE
    message.requested.source.push.key_digest = digest(key)
    event = received(message, desk.organization, lane=desk.lane)
    async with desk.database.tenant(desk.organization) as transaction:
        await hand_over(transaction, Events(desk.work).subscriptions(), event)


async def test_a_key_opens_its_stream_before_anybody_is_known(desk: Any, ingest_database: Database) -> None:
    lookup, key = PostgresKeyLookup(ingest_database), digest(desk.stream)
    assert await lookup.stream_of(key) is None
    await requested(desk, desk.stream)
    assert await lookup.stream_of(key) == desk.stream
    assert await lookup.valid({key, digest("another")}) == {key}
    assert await lookup.open_streams([desk.stream, StreamId("str_other")]) == {desk.stream}


async def test_after_a_rotation_only_the_new_key_opens_it(desk: Any, ingest_database: Database) -> None:
    lookup, new = PostgresKeyLookup(ingest_database), golden("tldr.streams.v1", "key_rotated").key_rotated.key_digest
    await requested(desk, desk.stream)
    await desk.tell("key_rotated")
    assert await lookup.stream_of(digest(desk.stream)) is None
    assert await lookup.stream_of(new) == desk.stream
    await desk.tell("cancelled")
    assert await lookup.stream_of(new) is None


@pytest.mark.parametrize("decision", ["stopped", "failed", "completed", "cancelled", "deleted"])
async def test_no_key_opens_a_stream_that_has_ended(desk: Any, ingest_database: Database, decision: str) -> None:
    lookup = PostgresKeyLookup(ingest_database)
    await requested(desk, desk.stream)
    await desk.tell(decision)
    assert await lookup.stream_of(digest(desk.stream)) is None
    assert await lookup.open_streams([desk.stream]) == set()


async def test_a_retry_opens_it_again(desk: Any, ingest_database: Database) -> None:
    await requested(desk, desk.stream)
    await desk.tell("failed")
    await desk.tell("retried")
    assert await PostgresKeyLookup(ingest_database).stream_of(digest(desk.stream)) == desk.stream


async def test_another_organization_can_neither_see_nor_replace_nor_close_it(
    desk: Any, ingest_database: Database
) -> None:
    await requested(desk, desk.stream)
    stream = StreamId(desk.stream)
    async with ingest_database.tenant("org_other") as transaction:
        await PostgresStreamKeys(transaction, "org_other").refuse(stream)
    with pytest.raises(Exception, match="row-level security"):
        async with ingest_database.tenant("org_other") as transaction:
            await PostgresStreamKeys(transaction, "org_other").admit(stream, digest("mine").hex())
    lookup = PostgresKeyLookup(ingest_database)
    assert await lookup.stream_of(digest(desk.stream)) == desk.stream
    assert await lookup.stream_of(digest("mine")) is None
