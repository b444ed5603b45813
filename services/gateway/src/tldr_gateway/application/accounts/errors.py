"""What can be wrong with a request about accounts and keys, in words for the caller."""

from tldr_web import Problem


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


class LastKey(Problem):
    """Without it nobody of the organization could make such a key again, or only for a time."""

    def __init__(self) -> None:
        detail = "No other key can make what this one can, for as long. Make one with all its scopes and no earlier end first."
        super().__init__(409, "last_key", detail)


class TooManyKeys(Problem):
    """The number of keys an organization may have is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(409, "too_many_api_keys", f"There can be {limit} API keys. Revoke one first.")
