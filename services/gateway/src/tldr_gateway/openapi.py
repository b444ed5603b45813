"""Writes or checks `docs/api/openapi.yaml`, the public API's document."""

from tldr_gateway.bootstrap import DEFINITION
from tldr_service.document import write_or_check

if __name__ == "__main__":
    write_or_check(DEFINITION)
