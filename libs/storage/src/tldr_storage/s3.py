"""The object store over S3, with the `minio` client in threads."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from typing import TypeVar

import urllib3
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, MinioException, S3Error

from tldr_storage.object_store import ObjectMissing, Stored
from tldr_storage.signed_put import signed_put

T = TypeVar("T")
_MISSING = {"NoSuchKey", "NoSuchBucket", "NoSuchObject", "NotFound"}


@dataclass(frozen=True, slots=True)
class S3Address:
    """Where the store is: `internal` for services, `public` for customers; each `http(s)://host:port`."""

    internal: str
    public: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str


class S3ObjectStore:
    """Objects in any S3. Blocking calls run in threads, at most `threads` at a time."""

    def __init__(self, address: S3Address, *, threads: int = 8) -> None:
        self._address = address
        self._internal = _client(address, address.internal)
        self._public = _client(address, address.public)
        self._slots = asyncio.Semaphore(threads)
        self._buckets: set[str] = set()

    async def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket where it is missing; asks the store once for each bucket."""
        if bucket in self._buckets:
            return
        await self._call(lambda: self._make_bucket(bucket))
        self._buckets.add(bucket)

    async def put(self, bucket: str, key: str, data: bytes, content_type: str) -> Stored:
        """Store bytes; makes the bucket when it is missing."""
        await self.ensure_bucket(bucket)

        def write() -> Stored:
            self._internal.put_object(bucket, key, BytesIO(data), len(data), content_type=content_type)
            return Stored(bucket, key, len(data), hashlib.sha256(data).digest(), content_type)

        return await self._call(write)

    async def get(self, bucket: str, key: str, *, limit_bytes: int) -> bytes:
        """Read a whole object."""

        def read() -> bytes:
            response = self._internal.get_object(bucket, key)
            try:
                data: bytes = response.read(limit_bytes + 1)
            finally:
                response.close()
                response.release_conn()
            if len(data) > limit_bytes:
                raise ValueError(f"the object is larger than {limit_bytes} bytes")
            return data

        return await self._call(read)

    async def head(self, bucket: str, key: str, size_bytes: int) -> bytes:
        """Read the first bytes of an object."""

        def read() -> bytes:
            response = self._internal.get_object(bucket, key, offset=0, length=size_bytes)
            try:
                # Some stores answer a range with all there is.
                data: bytes = response.read(size_bytes)
            finally:
                response.close()
                response.release_conn()
            return data

        return await self._call(read)

    async def stat(self, bucket: str, key: str) -> Stored:
        """What the store says of an object."""

        def ask() -> Stored:
            found = self._internal.stat_object(bucket, key)
            stored_at_s = int(found.last_modified.timestamp()) if found.last_modified else 0
            media_type = found.content_type or "application/octet-stream"
            return Stored(bucket, key, found.size or 0, b"", media_type, stored_at_s)

        return await self._call(ask)

    async def delete(self, bucket: str, prefix: str) -> int:
        """Delete what lies below a prefix."""

        def remove() -> int:
            if not self._internal.bucket_exists(bucket):
                return 0
            names = [
                DeleteObject(found.object_name) for found in self._internal.list_objects(bucket, prefix, recursive=True)
            ]
            for error in self._internal.remove_objects(bucket, iter(names)):
                raise OSError(f"the object store refused to delete an object: {error.code}")
            return len(names)

        return await self._call(remove)

    async def delete_all(self, bucket: str, keys: Sequence[str]) -> None:
        """Delete objects, a thousand in a request."""

        def remove() -> None:
            if keys and self._internal.bucket_exists(bucket):
                for error in self._internal.remove_objects(bucket, map(DeleteObject, keys)):
                    raise OSError(f"the object store refused to delete an object: {error.code}")

        await self._call(remove)

    def internal_url(self, bucket: str, key: str, lifetime: timedelta) -> str:
        """Signed GET at the internal address; computed here, without a call."""
        return str(self._internal.presigned_get_object(bucket, key, expires=lifetime))

    def download_url(self, bucket: str, key: str, lifetime: timedelta, *, filename: str | None = None) -> str:
        """Signed GET at the public address."""
        disposition = f'attachment; filename="{filename}"'
        headers: dict[str, str | list[str] | tuple[str]] | None = None
        if filename:
            headers = {"response-content-disposition": disposition}
        return str(self._public.presigned_get_object(bucket, key, expires=lifetime, response_headers=headers))

    def upload_url(self, bucket: str, key: str, lifetime: timedelta, *, size_bytes: int) -> str:
        """Signed PUT of this size at the public address, which the client knows how to form."""
        return signed_put(
            str(self._public.presigned_put_object(bucket, key, expires=lifetime)),
            size_bytes,
            access_key=self._address.access_key,
            secret_key=self._address.secret_key,
            region=self._address.region,
            now=datetime.now(UTC),
            lifetime=lifetime,
        )

    def _make_bucket(self, bucket: str) -> None:
        if self._internal.bucket_exists(bucket):
            return
        try:
            self._internal.make_bucket(bucket)
        except S3Error as error:
            if error.code not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise
        except InvalidResponseError as error:
            # Somebody else made it at the same time; some servers say so in a media type that is not taken for XML.
            if error._code != HTTPStatus.CONFLICT:
                raise

    async def _call(self, work: Callable[[], T]) -> T:
        async with self._slots:
            try:
                return await asyncio.to_thread(work)
            except S3Error as error:
                if error.code in _MISSING:
                    raise ObjectMissing(error.object_name) from error
                raise OSError(f"the object store answered {error.code}") from error
            except InvalidResponseError as error:
                # Some servers describe a missing object in a media type that the client does not take for XML.
                if error._code == HTTPStatus.NOT_FOUND:
                    raise ObjectMissing from error
                raise OSError("the object store gave an answer that cannot be read") from error
            except (MinioException, urllib3.exceptions.HTTPError) as error:
                raise OSError("the object store cannot be reached") from error


def _client(address: S3Address, url: str) -> Minio:
    scheme, _, endpoint = url.partition("://")
    http = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=5, read=60),
        maxsize=8,
        retries=urllib3.Retry(total=3, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
    )
    return Minio(
        endpoint,
        access_key=address.access_key,
        secret_key=address.secret_key,
        region=address.region,
        secure=scheme == "https",
        http_client=http,
    )
