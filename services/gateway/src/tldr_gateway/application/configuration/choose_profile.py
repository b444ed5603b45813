"""What a stream is to be scored by, as one snapshot of what is configured now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tldr_gateway.application.configuration.errors import (
    ConfigurationNotFound,
    NoRoomForSignals,
    NoSignalTaken,
)
from tldr_gateway.application.configuration.look_up import LookUp
from tldr_gateway.application.streams.errors import InvalidProcessing, UnknownPreset
from tldr_gateway.domain.configuration.configured import MAX_CONFIGURED, Configured, Kind
from tldr_gateway.domain.configuration.dimension_set import MAX_DIMENSIONS
from tldr_gateway.domain.configuration.profile import NothingToScore, TooManyDimensions, compose
from tldr_gateway.domain.streams.submission import Profile

DEFAULT_PRESET = "gaming"


@dataclass(frozen=True, slots=True)
class Choice:
    """A preset by its name, or a dimension set by its id; perhaps a processing config by its id."""

    preset: str = DEFAULT_PRESET
    dimension_set: str | None = None
    processing_config: str | None = None


@dataclass(frozen=True, slots=True)
class ChooseProfile:
    """Without a config, the figures are those of the preset that the set is based on, or of `gaming`."""

    configurations: LookUp

    async def __call__(
        self, choice: Choice, processing: Mapping[str, Any] | None = None, signals: Sequence[str] = ()
    ) -> Profile:
        """The profile; `processing` overrides the config's figures, external `signals` are those the stream declares.

        UnknownPreset, ConfigurationNotFound (422), NoSignalTaken, NoRoomForSignals, InvalidProcessing.
        """
        dimension_set = await self._dimension_set(choice)
        return await self.of(dimension_set, await self.config(choice, dimension_set), processing, signals)

    async def of(
        self,
        dimension_set: Configured,
        config: Configured,
        processing: Mapping[str, Any] | None = None,
        signals: Sequence[str] = (),
    ) -> Profile:
        """The same of a set and a config at hand, with the organization's own types as they are now."""
        types = await self.configurations.page(Kind.HIGHLIGHT_TYPE, after=None, limit=MAX_CONFIGURED)
        try:
            profile = compose(dimension_set, types, config, signals)
        except NothingToScore as error:
            raise NoSignalTaken from error
        except TooManyDimensions as error:
            raise NoRoomForSignals(MAX_DIMENSIONS) from error
        return adjust_profile(profile, processing)

    async def config(self, choice: Choice, dimension_set: Configured) -> Configured:
        """The config that goes with a set."""
        usual = dimension_set.document["based_on"] or DEFAULT_PRESET
        return await self._named(Kind.PROCESSING_CONFIG, choice.processing_config or usual)

    async def _dimension_set(self, choice: Choice) -> Configured:
        if choice.dimension_set is not None:
            return await self._named(Kind.DIMENSION_SET, choice.dimension_set)
        presets = self.configurations.presets(Kind.DIMENSION_SET)
        for preset in presets:
            if preset.id == choice.preset:
                return preset
        raise UnknownPreset(choice.preset, ", ".join(preset.id for preset in presets))

    async def _named(self, kind: Kind, id: str) -> Configured:
        try:
            return await self.configurations.one(kind, id)
        except ConfigurationNotFound as error:
            raise ConfigurationNotFound(kind, named_in=f"{kind}_id") from error


def adjust_profile(profile: Profile, processing: Mapping[str, Any] | None) -> Profile:
    """The same with other figures; InvalidProcessing where they do not go together."""
    figures = {**profile.document["processing"], **(processing or {})}
    shortest, longest = int(figures["min_length_ms"]), int(figures["max_length_ms"])
    if shortest > longest:
        raise InvalidProcessing(shortest, longest)
    return Profile(profile.name, profile.version, {**profile.document, "processing": figures})
