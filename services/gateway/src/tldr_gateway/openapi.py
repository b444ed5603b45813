"""Writes or checks `docs/api/openapi.yaml`, the public API's document."""

import base64
import os

from tldr_gateway.bootstrap import DEFINITION
from tldr_service.document import write_or_check

if __name__ == "__main__":
    # Nothing is sealed here, but the service is put together as it always is.
    os.environ.setdefault("TLDR_SOURCE_KEYS", base64.urlsafe_b64encode(bytes(32)).decode())
    write_or_check(DEFINITION)
