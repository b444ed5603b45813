"""What the use cases need, in the words of the domain. Repositories see one organization, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from tldr_contracts.ids import HighlightId, RunId, StreamId
from tldr_fusion_detector.application.learning.verdict import Opinion
from tldr_fusion_detector.application.moments.found_highlight import FoundHighlight
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.application.scoring.kept_vocabulary import KeptVocabulary
from tldr_fusion_detector.application.signals.coverage import ModalityState
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.moments.detection import Detection, Highlight
from tldr_fusion_detector.domain.moments.evidence import Evidence
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.ledger import Explanation
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.signals import Floats, Modality
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_streams.following import Streams as Followed
from tldr_streams.values import Failure


class Streams(Followed[StreamRecord], Protocol):
    """The streams."""

    async def ensure(self, stream: StreamId, /) -> StreamRecord:
        """The stream, written down where it was not: what is kept of it goes when it is old."""

    async def lane_of(self, stream: StreamId, /) -> int:
        """The lane in which its facts are told; 0 where nothing was written of it."""


class Coverages(Protocol):
    """How far each modality of a stream is."""

    async def of(self, stream: StreamId) -> Mapping[Modality, ModalityState]:
        """All that something was said of."""

    async def extend(self, stream: StreamId, modalities: Iterable[Modality], until_ms: int) -> Mapping[Modality, int]:
        """Complete up to here; never goes back. Returns up to where each was before."""

    async def skip(self, stream: StreamId, modality: Modality, until_ms: int) -> None:
        """Complete up to here because it was silent, which it still is."""

    async def end(
        self, stream: StreamId, modality: Modality, *, attempt: int, duration_ms: int, failure: Failure | None
    ) -> None:
        """No more will come in this attempt; an older attempt changes nothing."""


class Signals(Protocol):
    """The stored series of streams, with cuts and pauses."""

    async def add(self, stream: StreamId, measurement: Measurement) -> None:
        """Keep a measurement; one of the same second replaces what was there, so repeating it changes nothing."""

    async def timeline(
        self, stream: StreamId, length_s: int, gaps: Iterable[ReportedGap], start_s: int = 0
    ) -> Timeline:
        """All that is known of `length_s` seconds from `start_s` on. A part costs by its own length alone."""


class Gaps(Protocol):
    """Gaps that other services reported."""

    async def add(self, stream: StreamId, gap: ReportedGap, *, attempt: int) -> None:
        """Keep a gap, once."""

    async def of(self, stream: StreamId, since_ms: int = 0) -> Sequence[ReportedGap]:
        """All that end after `since_ms`, as they were reported."""

    async def lengthen(self, stream: StreamId, end_ms: int, by: Sequence[ReportedGap]) -> bool:
        """Let the gap that ends at `end_ms`, of the kind of each of these, end with it instead; whether there was one."""

    async def fill(self, stream: StreamId, measurement: Measurement, *, attempt: int) -> None:
        """Forget gaps that lie within what was measured now: of earlier attempts, and what seemed never to come."""


class Runs(Protocol):
    """The runs of streams."""

    async def get(self, run: RunId) -> RunRecord | None:
        """One of them."""

    async def put(self, run: RunRecord) -> None:
        """Add it or replace it as a whole, but for its scores."""

    async def moved(self, run: RunRecord) -> None:
        """The run has seen more of its stream; nothing else of it has changed but its vocabulary, at its first look."""

    async def keep_scores(self, run: RunId, scores: Floats) -> None:
        """Keep a completed run's fused score, (n,) at 1 Hz from second 0."""

    async def scores(self, run: RunId) -> Floats | None:
        """What `keep_scores` kept, with the precision of a single float."""


class FoundHighlights(Protocol):
    """The highlights of runs, as they were published."""

    async def of_run(self, run: RunId) -> Sequence[FoundHighlight]:
        """All of them, the retracted ones too."""

    async def provisional(self, run: RunId) -> Sequence[FoundHighlight]:
        """Those that are neither final nor retracted."""

    async def find(self, highlight: HighlightId) -> tuple[RunId, FoundHighlight] | None:
        """One of them, with its run."""

    async def put(self, run: RunRecord, found: Sequence[FoundHighlight]) -> None:
        """Add them or replace them."""


class EvidenceLog(Protocol):
    """What completed runs were made from, in fingerprints."""

    async def keep(self, run: RunRecord, evidence: Evidence) -> None:
        """Write it down, once; nothing replaces it."""

    async def of(self, run: RunId) -> Evidence | None:
        """That of a run."""


class Vocabularies(Protocol):
    """What the streams of each channel have taught. Nobody sees another organization's, whatever its channels are called."""

    async def of(self, channel: str) -> KeptVocabulary | None:
        """What is kept of a channel. To ask is to use: what is not used is forgotten."""

    async def keep(self, channel: str, learned: Mapping[str, Any], *, seconds: int) -> None:
        """Replace it by what was learned from `seconds` more of stream. The last one stands: what streams that ran at the
        same time have learned is not added up.
        """


class Wakeups(Protocol):
    """Asks that a stream is advanced."""

    async def wake(self, record: StreamRecord, *, soon: bool, until_ms: int = 0) -> None:
        """Advance it, at once when `soon`, otherwise at the pace of the service; many wishes are one advance.

        `until_ms`: how much of it there is; what is long takes longer and is looked at less often. Does nothing while
        the stream is not `workable`.
        """

    async def wake_in(self, record: StreamRecord, delay: timedelta) -> None:
        """Advance it after so long, or before where something else asks for it."""

    async def rescore(self, record: StreamRecord, run: RunId) -> None:
        """Carry out a rescore, soon."""

    async def cancel(self, stream: StreamId) -> None:
        """Take all work on it back."""


class Announcements(Protocol):
    """What other services are told, in the order of the calls."""

    async def revised(self, run: RunRecord, found: Sequence[FoundHighlight]) -> None:
        """These highlights were found, changed or retracted."""

    async def completed(
        self, run: RunRecord, highlights: Sequence[FoundHighlight], gaps: Sequence[ReportedGap]
    ) -> None:
        """A run found all it will find: these, in order of time."""

    async def failed(self, run: RunRecord) -> None:
        """A run failed."""

    async def judged(self, stream: StreamId, highlight: HighlightId, opinion: Opinion | None, *, lane: int) -> None:
        """A customer said this of a highlight; None: takes back what was said. In the lane of its stream."""

    async def close(self, stream: StreamId) -> None:
        """Nothing more is told of a stream, unless it is tried again."""


class Detector(Protocol):
    """Detection, somewhere it holds nobody up."""

    async def __call__(
        self,
        timeline: Timeline,
        profile: Profile,
        mode: Mode,
        *,
        lag: Lag | None = None,
        vocabulary: Mapping[str, Any] | None = None,
        teach: bool = False,
        scorer: Scorer | None = None,
    ) -> Detection:
        """See `tldr_fusion_detector.domain.moments.detection.detect`."""


class Explainer(Protocol):
    """Explanation, somewhere it holds nobody up."""

    async def __call__(
        self, timeline: Timeline, profile: Profile, run: RunRecord, highlight: Highlight, scorer: Scorer | None
    ) -> Explanation:
        """See `tldr_fusion_detector.domain.scoring.ledger.explain`; `run` says by what the figures were made."""
