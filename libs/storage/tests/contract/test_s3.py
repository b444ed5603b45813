"""The object store's promises, on a real S3 server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from tldr_contracts.ids import new_id
from tldr_embedded import Servers
from tldr_storage import ObjectMissing, S3Address, S3ObjectStore, bucket_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(servers: Servers) -> S3ObjectStore:
    now = servers.addresses
    url = f"http://{now.s3_endpoint}"
    return S3ObjectStore(S3Address(url, url, now.s3_access_key, now.s3_secret_key, now.s3_region))


@pytest.fixture
def bucket(organization: str) -> str:
    return bucket_of(organization)


async def test_what_was_put_is_got(store: S3ObjectStore, bucket: str) -> None:
    stored = await store.put(bucket, "a/b.bin", b"12345", "application/octet-stream")
    assert stored.size_bytes == 5
    assert await store.get(bucket, "a/b.bin", limit_bytes=5) == b"12345"
    assert (await store.stat(bucket, "a/b.bin")).size_bytes == 5


async def test_a_new_bucket_that_several_need_at_once_is_made_once(store: S3ObjectStore) -> None:
    buckets = [bucket_of(new_id("org")) for _ in range(6)]
    await asyncio.gather(*(store.put(one, str(n), b"x", "text/plain") for one in buckets for n in range(4)))
    for one in buckets:
        assert [await store.get(one, str(n), limit_bytes=1) for n in range(4)] == [b"x"] * 4


async def test_the_last_put_on_a_key_wins(store: S3ObjectStore, bucket: str) -> None:
    await store.put(bucket, "key", b"first", "text/plain")
    await store.put(bucket, "key", b"second", "text/plain")
    assert await store.get(bucket, "key", limit_bytes=100) == b"second"


async def test_a_missing_object_is_said_to_be_missing(store: S3ObjectStore, bucket: str) -> None:
    await store.ensure_bucket(bucket)
    with pytest.raises(ObjectMissing):
        await store.get(bucket, "nothing", limit_bytes=1)
    with pytest.raises(ObjectMissing):
        await store.stat(bucket, "nothing")


async def test_an_object_larger_than_the_limit_is_refused(store: S3ObjectStore, bucket: str) -> None:
    await store.put(bucket, "large", b"x" * 100, "text/plain")
    with pytest.raises(ValueError, match="larger than 99"):
        await store.get(bucket, "large", limit_bytes=99)


async def test_what_lies_below_a_prefix_is_deleted_and_nothing_else(store: S3ObjectStore, bucket: str) -> None:
    for key in ("streams/1/a", "streams/1/b", "streams/10/a"):
        await store.put(bucket, key, b"x", "text/plain")
    assert await store.delete(bucket, "streams/1/") == 2
    assert await store.get(bucket, "streams/10/a", limit_bytes=1) == b"x"
    assert await store.delete("tldr-no-such-bucket", "anything") == 0


async def test_objects_are_deleted_by_their_keys_and_one_that_is_not_there_is_no_fault(
    store: S3ObjectStore, bucket: str
) -> None:
    for key in ("a/1", "a/10", "b"):
        await store.put(bucket, key, b"x", "text/plain")
    await store.delete_all(bucket, ["a/1", "b", "nothing"])
    await store.delete_all(bucket, [])
    await store.delete_all("tldr-no-such-bucket", ["a"])
    assert await store.get(bucket, "a/10", limit_bytes=1) == b"x"
    for key in ("a/1", "b"):
        with pytest.raises(ObjectMissing):
            await store.stat(bucket, key)


async def test_the_first_bytes_of_an_object_are_had_alone(store: S3ObjectStore, bucket: str) -> None:
    await store.put(bucket, "long", b"0123456789" * 1000, "text/plain")
    assert await store.head(bucket, "long", 12) == b"012345678901"
    await store.put(bucket, "short", b"01", "text/plain")
    assert await store.head(bucket, "short", 12) == b"01"
    with pytest.raises(ObjectMissing):
        await store.head(bucket, "nothing", 12)


async def test_signed_addresses_take_and_give_bytes_ranges_included(store: S3ObjectStore, bucket: str) -> None:
    await store.ensure_bucket(bucket)
    async with httpx.AsyncClient(trust_env=False) as http:
        put = await http.put(store.upload_url(bucket, "upload", MINUTE, size_bytes=10), content=b"0123456789")
        assert put.is_success
        url = store.download_url(bucket, "upload", MINUTE, filename="clip.mp4")
        whole = await http.get(url)
        assert whole.content == b"0123456789"
        part = await http.get(store.internal_url(bucket, "upload", MINUTE), headers={"range": "bytes=2-4"})
        assert part.content == b"234"
        other = url.replace("/upload?", "/other?")
        assert (await http.get(other)).status_code in {403, 404}
        unsigned = url.partition("?")[0]
        assert (await http.get(unsigned)).is_error


@pytest.mark.parametrize("content", [b"", b"123456789", b"12345678901", b"1234567890" * 1000])
async def test_an_upload_of_another_size_than_was_promised_is_refused(
    store: S3ObjectStore, bucket: str, content: bytes
) -> None:
    await store.ensure_bucket(bucket)
    url = store.upload_url(bucket, "promised", MINUTE, size_bytes=10)
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.put(url, content=content)).status_code == 403
        assert (await http.put(url, content=_in_pieces(content))).is_error
        with pytest.raises(ObjectMissing):
            await store.stat(bucket, "promised")
        assert (await http.put(url.replace("/promised", "/another"), content=b"1234567890")).status_code == 403
        assert (await http.put(url, content=b"1234567890")).is_success


async def _in_pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_a_store_that_does_not_answer_is_an_os_error() -> None:
    nowhere = S3ObjectStore(S3Address("http://127.0.0.1:9", "http://127.0.0.1:9", "access", "secret-key", "us-east-1"))
    with pytest.raises(OSError, match="cannot be reached"):
        await nowhere.get("bucket", "key", limit_bytes=1)
