"""What is wrong with settings, by the names of the variables that people set."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_settings import BaseSettings


def settings_sentence(error: ValidationError) -> str | None:
    """One sentence without the values, which may be secret; None when the error is not about settings."""
    prefixes = {settings.__name__: settings.model_config.get("env_prefix", "") for settings in _below(BaseSettings)}
    if error.title not in prefixes:
        return None
    prefix = prefixes[error.title]
    wrong = [
        f"{(prefix + '.'.join(str(part) for part in one['loc'])).upper()} "
        + ("is not set" if one["type"] == "missing" else f"is wrong: {one['msg']}")
        for one in error.errors(include_input=False, include_url=False)
    ]
    return f"The environment lacks settings: {'; '.join(wrong)}"


def _below(settings: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    for one in settings.__subclasses__():
        yield one
        yield from _below(one)
