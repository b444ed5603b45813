"""Addresses without their secrets, and texts without the secrets of addresses."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus, urlsplit

HIDDEN = "…"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,15}://[^\s\"'<>`]+", re.IGNORECASE)
_CLOSING = ".,;:!?)]}"
# Capability addresses carry their secret in the path: long, and a piece of it mixes letters and digits, or all of it does.
_LONG = re.compile(r"[A-Za-z0-9_~:%+-]{16,}")
_MIXED = re.compile(r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{8,}|(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z]).{20,}")
_SHORTEST = 4
"""A shorter value is struck within its address only: everywhere else it would take words apart."""


def redacted(url: str) -> str:
    """The address without user, password, query, fragment and what looks random in its path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return HIDDEN
    if not parts.scheme or not host:
        return HIDDEN
    place = f"[{host}]" if ":" in host else host
    path = "/".join(_segment(segment) for segment in parts.path.split("/"))
    tail = f"?{HIDDEN}" if parts.query else ""
    return f"{parts.scheme}://{place}{f':{port}' if port is not None else ''}{path}{tail}"


def struck(text: str, *urls: str) -> str:
    """The text with every address in it redacted, and without the secrets of `urls` wherever they stand."""
    for url in urls:
        text = text.replace(url, redacted(url))
    text = _ADDRESS.sub(_shown, text)
    found = {form for url in urls for secret in _secrets(url) for form in _forms(secret)}
    for secret in sorted(found, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _segment(segment: str) -> str:
    stem, dot, ending = segment.rpartition(".")
    if dot and len(ending) <= 5:
        return f"{HIDDEN}.{ending}" if _random(stem) else segment
    return HIDDEN if "=" in segment or ";" in segment or _random(segment) else segment


def _random(name: str) -> bool:
    return _LONG.fullmatch(name) is not None and _MIXED.search(name) is not None


def _shown(found: re.Match[str]) -> str:
    url = found[0].rstrip(_CLOSING)
    return redacted(url) + found[0][len(url) :]


def _secrets(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        yield url
        return
    yield from (value for value in (parts.username, parts.password, parts.query, parts.fragment) if value)
    yield from (value for _, value in parse_qsl(parts.query))
    yield from (segment for segment in parts.path.split("/") if segment and _segment(segment) != segment)


def _forms(secret: str) -> Iterator[str]:
    plain = (secret, unquote(secret), unquote_plus(secret))
    for form in (*plain, *(quote(value, safe="") for value in plain), *(quote_plus(value) for value in plain)):
        if len(form) >= _SHORTEST:
            yield form
