"""Fingerprints of what a run was made from, and what is no longer the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tldr_contracts.signals import RATE
from tldr_fusion_detector.domain.moments.detection import Highlight
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Floats, Modality
from tldr_fusion_detector.domain.signals.timeline import Timeline

GAPS, MARKS, WORDS, RUN = "gaps", "marks", "words", "run"
HIGHLIGHT, EVIDENCE, SCORER = "highlight", "evidence", "scorer"
_NO_SERIES = {GAPS, MARKS, WORDS, RUN, HIGHLIGHT, EVIDENCE, SCORER}
_WEIGHS_OTHERS = RATE.name

CHANGED = "was changed after the run"
ADDED = "was added after the run"
MISSING = "is missing"


@dataclass(frozen=True, slots=True)
class Tampering:
    """`signal`: a series, or one of the names above; `what` goes on a sentence that begins with it."""

    signal: str
    what: str

    def matters(self, profile: Profile, mode: Mode, scorer: Scorer | None = None) -> bool:
        """Whether highlights under this profile, or by this scorer, are made from it.

        A live stream finds its lag in all that it has.
        """
        if self.signal in _NO_SERIES or mode is Mode.LIVE:
            return True
        of_model = self.signal.startswith(f"{Modality.MODEL}.")
        read = (*profile.signals, *scorer.signals) if scorer else profile.signals
        return of_model or self.signal in (*read, _WEIGHS_OTHERS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """SHA-256 in hexadecimal: of each series, of gaps, marks, words and the run's own record, of each highlight by id.

    It shows changes by whoever can write signals but not this. It is no signature: it proves nothing against somebody who
    can write both.
    """

    signals: Mapping[str, str]
    highlights: Mapping[str, str]

    def against(self, now: Mapping[str, str], highlight: str, figures: Highlight) -> tuple[Tampering, ...]:
        """What differs from this among the signals, by name, then the highlight of that id."""
        named = sorted({**self.signals, **now})
        found = [(name, _difference(self.signals.get(name), now.get(name))) for name in named]
        found.append((HIGHLIGHT, _difference(self.highlights.get(highlight), of_figures(figures))))
        return tuple(Tampering(name, what) for name, what in found if what)


def of_timeline(timeline: Timeline, run: Mapping[str, Any]) -> dict[str, str]:
    """Fingerprints of a run's timeline and of its record, by name; those of nothing are left out."""
    found = {name: _of_bytes(_samples(values)) for name, values in timeline.series.items()}
    if timeline.gaps:
        found[GAPS] = of_document([[gap.modality, gap.start_ms, gap.end_ms] for gap in timeline.gaps])
    if timeline.cuts_ms or timeline.pauses:
        found[MARKS] = of_document([timeline.cuts_ms, timeline.pauses])
    if timeline.words.words:
        said = timeline.words
        counts = b"".join(part.astype("<i8").tobytes() for part in (said.seconds, said.indexes, said.counts))
        found[WORDS] = _of_bytes("\n".join(said.words).encode() + b"\0" + counts)
    found[RUN] = of_document(run)
    return found


def of_figures(highlight: Highlight) -> str:
    """Fingerprint of all that was recorded of a highlight."""
    return of_document(asdict(highlight))


def of_document(document: Any) -> str:
    """Fingerprint of plain data, the same before and after it was stored as JSON."""
    return _of_bytes(json.dumps(_plain(document), sort_keys=True, separators=(",", ":")).encode())


def _samples(values: Floats) -> bytes:
    """Little-endian single precision, which is what is stored; every NaN is the same one."""
    return np.where(np.isnan(values), np.nan, values).astype("<f4").tobytes()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        # Without what is None: a later version that knows one thing more finds the same fingerprint where it is not used.
        return {str(key): _plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    # A database knows no negative zero and may give 1e22 back as an integer.
    return (float(value) + 0.0).hex() if isinstance(value, int | float) else value


def _of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _difference(then: str | None, now: str | None) -> str:
    if then == now:
        return ""
    if now is None:
        return MISSING
    return CHANGED if then else ADDED
