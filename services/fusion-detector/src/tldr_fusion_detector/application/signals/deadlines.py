"""How far provisional results may go ahead of a modality that is silent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tldr_fusion_detector.application.signals.coverage import Coverage, ModalityState, ended
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.signals import Modality


def _usual() -> dict[Modality, timedelta]:
    media, others = timedelta(seconds=15), timedelta(seconds=10)
    return {Modality.VIDEO: media, Modality.AUDIO: media, Modality.CHAT: others, Modality.EXTERNAL: others}


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long provisional results wait for each modality that is behind the most advanced one, by the clock or in stream
    time; and after how long silence telemetry counts as missing.
    """

    behind: Mapping[Modality, timedelta] = field(default_factory=_usual)
    signals_silent: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Front:
    """Provisional results go up to `until_ms`. `look_again_ms`: after so long a deadline passes, None where none does."""

    until_ms: int
    look_again_ms: int | None


def front(
    record: StreamRecord, covered: Coverage, states: Mapping[Modality, ModalityState], deadlines: Deadlines
) -> Front:
    """How far provisional results go now: never behind the watermark, never ahead of the most advanced modality."""
    known = {modality: states.get(modality, ModalityState()) for modality in covered.declared}
    lead_ms = max([covered.watermark_ms, *(state.complete_until_ms for state in known.values())])
    behind = {
        modality: state
        for modality, state in known.items()
        if state.complete_until_ms < lead_ms and not ended(record, modality, known)
    }
    until_ms, waits = lead_ms, []
    for modality, state in behind.items():
        limit_ms = _ms(deadlines.behind.get(modality, timedelta()))
        if state.silent_ms < limit_ms and lead_ms - state.complete_until_ms < limit_ms:
            until_ms = min(until_ms, state.complete_until_ms)
            waits.append(limit_ms - state.silent_ms)
        if modality is Modality.EXTERNAL and state.silent_ms < (silent_ms := _ms(deadlines.signals_silent)):
            waits.append(silent_ms - state.silent_ms)
    return Front(max(until_ms, covered.watermark_ms), min(waits, default=None))


def silent_until_ms(
    record: StreamRecord, covered: Coverage, states: Mapping[Modality, ModalityState], deadlines: Deadlines
) -> int | None:
    """Up to where telemetry that is waited for has been silent too long: where all others are. None where it has not."""
    known = {modality: states.get(modality, ModalityState()) for modality in covered.declared}
    telemetry = known.get(Modality.EXTERNAL)
    if telemetry is None or covered.ended or telemetry.silent_ms < _ms(deadlines.signals_silent):
        return None
    others = [
        state.complete_until_ms
        for modality, state in known.items()
        if modality is not Modality.EXTERNAL and not ended(record, modality, known)
    ]
    until_ms = min(others, default=0) // 1000 * 1000
    return until_ms if until_ms > telemetry.complete_until_ms else None


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
