"""What can be wrong with a wish about a highlight, in words for the caller."""

from tldr_web import Problem


class HighlightNotFound(Problem):
    """No such highlight, or a deleted one, or another organization's."""

    def __init__(self) -> None:
        detail = "There is no highlight of this id. List the stream's highlights."
        super().__init__(404, "highlight_not_found", detail)


class HighlightWithdrawn(Problem):
    """Detection took it back."""

    def __init__(self) -> None:
        super().__init__(409, "highlight_withdrawn", "The highlight was taken back.")


class HighlightNotFinal(Problem):
    """It may still be detected anew with another start and end."""

    def __init__(self) -> None:
        detail = "The highlight may still change. Trim it once its `state` is `final`."
        super().__init__(409, "highlight_not_final", detail)


class RecordingGone(Problem):
    """What a clip is cut from is not kept any longer."""

    def __init__(self) -> None:
        detail = "The recording of this moment is not kept any longer, so no other clip can be cut of it."
        super().__init__(409, "segments_gone", detail)


class OutsideRecording(Problem):
    """There is no recording of the whole range."""

    def __init__(self) -> None:
        detail = "The recording does not hold this whole range. Choose a start and an end within what was recorded."
        super().__init__(422, "outside_recording", detail)
