"""What stands before it is known who somebody is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tldr_gateway.application.members.door import Door
from tldr_gateway.application.members.errors import (
    InvalidEmailToken,
    MailNotConfigured,
    RegistrationClosed,
    TooManyAttempts,
)
from tldr_gateway.application.members.limits import LOGINS_OF_ACCOUNT, TOKENS_FROM_ADDRESS, Tries
from tldr_gateway.domain.accounts.networks import address_of
from tldr_gateway.settings import GatewaySettings, Registering
from tldr_testing import FixedClock
from tldr_testing.hosting import SEALING_KEY


@dataclass
class Counts:
    """Attempts in a dictionary."""

    clock: FixedClock
    rows: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    async def count(self, bucket: str, *, limit: int, window: timedelta) -> datetime | None:
        now = self.clock.now()
        count, until = self.rows.get(bucket, (0, now))
        self.rows[bucket] = count, until = (count + 1, until) if now < until else (1, now + window)
        return until if count > limit else None

    async def forget(self, bucket: str) -> None:
        self.rows.pop(bucket, None)


class Nobody:
    """Nobody has an account, and no password is hashed."""

    async def by_email(self, email: str) -> None:
        return None

    async def proven_by(self, token_digest: bytes) -> None:
        return None

    async def hash(self, password: str) -> str:
        return "hash"


def door(clock: FixedClock, **changes: Any) -> Door:
    parts: Any = {"by_email": True, "letters": True, **changes}
    return Door(Nobody(), Nobody(), Tries(Counts(clock), clock), **parts)  # type: ignore[arg-type]


async def test_registration_is_closed_unless_it_was_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REGISTRATION", "MAIL_FOLDER"):
        monkeypatch.delenv(f"TLDR_GATEWAY_{name}", raising=False)
    clock = FixedClock()
    with pytest.raises(RegistrationClosed):
        await door(clock, by_email=False).registering("a@example.com", "p", None)
    with pytest.raises(MailNotConfigured):
        await door(clock, letters=False).registering("a@example.com", "p", None)
    assert await door(clock).registering("a@example.com", "p", None) == "hash"
    settings: Any = {"TLDR_SOURCE_KEYS": SEALING_KEY}
    assert GatewaySettings(**settings).registration is Registering.CLOSED
    with pytest.raises(ValueError, match="SMTP_HOST"):
        GatewaySettings(**settings, registration=Registering.EMAIL)


async def test_tries_are_limited_for_an_account_however_it_is_written_and_again_free_after_the_window() -> None:
    clock = FixedClock()
    tries = Tries(Counts(clock), clock)
    for _ in range(LOGINS_OF_ACCOUNT.most):
        await tries.of_account(LOGINS_OF_ACCOUNT, "a@example.com")
    with pytest.raises(TooManyAttempts) as refused:
        await tries.of_account(LOGINS_OF_ACCOUNT, "a@example.com")
    assert refused.value.headers == {"retry-after": "900"}
    await tries.of_account(LOGINS_OF_ACCOUNT, "b@example.com")
    clock.pass_by(seconds=LOGINS_OF_ACCOUNT.window.total_seconds())
    await tries.of_account(LOGINS_OF_ACCOUNT, "a@example.com")
    await tries.succeeded(LOGINS_OF_ACCOUNT, "a@example.com")


async def test_whoever_has_one_ipv6_address_has_all_of_its_network() -> None:
    clock = FixedClock()
    tries = Tries(Counts(clock), clock)
    for number in range(TOKENS_FROM_ADDRESS.most):
        await tries.from_address(TOKENS_FROM_ADDRESS, address_of(f"2001:db8::{number:x}"))
    with pytest.raises(TooManyAttempts):
        await tries.from_address(TOKENS_FROM_ADDRESS, address_of("2001:db8::ffff"))
    await tries.from_address(TOKENS_FROM_ADDRESS, address_of("2001:db8:0:1::"))
    await tries.from_address(TOKENS_FROM_ADDRESS, address_of("203.0.113.7"))


async def test_tokens_that_nobody_was_sent_prove_nothing() -> None:
    with pytest.raises(InvalidEmailToken):
        await door(FixedClock()).proven("tldr_ep_x", None)
