"""What can be wrong with a question, in words for the caller. Each knows its status and code."""

from tldr_streams.values import Failure
from tldr_web import Problem


class DryRunImpossible(Problem):
    """A profile that cannot be tried on the stream, and why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(409, failure.code, failure.reason)


class TooManyDryRuns(Problem):
    """As many as there may be at a time are being made for others."""

    def __init__(self, limit: int) -> None:
        detail = f"{limit} dry runs are being made at a time. Try again in a moment."
        super().__init__(429, "too_many_dry_runs", detail, headers={"retry-after": "1"})


class HighlightNotFound(Problem):
    """No such highlight, another organization's, a retracted one, or one whose signals are kept no longer."""

    def __init__(self) -> None:
        detail = "There is no highlight of this id, or its signals are kept no longer. List the stream's highlights."
        super().__init__(404, "highlight_not_found", detail)


class VerdictNotFound(Problem):
    """Nothing was said of that highlight, or nothing is known of it."""

    def __init__(self) -> None:
        detail = "There is no verdict on a highlight of this id. Give one with PUT to the same address."
        super().__init__(404, "verdict_not_found", detail)


class EndsBeforeItStarts(Problem):
    """Corrected times that leave nothing."""

    def __init__(self, start_ms: int, end_ms: int) -> None:
        detail = f"The moment would go from {start_ms} to {end_ms} ms. Give an `end_ms` after the `start_ms`."
        super().__init__(422, "invalid_range", detail)


class ScorerNotFound(Problem):
    """No such scorer, another organization's, or one that was removed."""

    def __init__(self) -> None:
        super().__init__(404, "scorer_not_found", "There is no scorer of this id. List them with GET /v1/scorers.")


class ScorerNotReady(Problem):
    """There is nothing to use of it."""

    def __init__(self, state: str) -> None:
        detail = f"The scorer is {state}, not ready. Use one that is, or train another."
        super().__init__(409, "scorer_not_ready", detail)


class ScorerOutdated(Problem):
    """Detection has changed since its training."""

    def __init__(self) -> None:
        detail = "Signals are read differently since this scorer was trained. Train it anew from the same moments."
        super().__init__(409, "scorer_outdated", detail)


class TooManyScorers(Problem):
    """The number of scorers an organization may have is reached."""

    def __init__(self, limit: int) -> None:
        super().__init__(409, "too_many_scorers", f"There can be {limit} scorers. Delete one first.")


class NoFinishedStream(Problem):
    """No such stream, another organization's, or one that is not completed."""

    def __init__(self, stream: str) -> None:
        detail = f"There is no completed stream {stream} whose signals are kept. Train from completed streams."
        super().__init__(404, "stream_not_found", detail)


class CalibrationGone(Problem):
    """Detection has changed since the run."""

    def __init__(self, version: int, now: int) -> None:
        detail = (
            f"The highlight was found by calibration {version}, and this is calibration {now}. "
            "Rescore the stream for highlights that can be explained."
        )
        super().__init__(409, "calibration_gone", detail)
