"""What webhooks say: their types and their data. A highlight's life is told in one vocabulary, by revisions."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from tldr_webhook_dispatcher.domain.endpoint import Endpoint

TYPES = {
    "highlight.detected": "A highlight was found; it may be provisional.",
    "highlight.revised": "A highlight has other figures, which replace the old ones as a whole.",
    "highlight.ready": "A highlight will not change any more and has its clip.",
    "highlight.failed": "A highlight will not change any more and has no clip; the failure says why.",
    "highlight.withdrawn": "A highlight that was told of did not hold.",
    "stream.completed": "A stream is done; each of its highlights is ready or failed.",
    "stream.failed": "A stream could not be finished; the failure says why.",
    "stream.cancelled": "A stream was cancelled; no more is told of it.",
    "rescore.completed": "A rescore is done; list its run to see the highlights.",
    "rescore.failed": "A rescore could not be finished; the failure says why.",
    "webhook.test": "A test that was asked for.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not come to be: a word for programs, a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """A highlight as webhooks show it, under these names; times in milliseconds of stream time."""

    id: str
    stream_id: str
    revision: int
    state: str
    start_ms: int
    end_ms: int
    peak_ms: int
    types: tuple[str, ...]
    score: float
    confidence: float
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Content:
    """The type and data of a message, and the highlight it is about, if it is about one."""

    type: str
    data: dict[str, Any]
    highlight: str | None = None

    def to(self, endpoint: Endpoint, *, told: bool) -> "Content | None":
        """What this endpoint is sent of it; `told` says whether it has been told of the highlight before.

        Whoever was told of a highlight hears that it was withdrawn, whatever types it takes, and nobody else does. A
        revision is news to an endpoint that was not told: the highlight is detected there.
        """
        if self.type == "highlight.withdrawn":
            return self if told and endpoint.enabled else None
        said = replace(self, type="highlight.detected") if self.type == "highlight.revised" and not told else self
        return said if endpoint.takes(said.type) else None


def detected(highlight: Highlight) -> Content:
    """It was found."""
    return _about("highlight.detected", highlight)


def revised(highlight: Highlight) -> Content:
    """It has other figures."""
    return _about("highlight.revised", highlight)


def ready(highlight: Highlight) -> Content:
    """It has its clip."""
    return _about("highlight.ready", highlight, clip_path=f"/v1/highlights/{highlight.id}/clip")


def failed(highlight: Highlight, failure: Failure) -> Content:
    """It could not be cut."""
    return _about("highlight.failed", highlight, failure=asdict(failure))


def withdrawn(highlight: str, *, stream: str, revision: int) -> Content:
    """It was taken back."""
    data = {"id": highlight, "stream_id": stream, "revision": revision}
    return Content("highlight.withdrawn", data, highlight)


def stream_completed(stream: str, *, duration_ms: int, highlights: int) -> Content:
    """A stream is done."""
    data = {"stream_id": stream, "duration_ms": duration_ms, "highlight_count": highlights}
    return Content("stream.completed", data)


def stream_failed(stream: str, failure: Failure) -> Content:
    """A stream could not be finished."""
    return Content("stream.failed", {"stream_id": stream, "failure": asdict(failure)})


def stream_cancelled(stream: str) -> Content:
    """A stream was cancelled."""
    return Content("stream.cancelled", {"stream_id": stream})


def rescore_completed(stream: str, run: str, *, duration_ms: int, ready: int, failed: int) -> Content:
    """A rescore is done."""
    counts = {"duration_ms": duration_ms, "highlight_count": ready + failed, "failed_count": failed}
    return Content("rescore.completed", {"stream_id": stream, "run_id": run, **counts})


def rescore_failed(stream: str, run: str, failure: Failure) -> Content:
    """A rescore could not be finished."""
    return Content("rescore.failed", {"stream_id": stream, "run_id": run, "failure": asdict(failure)})


def test() -> Content:
    """A test that was asked for."""
    return Content("webhook.test", {"message": "This is a test."})


def _about(kind: str, highlight: Highlight, **more: Any) -> Content:
    return Content(kind, {**asdict(highlight), "clip_path": None, **more}, highlight.id)
