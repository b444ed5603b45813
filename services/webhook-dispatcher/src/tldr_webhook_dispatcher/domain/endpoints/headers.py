"""Which headers a customer may have sent along with a message: those that let it in, and those of its own."""

import re

MAX_HEADERS = 10
MAX_VALUE = 1000
"""Characters of a value."""
_NAME = re.compile(r"authorization|x-[a-z0-9][a-z0-9-]{0,60}")
# What proxies and frameworks in front of a receiver believe of whoever sends it.
_BELIEVED = re.compile(r"x-(forwarded|original|real|rewrite|http-method|method|amz|envoy|client-ip).*")
_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")


def wrong_with(name: str, value: str) -> str | None:
    """Why this header cannot be sent, or None. Names are in small letters."""
    if not _NAME.fullmatch(name) or _BELIEVED.fullmatch(name):
        return "Only Authorization and X-… can be set, without those that proxies set, such as X-Forwarded-For."
    if len(value) > MAX_VALUE or not _VALUE.fullmatch(value):
        return f"Use 1 to {MAX_VALUE} printable ASCII characters, without a space at either end."
    return None
