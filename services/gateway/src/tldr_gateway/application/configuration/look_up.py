"""What an organization can choose from: what it configured, and the presets."""

from collections.abc import Sequence
from dataclasses import dataclass

from tldr_gateway.application.configuration.errors import ConfigurationNotFound, VersionNotFound
from tldr_gateway.application.configuration.ports import Configurations
from tldr_gateway.application.ports import Profiles
from tldr_gateway.domain.configuration.configured import Configured, Kind
from tldr_gateway.domain.configuration.presets import preset_of


@dataclass(frozen=True, slots=True)
class LookUp:
    """Reads; a preset is one that has a single version. There are no presets of types: they are part of their sets."""

    configurations: Configurations
    profiles: Profiles

    async def one(self, kind: Kind, id: str) -> Configured:
        """As it is now. ConfigurationNotFound."""
        found = self._preset(kind, id) or await self.configurations.get(kind, id)
        if found is None:
            raise ConfigurationNotFound(kind)
        return found

    async def page(self, kind: Kind, *, after: str | None, limit: int) -> Sequence[Configured]:
        """The organization's own, newest first, then the presets by name; those behind an id."""
        presets = self.presets(kind)
        if any(preset.id == after for preset in presets):
            return [preset for preset in presets if after is not None and preset.id > after][:limit]
        own = await self.configurations.page(kind, before=after, limit=limit)
        return [*own, *presets][:limit]

    async def versions(self, kind: Kind, id: str, *, before: int | None, limit: int) -> Sequence[Configured]:
        """Newest first, those before a number. ConfigurationNotFound."""
        present = await self.one(kind, id)
        if present.preset:
            return [present] if before is None or present.version < before else []
        return await self.configurations.versions(kind, id, before=before, limit=limit)

    async def version(self, kind: Kind, id: str, version: int) -> Configured:
        """One version. ConfigurationNotFound, VersionNotFound."""
        present = await self.one(kind, id)
        if present.version == version:
            return present
        found = None if present.preset else await self.configurations.version(kind, id, version)
        if found is None:
            raise VersionNotFound(present.version)
        return found

    def _preset(self, kind: Kind, id: str) -> Configured | None:
        return next((preset for preset in self.presets(kind) if preset.id == id), None)

    def presets(self, kind: Kind) -> Sequence[Configured]:
        """The presets of this kind, by name."""
        return () if kind is Kind.HIGHLIGHT_TYPE else [preset_of(kind, profile) for profile in self.profiles.all()]
