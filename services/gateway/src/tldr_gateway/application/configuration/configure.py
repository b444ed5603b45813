"""An organization makes, changes or deletes what it configured. Streams at work have copies of their own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.configuration.errors import (
    ConfigurationNotFound,
    InvalidFields,
    NameTaken,
    PresetReadOnly,
    TooManyConfigurations,
    TooManyVersions,
)
from tldr_gateway.application.configuration.ports import Configurations
from tldr_gateway.application.ports import Announcements, Books, Organizations, Profiles
from tldr_gateway.domain.configuration.configured import MAX_CONFIGURED, MAX_VERSIONS, Configured, Fault, Kind
from tldr_gateway.domain.configuration.dimension_set import normalised, set_faults
from tldr_gateway.domain.configuration.highlight_type import type_faults
from tldr_gateway.domain.configuration.processing import processing_faults
from tldr_service import Clock

_Document = dict[str, Any]
_FAULTS: dict[Kind, Callable[[_Document], Iterable[Fault]]] = {
    Kind.DIMENSION_SET: set_faults,
    Kind.HIGHLIGHT_TYPE: type_faults,
    Kind.PROCESSING_CONFIG: processing_faults,
}


@dataclass(frozen=True, slots=True)
class Configure:
    """Each change is a further version, written down, and told to the mesh with the organization.

    All of them hold the organization's lock: versions of the organization grow one by one, and names stay unique.
    """

    organizations: Organizations
    configurations: Configurations
    profiles: Profiles
    announcements: Announcements
    books: Books
    clock: Clock

    async def create(self, caller: Caller, kind: Kind, name: str, document: _Document) -> Configured:
        """The first version. InvalidFields, NameTaken, TooManyConfigurations."""
        now = self.clock.now()
        document = _sound(kind, document)
        await self.organizations.lock(caller.organization)
        if len([head for head in await self.configurations.heads() if head.kind is kind]) >= MAX_CONFIGURED:
            raise TooManyConfigurations(kind, MAX_CONFIGURED)
        await self._require_free(kind, name)
        made = Configured(new_id(kind.prefix), kind, 1, name, document, now, now, caller.key)
        await self.configurations.add(made)
        await self._tell(caller, made, "created")
        return made

    async def change(
        self,
        caller: Caller,
        kind: Kind,
        id: str,
        changes: Mapping[str, Any],
        *,
        name: str | None = None,
        seen: Callable[[Configured], None] = lambda _: None,
    ) -> Configured:
        """The next version, with the fields that `changes` has; the present one where nothing is other than it was.

        `seen` raises where the caller saw another version than the one that is there, which is locked.
        ConfigurationNotFound, PresetReadOnly, InvalidFields, NameTaken, TooManyVersions.
        """
        found = await self._locked(caller.organization, kind, id, seen)
        document = _sound(kind, {**found.document, **changes})
        wanted = found.name if name is None else name
        if (wanted, document) == (found.name, found.document):
            return found
        if wanted != found.name:
            await self._require_free(kind, wanted)
        if found.version >= MAX_VERSIONS:
            raise TooManyVersions(MAX_VERSIONS)
        changed = found.changed(wanted, document, at=self.clock.now(), by=caller.key)
        await self.configurations.save(changed)
        await self._tell(caller, changed, "changed")
        return changed

    async def delete(
        self, caller: Caller, kind: Kind, id: str, *, seen: Callable[[Configured], None] = lambda _: None
    ) -> None:
        """All its versions go. ConfigurationNotFound, PresetReadOnly, and what `seen` raises."""
        found = await self._locked(caller.organization, kind, id, seen)
        await self.configurations.delete(kind, id)
        await self._tell(caller, found, "deleted")

    async def _locked(
        self, organization: OrganizationId, kind: Kind, id: str, seen: Callable[[Configured], None]
    ) -> Configured:
        if kind is not Kind.HIGHLIGHT_TYPE and self.profiles.named(id) is not None:
            raise PresetReadOnly(kind)
        await self.organizations.lock(organization)
        found = await self.configurations.lock(kind, id)
        if found is None:
            raise ConfigurationNotFound(kind)
        seen(found)
        return found

    async def _require_free(self, kind: Kind, name: str) -> None:
        if any(head.kind is kind and head.name == name for head in await self.configurations.heads()):
            raise NameTaken(kind)

    async def _tell(self, caller: Caller, configured: Configured, done: str) -> None:
        await self.announcements.organization_changed(await self.organizations.advance(caller.organization))
        await self.books.audit(
            actor=caller.key,
            action=f"{configured.kind}.{done}",
            subject=configured.id,
            at=self.clock.now(),
            after=None if done == "deleted" else {"name": configured.name, "version": configured.version},
        )


def _sound(kind: Kind, document: _Document) -> _Document:
    if faults := tuple(_FAULTS[kind](document)):
        raise InvalidFields(faults)
    return normalised(document) if kind is Kind.DIMENSION_SET else document
