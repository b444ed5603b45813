"""What a stream is to be scored by, as one snapshot of what is configured now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tldr_gateway.application.configuration.errors import (
    ConfigurationNotFound,
    InvalidFields,
    InvalidProcessing,
    NoRoomForSignals,
    NoSignalTaken,
    SetNotKept,
    UnknownPreset,
    VersionNotFound,
)
from tldr_gateway.application.configuration.look_up import LookUp
from tldr_gateway.domain.configuration.configured import MAX_CONFIGURED, Configured, Fault, Kind
from tldr_gateway.domain.configuration.dimension_set import MAX_DIMENSIONS, normalised, set_faults
from tldr_gateway.domain.configuration.profile import NothingToScore, TooManyDimensions, compose
from tldr_gateway.domain.streams.submission import Profile

DEFAULT_PRESET = "gaming"
UNSAVED = "unsaved"
_Figures = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A preset by its name, or a dimension set by its id; perhaps a processing config by its id."""

    preset: str | None = None
    dimension_set: str | None = None
    processing_config: str | None = None

    @property
    def names_a_set(self) -> bool:
        """Whether it says what is to be scored."""
        return self.preset is not None or self.dimension_set is not None


@dataclass(frozen=True, slots=True)
class ChooseProfile:
    """Without a config, the figures are those of the preset that the set is based on, or of `gaming`."""

    configurations: LookUp

    async def __call__(self, choice: Choice, processing: _Figures = None, signals: Sequence[str] = ()) -> Profile:
        """The profile; `processing` overrides the config's figures, external `signals` are those the stream declares.

        UnknownPreset, ConfigurationNotFound (422), NoSignalTaken, NoRoomForSignals, InvalidProcessing.
        """
        return await self._of(await self._dimension_set(choice), choice, processing, signals)

    async def again(
        self, before: Profile, choice: Choice, processing: _Figures = None, signals: Sequence[str] = ()
    ) -> Profile:
        """The profile of a stream that had one: its own with other figures where nothing is chosen, and where only a config
        is, its own set in the version it had. The same errors, and SetNotKept.
        """
        if choice.names_a_set:
            return await self(choice, processing, signals)
        if choice.processing_config is None:
            return adjust_profile(before, processing)
        try:
            kept = await self.configurations.version(Kind.DIMENSION_SET, before.name, before.version)
        except (ConfigurationNotFound, VersionNotFound) as error:
            raise SetNotKept from error
        return await self._of(kept, choice, processing, signals)

    async def unsaved(
        self, document: Mapping[str, Any], choice: Choice, processing: _Figures = None, signals: Sequence[str] = ()
    ) -> Profile:
        """The same of a dimension set that is not kept. InvalidFields, the errors of `again` but SetNotKept."""
        if faults := set_faults(document):
            raise InvalidFields(Fault(f"dimension_set.{fault.field}", fault.problem) for fault in faults)
        whole = {**normalised(document), "based_on": None}
        tried = Configured(UNSAVED, Kind.DIMENSION_SET, 1, UNSAVED, whole, None, None, None)
        return await self._of(tried, choice, processing, signals)

    async def _of(
        self, dimension_set: Configured, choice: Choice, processing: _Figures, signals: Sequence[str]
    ) -> Profile:
        usual = dimension_set.document["based_on"] or DEFAULT_PRESET
        config = await self._named(Kind.PROCESSING_CONFIG, choice.processing_config or usual)
        types = await self.configurations.page(Kind.HIGHLIGHT_TYPE, after=None, limit=MAX_CONFIGURED)
        try:
            profile = compose(dimension_set, types, config, signals)
        except NothingToScore as error:
            raise NoSignalTaken from error
        except TooManyDimensions as error:
            raise NoRoomForSignals(MAX_DIMENSIONS) from error
        return adjust_profile(profile, processing)

    async def _dimension_set(self, choice: Choice) -> Configured:
        if choice.dimension_set is not None:
            return await self._named(Kind.DIMENSION_SET, choice.dimension_set)
        wanted, presets = choice.preset or DEFAULT_PRESET, self.configurations.presets(Kind.DIMENSION_SET)
        for preset in presets:
            if preset.id == wanted:
                return preset
        raise UnknownPreset(wanted, ", ".join(preset.id for preset in presets))

    async def _named(self, kind: Kind, id: str) -> Configured:
        try:
            return await self.configurations.one(kind, id)
        except ConfigurationNotFound as error:
            raise ConfigurationNotFound(kind, named_in=f"{kind}_id") from error


def adjust_profile(profile: Profile, processing: _Figures) -> Profile:
    """The same with other figures; InvalidProcessing where they do not go together."""
    figures = {**profile.document["processing"], **(processing or {})}
    shortest, longest = int(figures["min_length_ms"]), int(figures["max_length_ms"])
    if shortest > longest:
        raise InvalidProcessing(shortest, longest)
    return Profile(profile.name, profile.version, {**profile.document, "processing": figures})
