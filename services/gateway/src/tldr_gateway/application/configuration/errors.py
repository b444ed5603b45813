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
    """There is none of this id, or it is another organization's. `named_in`: the field of a body that names it."""

    def __init__(self, kind: Kind, *, named_in: str | None = None) -> None:
        path = f"/v1/{kind.replace('_', '-')}s"
        detail = f"There is no {kind.words} of this id. List them with GET {path}."
        errors = [{"field": named_in, "problem": detail}] if named_in else []
        super().__init__(422 if named_in else 404, f"{kind}_not_found", detail, errors=errors)


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


class SetNotKept(Problem):
    """A stream's set is gone, or no longer kept in the version the stream had."""

    def __init__(self) -> None:
        detail = "The dimension set of the stream is not kept in the version it had. Give a `dimension_set_id` as well."
        super().__init__(422, "dimension_set_not_kept", detail)


class UnknownPreset(Problem):
    """No such preset."""

    def __init__(self, name: str, known: str) -> None:
        super().__init__(422, "unknown_preset", f"There is no preset {name!r}. Choose one of: {known}.")


class InvalidProcessing(Problem):
    """Figures that do not go together, the preset's included."""

    def __init__(self, shortest: int, longest: int) -> None:
        detail = f"Highlights would have at least {shortest} ms and at most {longest} ms. Give both lengths."
        super().__init__(422, "invalid_processing", detail)
