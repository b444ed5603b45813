"""What webhooks say, and to whom. A highlight's life is told in one vocabulary, by revisions."""

from dataclasses import asdict, dataclass, replace

from tldr_contracts import webhooks
from tldr_contracts.webhooks import Data, Failure, Highlight
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint

_REVISIONS = {"highlight.detected", "highlight.revised", "highlight.withdrawn"}


@dataclass(frozen=True, slots=True)
class Content:
    """The type and data of a message, and the highlight it is about, if it is about one."""

    type: str
    data: Data
    highlight: str | None = None

    @property
    def revision(self) -> int:
        """Of the highlight; 0 where it is about none."""
        return getattr(self.data, "revision", 0)

    def is_news(self, notified: int | None) -> bool:
        """Whether it goes beyond the revision that was told of: what comes late, or again, is not told. That one is ready, or
        could not be cut, is said of a revision that is known.
        """
        known = 0 if notified is None else notified
        return self.revision > known or (self.revision == known and self.type not in _REVISIONS)

    def to(self, endpoint: Endpoint, *, notified: int | None) -> "Content | None":
        """What this endpoint is sent of it; `notified`: the latest revision of the highlight that it was told of, None where it
        was told nothing. Whoever was told of a highlight hears that it was withdrawn, whatever types it takes.
        """
        said = self.to_all(notified=notified)
        if said is None:
            return None
        takes = endpoint.enabled if said.type == "highlight.withdrawn" else endpoint.takes(said.type)
        return said if takes else None

    def to_all(self, *, notified: int | None) -> "Content | None":
        """What is told of it where all types are taken.

        Nobody who was not told of a highlight hears that it was withdrawn. A revision is news to whoever was not told: the
        highlight is detected there.
        """
        if self.highlight is not None and not self.is_news(notified):
            return None
        if self.type == "highlight.withdrawn":
            return self if notified is not None else None
        new = self.type == "highlight.revised" and notified is None
        return replace(self, type="highlight.detected") if new else self


def detected(highlight: Highlight) -> Content:
    """It was found."""
    return Content("highlight.detected", highlight, highlight.id)


def revised(highlight: Highlight) -> Content:
    """It has other figures."""
    return Content("highlight.revised", highlight, highlight.id)


def ready(highlight: Highlight) -> Content:
    """It has its clip."""
    whole = replace(highlight, clip_path=f"/v1/highlights/{highlight.id}/clip")
    return Content("highlight.ready", whole, highlight.id)


def failed(highlight: Highlight, failure: Failure) -> Content:
    """It could not be cut."""
    whole = webhooks.FailedHighlight(**{**asdict(highlight), "failure": failure})
    return Content("highlight.failed", whole, highlight.id)


def withdrawn(highlight: str, *, stream: str, revision: int, deleted: bool = False) -> Content:
    """It was taken back, or deleted."""
    gone = webhooks.WithdrawnHighlight(id=highlight, stream_id=stream, revision=revision, deleted=deleted)
    return Content("highlight.withdrawn", gone, highlight)


def stream_completed(stream: str, *, duration_ms: int, highlights: int) -> Content:
    """A stream is done."""
    done = webhooks.CompletedStream(stream_id=stream, duration_ms=duration_ms, highlight_count=highlights)
    return Content("stream.completed", done)


def stream_failed(stream: str, failure: Failure) -> Content:
    """A stream could not be finished."""
    return Content("stream.failed", webhooks.FailedStream(stream_id=stream, failure=failure))


def stream_cancelled(stream: str) -> Content:
    """A stream was cancelled."""
    return Content("stream.cancelled", webhooks.CancelledStream(stream_id=stream))


def stream_live(stream: str, *, wall_zero_ms: int, wall_uncertainty_ms: int) -> Content:
    """A live stream is watched from now on; a `wall_zero_ms` of 0 is not known."""
    known = wall_zero_ms > 0
    live = webhooks.LiveStream(
        stream_id=stream,
        wall_zero_ms=wall_zero_ms if known else None,
        wall_uncertainty_ms=wall_uncertainty_ms if known else None,
    )
    return Content("stream.live", live)


def stream_interrupted(stream: str, *, at_ms: int, failure: Failure) -> Content:
    """A live stream's source gives nothing."""
    return Content("stream.interrupted", webhooks.InterruptedStream(stream_id=stream, at_ms=at_ms, failure=failure))


def stream_resumed(stream: str, *, at_ms: int) -> Content:
    """A live stream's source gives something again."""
    return Content("stream.resumed", webhooks.ResumedStream(stream_id=stream, at_ms=at_ms))


def stream_ended(stream: str, *, duration_ms: int, failure: Failure | None) -> Content:
    """A live stream's source has ended."""
    ended = webhooks.EndedStream(stream_id=stream, duration_ms=duration_ms, failure=failure)
    return Content("stream.ended", ended)


def rescore_completed(stream: str, run: str, *, duration_ms: int, ready: int, failed: int) -> Content:
    """A rescore is done."""
    done = webhooks.CompletedRescore(
        stream_id=stream, run_id=run, duration_ms=duration_ms, highlight_count=ready + failed, failed_count=failed
    )
    return Content("rescore.completed", done)


def rescore_failed(stream: str, run: str, failure: Failure) -> Content:
    """A rescore could not be finished."""
    return Content("rescore.failed", webhooks.FailedRescore(stream_id=stream, run_id=run, failure=failure))


def test() -> Content:
    """A test that was asked for."""
    return Content("webhook.test", webhooks.Test(message="This is a test."))
