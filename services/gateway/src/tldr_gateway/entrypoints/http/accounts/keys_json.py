"""API keys as JSON."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from tldr_gateway.domain.accounts.api_key import LONGEST_GRACE, ApiKey, preview_of
from tldr_gateway.domain.accounts.networks import MAX_NETWORKS, network_of
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.words import Integer, Name, RequestBody

_LONGEST_GRACE_S = int(LONGEST_GRACE.total_seconds())


def _cidr(written: str) -> str:
    try:
        return str(network_of(written))
    except ValueError:
        raise ValueError("write a network as 203.0.113.0/24 or 2001:db8::/32, or one address") from None


Scopes = Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
Cidrs = Annotated[
    list[Annotated[str, Field(max_length=64), AfterValidator(_cidr)]],
    Field(max_length=MAX_NETWORKS, description="Networks that the key may be used from; empty: from everywhere."),
]


class ReplacedSecretResponse(BaseModel):
    """The secret that a key had before it was rotated; it opens until `works_until`."""

    preview: str
    works_until: datetime


class KeyResponse(BaseModel):
    """An API key without its secret. `last_used_at` is exact to a minute; `created_by` is the key that made it."""

    id: str
    name: str
    preview: str
    scopes: list[Scope]
    allowed_cidrs: list[str]
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    replaced_secret: ReplacedSecretResponse | None


class NewKeyResponse(KeyResponse):
    """An API key with its secret. `key` is shown this once; keep it safe."""

    key: str


class KeyRequest(RequestBody):
    """A key to be made."""

    name: Name
    scopes: Scopes
    expires_at: AwareDatetime | None = None
    allowed_cidrs: Cidrs = Field(default_factory=list)


class KeyChangeRequest(RequestBody):
    """What is to change; the rest stays."""

    name: Name | None = None
    scopes: Scopes | None = None
    allowed_cidrs: Cidrs | None = None


class RotationRequest(RequestBody):
    """For how long the secret before still opens. 0 ends all secrets of before at once."""

    grace_s: Annotated[Integer, Field(ge=0, le=_LONGEST_GRACE_S)] = 86_400


class KeysResponse(BaseModel):
    """A page of the keys that were not revoked. Pass `next_cursor` as `cursor` for the next page."""

    api_keys: list[KeyResponse]
    next_cursor: str | None


def render_new(now: datetime, key: ApiKey, secret: str) -> NewKeyResponse:
    """A key with its secret, for the one answer that has it."""
    return NewKeyResponse(key=secret, **render(now, key).model_dump())


def render(now: datetime, key: ApiKey) -> KeyResponse:
    """A key without its secret, as it is then."""
    before = key.replaced if key.replaced and now < key.replaced.until else None
    return KeyResponse(
        id=key.id,
        name=key.name,
        preview=preview_of(key.prefix),
        scopes=sorted(key.scopes),
        allowed_cidrs=[str(network) for network in key.networks],
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        replaced_secret=ReplacedSecretResponse(preview=preview_of(before.prefix), works_until=before.until)
        if before
        else None,
    )
