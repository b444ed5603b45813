"""A live stream read part by part: what was read of the ordinary and of the reaction lag is kept from one to the next."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tldr_fusion_detector.domain.profile.calibration import DEFAULT_CALIBRATION, Calibration
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Scorer
from tldr_fusion_detector.domain.scoring.scorer.words import WORD, WORDS
from tldr_fusion_detector.domain.scoring.scoring import (
    CHAT_EXCITEMENT,
    MEDIA_EXCITEMENT,
    ScoreSheet,
    given_lag,
    score_part,
    settle_s,
)
from tldr_fusion_detector.domain.signals.baseline import Mode, windows
from tldr_fusion_detector.domain.signals.cell_memory import CellMemory, Cells
from tldr_fusion_detector.domain.signals.normalise import USUAL
from tldr_fusion_detector.domain.signals.reaction_lag import (
    Lag,
    LagPath,
    checkpoints,
    constant_path,
    lag_at,
    next_checkpoint,
    path_of,
    prior_lag,
    smoothings,
)
from tldr_fusion_detector.domain.signals.reading import SignalReader
from tldr_fusion_detector.domain.signals.signals import Floats, Modality, modality_of
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_fusion_detector.domain.signals.vocabulary import Vocabulary

_NOTHING: Floats = np.empty(0)


@dataclass(frozen=True, slots=True)
class ScoredBy:
    """By what a live stream is scored. `chat`: whether it has one."""

    profile: Profile
    chat: bool = True
    vocabulary: Vocabulary | None = None
    scorer: Scorer | None = None
    calibration: Calibration = DEFAULT_CALIBRATION


@dataclass(frozen=True, slots=True, eq=False)
class ReadState:
    """What was read of a live stream, as far as it is needed again.

    `seen`: the signals of which there was a figure. `cells`: the ordinary figures of each signal and smoothing, up to the
    cell before `cells_end`. `lags`: each with the second from which on it is in force; the next one is estimated of `media`
    and `chat`, the excitement from `excited_from_s` on. Nothing grows with the stream but `lags`, by six an hour.
    """

    seen: frozenset[str] = frozenset()
    cells_end: int = 0
    cells: Mapping[str, Cells] = field(default_factory=dict)
    lags: tuple[tuple[int, Lag], ...] = ()
    excited_from_s: int = 0
    media: Floats = field(default_factory=lambda: _NOTHING)
    chat: Floats = field(default_factory=lambda: _NOTHING)

    def since(self, second: int, calibration: Calibration) -> "ReadState":
        """Without the cells that no figure from a second on is read from."""
        first = second // calibration.live_step
        # What was usual in chat goes into each smoothed figure of the next window.
        usual = min(self.cells_end - calibration.live_window // calibration.live_step, first)
        cells = {key: cells.since(usual if key.endswith(USUAL) else first) for key, cells in self.cells.items()}
        return replace(self, cells=cells)


@dataclass(frozen=True, slots=True, eq=False)
class LivePart:
    """A part of a live stream as it was scored: scores before `scored_s` will not change any more."""

    sheet: ScoreSheet
    scored_s: int
    state: ReadState


def score_live_part(
    by: ScoredBy, state: ReadState, part: Timeline, until_s: int, cells_end: int, *, ended: bool
) -> LivePart:
    """Score a part that is complete up to `until_s`. `cells_end`: cells before it are looked at, where they were not yet.

    `ended`: nothing of it is needed later. The part reaches as far back as the figures that are asked for; see `Reach`.
    """
    calibration = by.calibration
    memory = CellMemory(
        part.start_s // calibration.live_step,
        max(-(-part.length_s // calibration.live_step), 1),
        state.cells,
        state.cells_end,
        cells_end,
        keeps=not ended,
    )
    over = windows(part.length_s, Mode.LIVE, calibration, part.start_s, memory)
    state = replace(state, seen=state.seen | part.series.keys())
    reader = SignalReader(part, over, calibration, by.vocabulary, seen=state.seen)
    if memory.grows:
        _read_all(reader, by)
    if memory.looks:
        state = _excited(state, reader, by, until_s, cells_end, ended=ended)
    path = _path(state, by, part.start_s, part.length_s)
    sheet = score_part(reader, by.profile, path, by.scorer)
    after = replace(state, cells_end=max(cells_end, state.cells_end), cells={**state.cells, **memory.found})
    settles_s, later_s = _settling(state, by)
    return LivePart(sheet, min(until_s - settles_s, after.cells_end * calibration.live_step - later_s), after)


def _read_all(reader: SignalReader, by: ScoredBy) -> None:
    """Every signal by every smoothing that may be asked for later, so that each knows all cells."""
    calibration, wide = by.calibration, smoothings(given_lag(by.profile), by.calibration)
    for name in by.profile.signals:
        if modality_of(name) is Modality.CHAT:
            for sigma_s in wide:
                reader.read(name, sigma_s, calibration.chat_ahead)
        else:
            reader.read(name, calibration.media_sigma)
    for column in by.scorer.columns if by.scorer else ():
        if column.signal != WORDS and not column.signal.startswith(WORD):
            reader.read(column.signal, column.sigma_s, calibration.chat_ahead if column.chat else 1.0)


def _excited(
    state: ReadState, reader: SignalReader, by: ScoredBy, until_s: int, cells_end: int, *, ended: bool
) -> ReadState:
    """With the excitement of what is known now, and the lags of checkpoints that were passed."""
    if given_lag(by.profile) is not None:
        return state
    calibration, part = by.calibration, reader.timeline
    edge = math.ceil(calibration.reach * calibration.media_sigma)
    known_s = until_s if ended else min(until_s - edge, cells_end * calibration.live_step)
    begin = state.excited_from_s + len(state.media)
    new = slice(begin - part.start_s, max(known_s, begin) - part.start_s)
    media = np.concatenate((state.media, reader.excitement(MEDIA_EXCITEMENT)[new]))
    chat = np.concatenate((state.chat, reader.excitement(CHAT_EXCITEMENT)[new]))
    last = state.lags[-1][0] if state.lags else 0
    passed = [at for at in checkpoints(until_s, calibration) if at > last]
    lags = [*state.lags, *((at, lag_at(at, media, chat, state.excited_from_s, calibration)) for at in passed)]
    from_s = max(next_checkpoint(until_s, calibration) - calibration.lag_window, state.excited_from_s)
    drop = min(from_s - state.excited_from_s, len(media))
    return replace(
        state, lags=tuple(lags), excited_from_s=state.excited_from_s + drop, media=media[drop:], chat=chat[drop:]
    )


def _path(state: ReadState, by: ScoredBy, start_s: int, length_s: int) -> LagPath:
    lag = given_lag(by.profile)
    if lag is not None:
        return constant_path(lag, length_s, by.calibration)
    return path_of(state.lags, start_s, length_s, by.calibration)


def _settling(state: ReadState, by: ScoredBy) -> tuple[int, int]:
    """By all lags that were in force so far: seconds after which a score no longer changes, and how much later it reads."""
    lag = given_lag(by.profile)
    used = [lag] if lag else [prior_lag(by.calibration), *(found for _, found in state.lags)]
    paths = [constant_path(one, 1, by.calibration) for one in used]
    path = LagPath(
        np.concatenate([one.seconds for one in paths]), np.concatenate([one.smoothing for one in paths]), used[-1]
    )
    chat = by.chat and _asks_chat(by.profile)
    settles_s = settle_s(path, by.calibration, chat)
    later_s = int(path.seconds.max()) if chat else 0
    if by.scorer is None:
        return settles_s, later_s
    by_scorer = by.scorer.settle_s(path, by.calibration), by.scorer.reads_later_s(path, by.calibration)
    return max(settles_s, by_scorer[0]), max(later_s, by_scorer[1])


def _asks_chat(profile: Profile) -> bool:
    return any(modality_of(name) is Modality.CHAT for name in profile.signals)
