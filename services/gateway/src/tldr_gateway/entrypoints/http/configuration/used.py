"""What is chosen for a stream, and what was used of it."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from tldr_gateway.application.configuration.choose_profile import DEFAULT_PRESET, Choice
from tldr_gateway.domain.configuration.profile import used_by
from tldr_gateway.domain.streams.submission import Profile
from tldr_gateway.entrypoints.http.words import Id, RequestBody, Text


class ChoiceRequest(RequestBody):
    """What a highlight is to be: a preset or a dimension set, and how scores become highlights."""

    preset: Annotated[
        Text | None,
        Field(max_length=64, description=f"A preset by its name. For a new stream without either, `{DEFAULT_PRESET}`."),
    ] = None
    dimension_set_id: Annotated[
        Id | None, Field(description="A dimension set of yours, in its present version, in place of `preset`.")
    ] = None
    processing_config_id: Annotated[
        Id | None,
        Field(
            description="A processing config of yours or a preset's; without it, that of the preset the set began as."
        ),
    ] = None

    @model_validator(mode="after")
    def _one_set(self) -> Self:
        if self.preset is not None and self.dimension_set_id is not None:
            raise ValueError("give one of preset and dimension_set_id")
        return self

    def choice(self) -> Choice:
        """The choice in the application's words."""
        return Choice(self.preset, self.dimension_set_id, self.processing_config_id)


class UsedTypeResponse(BaseModel):
    """A type of the organization's own, at the version it had."""

    id: str
    name: str
    version: int


class UsedResponse(BaseModel):
    """What was configured when it was asked for: later changes are not in it. A preset's parts go by its name.

    `processing_config_id` is null for what was asked for before there were any.
    """

    dimension_set_id: str
    dimension_set_version: int
    processing_config_id: str | None
    processing_config_version: int | None
    highlight_types: list[UsedTypeResponse]


def render_used(profile: Profile) -> UsedResponse:
    """What a snapshot was made of."""
    return UsedResponse.model_validate(used_by(profile))
