"""The state of a live run as bytes: a JSON head and the figures behind it, which come back bit for bit."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.moments.live_state import Decided, LiveState
from tldr_fusion_detector.domain.moments.peaks import Peak
from tldr_fusion_detector.domain.moments.selection import Candidate
from tldr_fusion_detector.domain.scoring.live_reading import ReadState
from tldr_fusion_detector.domain.signals.cell_memory import Cells
from tldr_fusion_detector.domain.signals.reaction_lag import Lag
from tldr_fusion_detector.domain.signals.signals import Floats

_FIGURES = np.dtype("<f8")
_HEAD = 4


def state_bytes(state: LiveState) -> bytes:
    """All but cells and excitement."""
    decided, read = state.decided, state.read
    head = {
        "settled_s": state.settled_s,
        "scores_from_s": state.scores_from_s,
        "until_s": decided.until_s,
        "kept": [asdict(candidate) for candidate in decided.kept],
        "before": asdict(decided.before) if decided.before else None,
        "promised_ms": decided.promised_ms,
        "stretch": decided.stretch,
        "promised": decided.promised,
        "given_ms": decided.given_ms,
        "seen": sorted(read.seen),
        "cells_end": read.cells_end,
        "lags": [[at, lag.seconds, lag.sigma, lag.evidence] for at, lag in read.lags],
        "excited_from_s": read.excited_from_s,
    }
    return _joined(head, state.scores)


def cells_bytes(cells: Mapping[str, Cells]) -> bytes:
    """The ordinary figures of all cells that are kept."""
    head = {key: [one.first, *one.rows.shape] for key, one in cells.items()}
    return _joined(head, *(one.rows for one in cells.values()))


def excitement_bytes(read: ReadState) -> bytes:
    """Excitement of the media, then of chat."""
    return _joined({}, read.media, read.chat)


def read_state(state: bytes, cells: bytes, excitement: bytes) -> LiveState:
    """The reverse of the three."""
    head, scores = _parted(state)
    excited = _parted(excitement)[1]
    media, chat = np.split(excited, 2)
    stretch = head["stretch"]
    decided = Decided(
        head["until_s"],
        tuple(_candidate(one) for one in head["kept"]),
        _candidate(head["before"]) if head["before"] else None,
        tuple(head["promised_ms"]),
        (stretch[0], stretch[1]) if stretch else None,
        # Of a version before, whose profiles knew neither a limit of all nor a cooldown.
        head.get("promised", 0),
        head.get("given_ms", {}),
    )
    lags = tuple((at, Lag(seconds, sigma, evidence)) for at, seconds, sigma, evidence in head["lags"])
    seen = frozenset(head["seen"])
    read = ReadState(seen, head["cells_end"], _cells(cells), lags, head["excited_from_s"], media, chat)
    return LiveState(head["settled_s"], head["scores_from_s"], scores, decided, read)


def _cells(content: bytes) -> dict[str, Cells]:
    head, figures = _parted(content)
    found, at = {}, 0
    for key, (first, count, width) in head.items():
        found[key] = Cells(first, figures[at : at + count * width].reshape(count, width))
        at += count * width
    return found


def _candidate(document: Mapping[str, Any]) -> Candidate:
    return Candidate(Peak(**document["peak"]), Interval(**document["interval"]), document["read_ms"])


def _joined(head: Mapping[str, Any], *figures: Floats) -> bytes:
    said = json.dumps(head, separators=(",", ":")).encode()
    said += b" " * (-len(said) % _FIGURES.itemsize)
    parts = (np.ascontiguousarray(one, dtype=_FIGURES).tobytes() for one in figures)
    return b"".join((len(said).to_bytes(_HEAD, "little"), said, *parts))


def _parted(content: bytes) -> tuple[dict[str, Any], Floats]:
    end = _HEAD + int.from_bytes(content[:_HEAD], "little")
    return json.loads(content[_HEAD:end]), np.frombuffer(content[end:], dtype=_FIGURES).astype(np.float64)
