"""What is wrong with the settings is said without showing secrets."""

import pytest
from pydantic import ValidationError

from tldr_service import Settings


def test_an_error_about_one_setting_shows_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLDR_DATABASE_OWNER_URL", "postgresql://owner:hunter2@host/database")
    monkeypatch.setenv("TLDR_INTERNAL_SECRET", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings()  # type: ignore[call-arg]  # read from the environment
    assert "internal_secret" in str(refused.value)
    assert "hunter2" not in str(refused.value)
