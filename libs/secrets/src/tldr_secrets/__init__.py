"""Secrets of customers: sealed where they are kept, struck from what is shown."""

from tldr_secrets.redaction import redacted, struck
from tldr_secrets.sealing import Sealer

__all__ = ["Sealer", "redacted", "struck"]
