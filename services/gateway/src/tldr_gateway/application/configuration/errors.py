"""What can be wrong with a request about configurations, in words for the caller."""

from collections.abc import Iterable

from tldr_gateway.domain.configuration.configured import Fault, Kind
from tldr_web import Problem


class InvalidFields(Problem):
    """Fields that have the right types and make no sense together."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        errors = [{"field": fault.field, "problem": fault.problem} for fault in faults]
        detail = "Correct the fields listed in `errors` and send it again."
        super().__init__(422, "invalid_request", detail, errors=errors)


class ConfigurationNotFound(Problem):
    """There is none of this id, or it is another organization's."""

    def __init__(self, kind: Kind, *, status: int = 404) -> None:
        path = f"/v1/{kind.replace('_', '-')}s"
        super().__init__(
            status, f"{kind}_not_found", f"There is no {kind.words} of this id. List them with GET {path}."
        )


class VersionNotFound(Problem):
    """It never had this version."""

    def __init__(self, newest: int) -> None:
        super().__init__(404, "version_not_found", f"There is no such version. The newest one is {newest}.")


class PresetReadOnly(Problem):
    """Presets are everybody's."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            409, "preset_read_only", f"Presets cannot be changed. Make a {kind.words} of your own like it."
        )


class VersionConflict(Problem):
    """Somebody changed it since the caller saw it."""

    def __init__(self, newest: int) -> None:
        detail = f"It was changed since: its version is {newest} now. Get it, and send your change with its new `ETag`."
        super().__init__(412, "version_conflict", detail)


class NameTaken(Problem):
    """Another one is called so."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(409, "name_taken", f"Another {kind.words} of yours has this name. Choose another name.")


class TooManyConfigurations(Problem):
    """The number of one kind that an organization may have is reached."""

    def __init__(self, kind: Kind, limit: int) -> None:
        detail = f"You can have {limit} {kind.words}s. Delete one first."
        super().__init__(409, "too_many_configurations", detail)


class TooManyVersions(Problem):
    """The number of versions that are kept is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"{limit} versions are kept, and this one has as many. Make a new one like it and change that."
        super().__init__(409, "too_many_versions", detail)


class NoSignalTaken(Problem):
    """The config takes none of the modalities that the set's signals are of."""

    def __init__(self) -> None:
        detail = "No dimension of the set has a signal of the `modalities` of the processing config. Choose others."
        super().__init__(422, "nothing_to_score", detail)


class NoRoomForSignals(Problem):
    """The set has as many dimensions as there can be."""

    def __init__(self, limit: int) -> None:
        detail = (
            f"The set has {limit} dimensions, so there is no room for `telemetry`. Weigh your `signals` in the set."
        )
        super().__init__(422, "too_many_dimensions", detail)
