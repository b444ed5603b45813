"""Types of highlights as JSON, of a set or of the organization."""

from typing import Annotated

from pydantic import BaseModel, Field

from tldr_gateway.domain.configuration.highlight_type import MAX_CRITERIA
from tldr_gateway.entrypoints.http.words import Flag, Integer, Number, RequestBody, Text

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$", description="Small letters, digits and `_`.")]
Description = Annotated[Text, Field(max_length=500)]
Score = Annotated[Number, Field(ge=0, le=1)]
Scores = Annotated[dict[Word, Score], Field(max_length=MAX_CRITERIA)]
Title = Annotated[Text, Field(min_length=1, max_length=100)]
Priority = Annotated[Integer, Field(ge=-1000, le=1000, description="The higher one is looked at first.")]
Cooldown = Annotated[
    Integer,
    Field(ge=0, le=24 * 3_600_000, description="After a highlight of this type no other one is of it for so long."),
]
Exclusive = Annotated[Flag, Field(description="Where it holds, no further type is given.")]
_Duration = Annotated[Integer, Field(ge=0, le=600_000)]


class CriteriaRequest(RequestBody):
    """What must hold, all of it. With nothing at all it is a type of last resort: given where no other one holds."""

    min_scores: Annotated[Scores, Field(description="The least score of each of these dimensions.")] = Field(
        default_factory=dict
    )
    any_of: Annotated[Scores, Field(description="One of these dimensions must reach its score.")] = Field(
        default_factory=dict
    )
    required_dimensions: Annotated[
        list[Word], Field(max_length=MAX_CRITERIA, description="Must have been measured, whatever their scores.")
    ] = Field(default_factory=list)
    min_total: Annotated[Score, Field(description="The least score of the whole highlight.")] = 0.0
    min_duration_ms: _Duration = 0
    max_duration_ms: Annotated[Integer | None, Field(ge=1000, le=600_000)] = None


class TypeOfSetRequest(RequestBody):
    """A type that highlights can have; at most three are given to one."""

    name: Word
    title: Title
    criteria: CriteriaRequest = Field(default_factory=CriteriaRequest)
    cooldown_ms: Cooldown = 0
    priority: Priority = 0
    exclusive: Exclusive = False


class CriteriaResponse(BaseModel):
    """What must hold, all of it."""

    min_scores: dict[str, float]
    any_of: dict[str, float]
    required_dimensions: list[str]
    min_total: float
    min_duration_ms: int
    max_duration_ms: int | None


class TypeOfSetResponse(BaseModel):
    """A type that highlights can have."""

    name: str
    title: str
    criteria: CriteriaResponse
    cooldown_ms: int
    priority: int
    exclusive: bool
