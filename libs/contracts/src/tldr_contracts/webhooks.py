"""The registry of webhooks: their types, what each means, and the shape of its data; times in milliseconds of stream time."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why something did not come to be: a word for programs, a sentence for people."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A highlight, whole, as of its revision. `clip_path` leads to its clip, once it has one."""

    id: str
    stream_id: str
    revision: int
    state: Literal["provisional", "final"]
    start_ms: int
    end_ms: int
    peak_ms: int
    types: tuple[str, ...]
    score: float
    confidence: float
    title: str
    reason: str
    clip_path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedHighlight(Highlight):
    """A highlight without a clip, and why."""

    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnHighlight:
    """A highlight that did not hold, or that the customer deleted, as of its revision."""

    id: str
    stream_id: str
    revision: int
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedStream:
    """A stream that is done, and how many highlights it has."""

    stream_id: str
    duration_ms: int
    highlight_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedStream:
    """A stream that could not be finished, and why."""

    stream_id: str
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledStream:
    """A stream that was cancelled."""

    stream_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveStream:
    """A stream whose source is live. `wall_zero_ms`: the wall clock at stream time 0, since 1970, give or take what is said."""

    stream_id: str
    wall_zero_ms: int | None
    wall_uncertainty_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptedStream:
    """A live stream whose source gives nothing since `at_ms`, and why."""

    stream_id: str
    at_ms: int
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumedStream:
    """A live stream whose source gives something again, from `at_ms` on; what is missing is a gap."""

    stream_id: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedStream:
    """A live stream whose source has ended, and why, where it ended badly."""

    stream_id: str
    duration_ms: int
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedRescore:
    """A further run that is done; `failed_count` of its highlights have no clip."""

    stream_id: str
    run_id: str
    duration_ms: int
    highlight_count: int
    failed_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRescore:
    """A further run that could not be finished, and why."""

    stream_id: str
    run_id: str
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What a test says."""

    message: str


Data = (
    Highlight
    | FailedHighlight
    | WithdrawnHighlight
    | CompletedStream
    | FailedStream
    | CancelledStream
    | LiveStream
    | InterruptedStream
    | ResumedStream
    | EndedStream
    | CompletedRescore
    | FailedRescore
    | Test
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Its type as messages name it, what it means, and its data."""

    name: str
    means: str
    data: type[Data]


WEBHOOKS: Final = (
    Webhook("highlight.detected", "A highlight was found; it may be provisional.", Highlight),
    Webhook("highlight.revised", "A highlight has other figures, which replace the old ones as a whole.", Highlight),
    Webhook("highlight.ready", "A highlight will not change any more and has its clip.", Highlight),
    Webhook(
        "highlight.failed",
        "A highlight will not change any more and has no clip; the failure says why.",
        FailedHighlight,
    ),
    Webhook("highlight.withdrawn", "A highlight that was told of did not hold, or was deleted.", WithdrawnHighlight),
    Webhook("stream.completed", "A stream is done; each of its highlights is ready or failed.", CompletedStream),
    Webhook("stream.failed", "A stream could not be finished; the failure says why.", FailedStream),
    Webhook("stream.cancelled", "A stream was cancelled; no more is told of it.", CancelledStream),
    Webhook("stream.live", "A live stream's source is live: from now on it is watched.", LiveStream),
    Webhook("stream.interrupted", "A live stream's source gives nothing; it is waited for.", InterruptedStream),
    Webhook("stream.resumed", "A live stream's source gives something again.", ResumedStream),
    Webhook("stream.ended", "A live stream's source has ended; what was seen is finished.", EndedStream),
    Webhook("rescore.completed", "A rescore is done; list its run to see the highlights.", CompletedRescore),
    Webhook("rescore.failed", "A rescore could not be finished; the failure says why.", FailedRescore),
    Webhook("webhook.test", "A test that was asked for.", Test),
)
WEBHOOK_TYPES: Final = tuple(webhook.name for webhook in WEBHOOKS)
