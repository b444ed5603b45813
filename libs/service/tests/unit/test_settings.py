"""What is wrong with the settings is said without showing secrets."""

import pytest
from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tldr_service import Settings, settings_sentence


def test_an_error_about_one_setting_shows_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLDR_DATABASE_OWNER_URL", "postgresql://owner:hunter2@host/database")
    monkeypatch.setenv("TLDR_INTERNAL_SECRET", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings()  # type: ignore[call-arg]  # read from the environment
    assert "internal_secret" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_missing_setting_is_named_as_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLDR_INTERNAL_SECRET", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings()  # type: ignore[call-arg]  # read from the environment
    sentence = settings_sentence(refused.value)
    assert sentence
    assert "TLDR_S3_INTERNAL_URL is not set" in sentence
    assert "TLDR_INTERNAL_SECRET is wrong" in sentence
    assert "hunter2" not in sentence


def test_an_error_about_something_else_is_not_taken_for_one_of_settings() -> None:
    class Row(BaseModel):
        id: int = Field(gt=0)

    with pytest.raises(ValidationError) as refused:
        Row(id=0)
    assert settings_sentence(refused.value) is None


def test_a_setting_with_a_name_of_its_own_is_named_by_that() -> None:
    class OwnName(BaseSettings):
        model_config = SettingsConfigDict(env_prefix="TLDR_OWN_")

        keys: str = Field(validation_alias="TLDR_KEYS_OF_TWO")
        other: str

    with pytest.raises(ValidationError) as refused:
        OwnName()  # type: ignore[call-arg]  # read from the environment
    sentence = settings_sentence(refused.value)
    assert sentence == "The environment lacks settings: TLDR_KEYS_OF_TWO is not set; TLDR_OWN_OTHER is not set"
