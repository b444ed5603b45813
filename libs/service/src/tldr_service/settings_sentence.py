"""What is wrong with settings, by the names of the variables that people set."""

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_settings import BaseSettings


def settings_sentence(error: ValidationError) -> str | None:
    """One sentence without the values, which may be secret; None when the error is not about settings."""
    settings = {one.__name__: one for one in _below(BaseSettings)}.get(error.title)
    if settings is None:
        return None
    wrong = [
        f"{_variable(settings, one['loc'])} "
        + ("is not set" if one["type"] == "missing" else f"is wrong: {one['msg']}")
        for one in error.errors(include_input=False, include_url=False)
    ]
    return f"The environment lacks settings: {'; '.join(wrong)}"


def _variable(settings: type[BaseSettings], place: tuple[int | str, ...]) -> str:
    """A field has the prefix of its settings; what is not a field is an alias, the variable's own name."""
    prefix = settings.model_config.get("env_prefix", "") if place and place[0] in settings.model_fields else ""
    return (prefix + ".".join(str(part) for part in place)).upper()


def _below(settings: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    for one in settings.__subclasses__():
        yield one
        yield from _below(one)
