"""What can be wrong with a request about accounts and keys, in words for the caller."""

from datetime import datetime, timedelta

from tldr_gateway.domain.accounts.rates import Rate, Taken, whole_seconds
from tldr_web import LimitReached, Problem


class InvalidApiKey(Problem):
    """No key, or one that is wrong, revoked or expired."""

    def __init__(self) -> None:
        detail = "Send a valid API key as `Authorization: Bearer <key>`."
        super().__init__(401, "invalid_api_key", detail, headers={"www-authenticate": "Bearer"})


class AddressNotAllowed(Problem):
    """A key that holds, but not for who comes from there."""

    def __init__(self) -> None:
        detail = "This key may not be used from your address. Use it from one in its `allowed_cidrs`, or change those."
        super().__init__(403, "address_not_allowed", detail)


class MissingScope(Problem):
    """The key holds, but not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(403, "missing_scope", f"This needs a key with the scope {scope}.")


class ApiKeyNotFound(Problem):
    """There is no such key, or it was revoked."""

    def __init__(self) -> None:
        super().__init__(404, "api_key_not_found", "There is no key of this id. List them with GET /v1/api-keys.")


class EmailTaken(Problem):
    """Somebody registered with that address before."""

    def __init__(self) -> None:
        super().__init__(409, "email_taken", "An organization is registered with this address. Use another one.")


class ExpiryNotPossible(Problem):
    """A key that would have expired already, or would outlive everybody who knows of it."""

    def __init__(self) -> None:
        super().__init__(
            422,
            "invalid_expiry",
            "Choose an `expires_at` in the next ten years, or leave it out for a key without an end.",
        )


class ScopeNotYours(Problem):
    """A key can neither give nor take away what it does not have."""

    def __init__(self, extra: str) -> None:
        detail = f"Your key does not have the scopes {extra}, so it can neither give nor revoke them. Use a key that has them."
        super().__init__(403, "scope_not_yours", detail)


class ExpiryNotYours(Problem):
    """A key that ends gives nobody one that goes on behind it."""

    def __init__(self, ends: datetime) -> None:
        detail = f"Your key ends at {ends.isoformat()}. Choose an `expires_at` that is no later, or use a key that lasts longer."
        super().__init__(403, "expiry_not_yours", detail)


class NetworksNotYours(Problem):
    """A key for some networks gives nobody one for others."""

    def __init__(self) -> None:
        detail = "Your key may be used from its `allowed_cidrs` only. Choose some that lie in them, or use a key that has more."
        super().__init__(403, "cidrs_not_yours", detail)


class RotationUnderWay(Problem):
    """The secret before the present one was promised to hold for longer."""

    def __init__(self, until: datetime) -> None:
        detail = f"The key's last secret but one holds until {until.isoformat()}. Wait, or send `grace_s` 0 to end both at once."
        super().__init__(409, "rotation_under_way", detail)


class LastKey(Problem):
    """Without it nobody of the organization could make such a key again, or only for a time, or not from here."""

    def __init__(self) -> None:
        detail = (
            "No other key can make what this one can, for as long, from here. Make one with its scopes and end first."
        )
        super().__init__(409, "last_key", detail)


class TooManyKeys(Problem):
    """The number of keys an organization may have is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"Your plan has {limit} API keys. Revoke one first."
        super().__init__(409, "too_many_api_keys", detail, limit=LimitReached(name="api_keys", allowed=limit))


class TooManyRequests(Problem):
    """The plan's rate of requests is reached."""

    def __init__(self, rate: Rate, taken: Taken, now: datetime) -> None:
        after = whole_seconds(taken.free_in_s)
        detail = (
            f"Your plan allows {rate.per_minute} requests a minute, {rate.burst} of them at once. "
            f"Wait {after} seconds, and spread your requests."
        )
        limit = LimitReached(
            name="requests_per_minute", allowed=rate.per_minute, frees_at=now + timedelta(seconds=after)
        )
        super().__init__(429, "rate_limited", detail, headers={"retry-after": str(after)}, limit=limit)


class TooManyWrongKeys(Problem):
    """Too many wrong credentials came from one address."""

    def __init__(self, rate: Rate, until: datetime, now: datetime) -> None:
        after = whole_seconds((until - now).total_seconds())
        detail = f"Too many wrong keys came from your address. Wait {after} seconds, then send a valid one."
        limit = LimitReached(
            name="wrong_keys_per_minute", allowed=rate.per_minute, frees_at=now + timedelta(seconds=after)
        )
        super().__init__(429, "too_many_wrong_keys", detail, headers={"retry-after": str(after)}, limit=limit)
