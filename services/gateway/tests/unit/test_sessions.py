"""Access tokens and passwords, as the adapters read and compare them."""

from datetime import timedelta

import jwt

from tldr_contracts.ids import OrganizationId
from tldr_gateway.adapters.members.passwords_argon2 import Argon2Passwords
from tldr_gateway.adapters.sessions.access_tokens_jwt import JwtAccessTokens
from tldr_gateway.application.sessions.ports import Place
from tldr_gateway.domain.sessions.session import ACCESS_LIFETIME, LIFETIME, Session
from tldr_testing import NOW

SESSION = Session("ses_1", OrganizationId("org_1"), "usr_1", NOW, NOW + LIFETIME)
PLACE = Place(OrganizationId("org_1"), "ses_1")


def test_a_token_names_its_session_until_it_is_over() -> None:
    tokens = JwtAccessTokens.of("one")
    token = tokens.sign(SESSION, NOW + ACCESS_LIFETIME)
    assert tokens.read(token, NOW) == PLACE
    assert tokens.read(token, NOW + ACCESS_LIFETIME - timedelta(seconds=1)) == PLACE
    assert tokens.read(token, NOW + ACCESS_LIFETIME) is None


def test_keys_are_rotated_by_putting_a_new_one_first() -> None:
    old, both, new = (JwtAccessTokens.of(keys) for keys in ("one", "two,one", "two"))
    token = old.sign(SESSION, NOW + ACCESS_LIFETIME)
    assert (both.read(token, NOW), new.read(token, NOW)) == (PLACE, None)
    assert new.read(both.sign(SESSION, NOW + ACCESS_LIFETIME), NOW) == PLACE


def test_a_token_without_a_signature_or_for_another_purpose_names_nothing() -> None:
    tokens = JwtAccessTokens.of("one")
    claims = jwt.decode(tokens.sign(SESSION, NOW + ACCESS_LIFETIME), options={"verify_signature": False})
    assert tokens.read(jwt.encode(claims, "", algorithm="none"), NOW) is None
    for changed in ({"aud": "gateway"}, {"iss": "ingest"}, {"exp": "never"}):
        assert tokens.read(jwt.encode({**claims, **changed}, tokens.keys[0], algorithm="HS256"), NOW) is None


async def test_a_password_is_kept_as_a_salted_hash_and_nobodys_is_compared_too() -> None:
    passwords = Argon2Passwords()
    kept = await passwords.hash("correct horse")
    assert kept.startswith("$argon2id$")
    assert kept != await passwords.hash("correct horse")
    assert await passwords.matches(kept, "correct horse")
    assert not await passwords.matches(kept, "correct horses")
    assert not await passwords.matches(None, "correct horse")
    assert not await passwords.matches("no hash", "correct horse")
