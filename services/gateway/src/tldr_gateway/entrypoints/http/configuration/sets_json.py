"""Dimension sets as JSON."""

from typing import Annotated

from pydantic import BaseModel, Field

from tldr_gateway.domain.configuration.dimension_set import MAX_DIMENSIONS, MAX_SIGNALS, MAX_TYPES, DimensionKind
from tldr_gateway.entrypoints.http.configuration.shelf import ConfiguredResponse
from tldr_gateway.entrypoints.http.configuration.types_json import (
    Description,
    TypeOfSetRequest,
    TypeOfSetResponse,
    Word,
)
from tldr_gateway.entrypoints.http.words import Integer, Name, Number, RequestBody, Text


class SignalPartRequest(RequestBody):
    """A signal's part in a dimension; its weight is negative where less of it means more."""

    signal: Annotated[Text, Field(max_length=60)]
    weight: Annotated[Number, Field(ge=-100, le=100)]


class DimensionRequest(RequestBody):
    """One thing that makes a moment worth keeping. Its share of the score is its weight over the weights of all.

    `rule`: from `signals`. `model`: by a model that is asked `prompt`. `hybrid`: from both.
    """

    name: Word
    description: Description = ""
    kind: DimensionKind = DimensionKind.RULE
    weight: Annotated[Number, Field(ge=0, le=1_000_000)]
    signals: Annotated[list[SignalPartRequest], Field(max_length=MAX_SIGNALS)] = Field(default_factory=list)
    prompt: Annotated[Text, Field(max_length=2000)] = ""


Dimensions = Annotated[list[DimensionRequest], Field(min_length=1, max_length=MAX_DIMENSIONS)]
Types = Annotated[list[TypeOfSetRequest], Field(max_length=MAX_TYPES)]


class DimensionSetRequest(RequestBody):
    """A dimension set to be made."""

    name: Name
    description: Description = ""
    dimensions: Dimensions
    types: Types = Field(default_factory=list)


class DimensionSetChangeRequest(RequestBody):
    """What is to change, each field as a whole; the rest stays."""

    name: Name | None = None
    description: Description | None = None
    dimensions: Dimensions | None = None
    types: Types | None = None


class CloneRequest(RequestBody):
    """How the new set is to be called, and of which version it is to be made; without it, of the present one."""

    name: Name | None = None
    version: Annotated[Integer | None, Field(ge=1, le=2**31 - 1)] = None


class SignalPartResponse(BaseModel):
    """A signal's part in a dimension."""

    signal: str
    weight: float


class DimensionOfSetResponse(BaseModel):
    """One thing that makes a moment worth keeping; the weights of a set sum to 1."""

    name: str
    description: str
    kind: DimensionKind
    weight: float
    signals: list[SignalPartResponse]
    prompt: str


class DimensionSetResponse(ConfiguredResponse):
    """A dimension set. `based_on`: the preset it began as. `not_scored_yet`: dimensions that only a model can score: none is
    asked yet, so the others take their weight.
    """

    dimensions: list[DimensionOfSetResponse]
    types: list[TypeOfSetResponse]
    based_on: str | None
    not_scored_yet: list[str]


class DimensionSetsResponse(BaseModel):
    """A page of dimension sets: your own, newest first, then the presets. Pass `next_cursor` as `cursor` for the next page."""

    dimension_sets: list[DimensionSetResponse]
    next_cursor: str | None


class DimensionSetVersionsResponse(BaseModel):
    """A page of the versions of a set, newest first."""

    versions: list[DimensionSetResponse]
    next_cursor: int | None
