"""Objects in S3, one bucket for each organization."""

from tldr_storage.object_store import ObjectMissing, ObjectStore, Stored, bucket_of
from tldr_storage.s3 import S3Address, S3ObjectStore

__all__ = ["ObjectMissing", "ObjectStore", "S3Address", "S3ObjectStore", "Stored", "bucket_of"]
