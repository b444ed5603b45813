"""What can be wrong with a run, in words for the caller."""

from tldr_web import Problem


class StreamNotCompleted(Problem):
    """Only what was finished can be detected on once more."""

    def __init__(self, state: str) -> None:
        detail = f"The stream is {state}. It can be rescored, or tried under another profile, once it is completed."
        super().__init__(409, "stream_not_completed", detail)


class TooManyRuns(Problem):
    """The number of runs that are kept of a stream is reached."""

    def __init__(self, limit: int) -> None:
        detail = f"{limit} runs are kept of a stream, and this one has as many. Submit the recording again."
        super().__init__(409, "too_many_runs", detail)


class TooManyRescores(Problem):
    """As many rescores as an organization may have wait already."""

    def __init__(self, limit: int) -> None:
        detail = f"{limit} rescores are being made at a time. Wait until one ends."
        super().__init__(429, "too_many_rescores", detail, headers={"retry-after": "5"})


class RunNotFound(Problem):
    """No such run of this stream, or another organization's."""

    def __init__(self) -> None:
        detail = "The stream has no run of this id. List them with GET /v1/streams/{id}/runs."
        super().__init__(404, "run_not_found", detail)
