"""Scopes: what a key may be used for, one noun and one action at a time or several by a pattern."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache


class Scope(StrEnum):
    """A route asks for `noun:action`; a key may hold patterns as well. `admin` is all there is and all there will be."""

    STREAMS_READ = "streams:read"
    STREAMS_WRITE = "streams:write"
    STREAMS_DELETE = "streams:delete"
    STREAMS_ALL = "streams:*"
    HIGHLIGHTS_READ = "highlights:read"
    HIGHLIGHTS_WRITE = "highlights:write"
    HIGHLIGHTS_DELETE = "highlights:delete"
    HIGHLIGHTS_ALL = "highlights:*"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    WEBHOOKS_DELETE = "webhooks:delete"
    WEBHOOKS_ALL = "webhooks:*"
    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_WRITE = "organization:write"
    ORGANIZATION_ALL = "organization:*"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_ALL = "members:*"
    API_KEYS_WRITE = "api-keys:write"
    CONFIGURATION_READ = "configuration:read"
    CONFIGURATION_WRITE = "configuration:write"
    CONFIGURATION_ALL = "configuration:*"
    USAGE_READ = "usage:read"
    AUDIT_READ = "audit:read"
    ALL_READ = "*:read"
    ALL_WRITE = "*:write"
    ALL_DELETE = "*:delete"
    ADMIN = "admin"


ALL_SCOPES = frozenset({Scope.ADMIN})
SINGLE_SCOPES = frozenset(scope for scope in Scope if "*" not in scope and scope is not Scope.ADMIN)
"""Those that a route may ask for."""
_BY_VALUE = {scope.value: scope for scope in Scope}


def allows(held: Iterable[Scope], asked: Scope) -> bool:
    """Whether one of the scopes held includes the one asked for, which may be a pattern too.

    All that a pattern stands for today does not add up to the pattern: it stands for more tomorrow.
    """
    return any(_includes(one, asked) for one in held)


def beyond(asked: Iterable[Scope], held: Iterable[Scope]) -> list[Scope]:
    """Those asked for that the scopes held do not include, in order."""
    holds = frozenset(held)
    return sorted(scope for scope in asked if not allows(holds, scope))


def known(kept: Iterable[str]) -> frozenset[Scope]:
    """The scopes of a key as it is kept. What a later version gave opens nothing here."""
    return frozenset(_BY_VALUE[scope] for scope in kept if scope in _BY_VALUE)


@cache
def _includes(held: Scope, asked: Scope) -> bool:
    if Scope.ADMIN in {held, asked}:
        return held is Scope.ADMIN
    nouns, actions = zip(held.split(":"), asked.split(":"), strict=True)
    return all(had in {"*", wanted} for had, wanted in (nouns, actions))
