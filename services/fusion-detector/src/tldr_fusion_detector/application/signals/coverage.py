"""How far a stream is covered: declared modalities, watermark, end, and what is missing where a modality failed."""

from collections.abc import Mapping
from dataclasses import dataclass

from tldr_fusion_detector.application.signals.reported_gap import ReportedGap, signals_silent
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure

MEDIA = (Modality.VIDEO, Modality.AUDIO)
SECOND_MS = 1_000


@dataclass(frozen=True, slots=True)
class ModalityState:
    """How far a modality is complete, and the attempt in which it ended last (0: never), with where and why.

    `silent_ms`: for how long, by the clock, it has not come further.
    """

    complete_until_ms: int = 0
    ended_attempt: int = 0
    duration_ms: int = 0
    failure: Failure | None = None
    silent_ms: int = 0

    @property
    def end_ms(self) -> int:
        """Where it ends, as far as is known."""
        return self.duration_ms or self.complete_until_ms


@dataclass(frozen=True, slots=True)
class Coverage:
    """`watermark_ms`: every declared modality is complete, or known to be missing, up to here.

    `ended`: no declared modality will say more. `duration_ms` is where the stream ends, 0 where nobody claims to know;
    it is an estimate until `ended`. `missing`: what modalities that ended badly leave open.
    """

    declared: tuple[Modality, ...]
    watermark_ms: int
    ended: bool
    duration_ms: int
    missing: tuple[ReportedGap, ...]


def declared(record: StreamRecord) -> tuple[Modality, ...] | None:
    """The modalities to wait for: picture and sound as ingest found them, chat as it was asked for.

    None while that is not known in this attempt.
    """
    source = record.source
    if record.request is None or record.attempt not in (source.opened_attempt, source.ended_attempt):
        return None
    media = source.modalities if source.opened_attempt == record.attempt else ()
    asked = {Modality.CHAT: record.request.chat, Modality.EXTERNAL: record.request.external}
    return tuple(m for m in Modality if asked.get(m, m in media))


def unopened(record: StreamRecord) -> Failure | None:
    """Why the source was never opened in this attempt, where ingest gave up on it."""
    source = record.source
    gave_up = source.ended_attempt == record.attempt and source.opened_attempt != record.attempt
    return source.failure if gave_up else None


def coverage(record: StreamRecord, states: Mapping[Modality, ModalityState]) -> Coverage | None:
    """How far the stream is covered, or None while its modalities are not known. The order of events does not matter."""
    wanted = declared(record)
    if wanted is None:
        return None
    known = {modality: states.get(modality, ModalityState()) for modality in wanted}
    running = [state for modality, state in known.items() if not ended(record, modality, known)]
    duration = _duration(record, known)
    watermark = min((state.complete_until_ms for state in running), default=duration)
    gaps = [_left_open(record, modality, state, duration) for modality, state in known.items()]
    if not running and Modality.EXTERNAL in known:
        gaps += signals_silent(known[Modality.EXTERNAL].complete_until_ms + SECOND_MS, duration)
    missing = tuple(gap for gap in gaps if gap is not None)
    return Coverage(wanted, watermark, not running, duration, missing)


def ended(record: StreamRecord, modality: Modality, known: Mapping[Modality, ModalityState]) -> bool:
    """Whether a modality says no more in this attempt. Nobody ends telemetry: it ends with all others."""
    if modality is not Modality.EXTERNAL:
        return known.get(modality, ModalityState()).ended_attempt == record.attempt
    others = (one for one in known if one is not Modality.EXTERNAL)
    return record.source.ended_attempt == record.attempt and all(ended(record, one, known) for one in others)


def first_failure(known: Coverage, states: Mapping[Modality, ModalityState], gaps: tuple[ReportedGap, ...]) -> Failure:
    """Why a stream that has ended gave nothing at all: the first modality's failure, else the first gap's reason."""
    for modality in known.declared:
        if failure := states.get(modality, ModalityState()).failure:
            return failure
    if gaps:
        return Failure(gaps[0].code, gaps[0].reason)
    return Failure(
        "no_signals", "Nothing could be measured. Check that the source plays and has picture, sound or chat."
    )


def _duration(record: StreamRecord, known: Mapping[Modality, ModalityState]) -> int:
    """Where picture and sound end; where they say nothing, what ingest says; else where chat ends.

    Before the end the source's claim may be the better estimate: the longest of what is known is taken.
    """
    media = [state for modality, state in known.items() if modality in MEDIA]
    source = record.source
    read = source.duration_ms if source.ended_attempt == record.attempt else 0
    ended = [state.end_ms for state in media if state.ended_attempt == record.attempt]
    if media and len(ended) == len(media) and max(ended) > 0:
        return max(ended)
    if read:
        return read
    if source.claimed_ms:
        return max([source.claimed_ms, *(state.complete_until_ms for state in media)])
    return max((state.end_ms for state in known.values()), default=0)


def _left_open(record: StreamRecord, modality: Modality, state: ModalityState, duration_ms: int) -> ReportedGap | None:
    """What a modality that ended badly leaves open. A source that broke off claims how long it would have been."""
    if state.ended_attempt != record.attempt:
        return None
    source, failure, start, end = record.source, state.failure, state.complete_until_ms, duration_ms
    if modality in MEDIA:
        end = max(duration_ms, source.claimed_ms)
        if failure is None and source.ended_attempt == record.attempt:
            failure, start = source.failure, max(state.end_ms, start)
    return ReportedGap(modality, start, end, failure.code, failure.reason) if failure and start < end else None
