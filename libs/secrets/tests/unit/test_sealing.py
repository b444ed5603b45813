"""What is sealed is opened by whoever has one of the keys."""

import pytest
from cryptography.fernet import Fernet

from tldr_secrets import Sealer

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_was_sealed_with_an_older_key_is_opened_still() -> None:
    sealed = Sealer(OLD).seal("https://ann:secret@example.com/ä")
    assert "secret" not in sealed
    assert Sealer(f"{NEW}, {OLD}").open(sealed) == "https://ann:secret@example.com/ä"


def test_a_seal_of_none_of_the_keys_is_no_value() -> None:
    with pytest.raises(ValueError, match="none of the keys"):
        Sealer(NEW).open(Sealer(OLD).seal("x"))
