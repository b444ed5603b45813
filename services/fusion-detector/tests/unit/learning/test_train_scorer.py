"""What a training is given, and what becomes of a scorer by what it says."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np
import pytest

from tldr_contracts.ids import RunId, ScorerId, StreamId
from tldr_fusion_detector.application.learning.gather_streams import merged_moments
from tldr_fusion_detector.application.learning.train_scorer import TrainScorer
from tldr_fusion_detector.application.learning.training_progress import of_all
from tldr_fusion_detector.application.scoring.scorer_record import Labels, LeftOut, Moment, TrainingProgress
from tldr_fusion_detector.application.signals.coverage import ModalityState
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.application.signals.view_stream import LONGEST_S
from tldr_fusion_detector.application.stream_record import Request, Source, StreamRecord
from tldr_fusion_detector.domain.learning.training import LabelledStream, Progress, WorseThanDefault
from tldr_fusion_detector.domain.moments.boundaries import Interval
from tldr_fusion_detector.domain.profile.profile import Profile
from tldr_fusion_detector.domain.scoring.scorer.scorer import Provenance
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Timeline
from tldr_streams.state import StreamState
from tldr_streams.transactions import Transactions
from tldr_testing import eventually

HYPE = {"name": "hype", "weight": 1.0, "mode": "rule", "signals": [{"signal": "chat.rate", "weight": 1.0}]}
MADE = Provenance("5e" * 32, 1, 100, 1, "2026-01-01T00:00:00+00:00", {"AP": 70.0}, {"AP": 60.0}, {})
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Streams:
    """Chats alone, each of so many seconds."""

    lengths: Mapping[str, int]
    unfinished: str = ""

    async def get(self, stream: StreamId) -> StreamRecord:
        if stream not in self.lengths:
            return StreamRecord(stream)
        profile = {"dimension_set": stream, "dimensions": [HYPE], "processing": {"chat_lag_ms": 9_000}}
        state = StreamState.ACTIVE if stream == self.unfinished else StreamState.COMPLETED
        request = Request(1, Mode.RECORDED, True, profile)
        return StreamRecord(stream, state, 1, request, Source(opened_attempt=1), RunId("run_1"))


@dataclass
class Coverages:
    lengths: Mapping[str, int]

    async def of(self, stream: StreamId) -> Mapping[Modality, ModalityState]:
        end_ms = 1000 * self.lengths.get(stream, 0)
        return {Modality.CHAT: ModalityState(end_ms, 1, end_ms)}


class Gaps:
    async def of(self, stream: StreamId) -> Sequence[ReportedGap]:
        return ()


@dataclass
class Signals:
    silent: str = ""

    async def timeline(self, stream: StreamId, length_s: int, gaps: Sequence[ReportedGap]) -> Timeline:
        return Timeline(length_s, {"chat.rate": np.full(length_s, np.nan if stream == self.silent else 1.0)})


@dataclass
class Verdicts:
    moments: Sequence[Moment] = ()

    async def kept_moments(self, at_most: int) -> Sequence[Moment]:
        return self.moments[:at_most]


@dataclass
class Scorers:
    outcomes: list[Any] = field(default_factory=list)
    shown: list[TrainingProgress] = field(default_factory=list)
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)

    async def show(self, scorer: ScorerId, progress: TrainingProgress) -> None:
        self.shown.append(progress)

    async def leave_out(self, scorer: ScorerId, left_out: Mapping[LeftOut, int]) -> None:
        self.left_out = left_out

    async def keep(self, scorer: ScorerId, document: bytes, provenance: Provenance) -> None:
        self.outcomes.append(document)

    async def end(self, scorer: ScorerId, state: str, failure: Any) -> None:
        self.outcomes.append((state, failure.code, failure.reason))


@dataclass
class Repositories:
    """The repositories of an organization."""

    streams: Streams
    coverages: Coverages
    signals: Signals = field(default_factory=Signals)
    verdicts: Verdicts = field(default_factory=Verdicts)
    gaps: Gaps = field(default_factory=Gaps)
    scorers: Scorers = field(default_factory=Scorers)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Any]:
        yield self


@dataclass
class Training:
    """Remembers what it was given; tells how far it is, each time once the last was `seen`."""

    refuses: bool = False
    tells: Sequence[tuple[str, float]] = ()
    seen: Sequence[TrainingProgress] = ()
    given: list[tuple[Sequence[LabelledStream], Profile, str]] = field(default_factory=list)

    async def __call__(
        self, streams: Iterable[LabelledStream], profile: Profile, *, created: str, progress: Progress
    ) -> tuple[bytes, Provenance]:
        self.given.append((list(streams), profile, created))
        for step, share in self.tells:
            shown = len(self.seen)
            progress(step, share)
            await eventually(partial(_more, self.seen, shown), every_s=0)
        if self.refuses:
            raise WorseThanDefault("50 % and the default 60 %")
        return b"{}", MADE


async def _more(seen: Sequence[TrainingProgress], than: int) -> bool:
    return len(seen) > than


def repositories_of(lengths: Mapping[str, int], **parts: Any) -> Repositories:
    unfinished = parts.pop("unfinished", "")
    return Repositories(Streams(lengths, unfinished), Coverages(lengths), **parts)


async def train(repositories: Repositories, labels: Labels | None, training: Training) -> None:
    train_scorer = TrainScorer(training, lambda: NOW, shown_every_s=0.0)
    await train_scorer(ScorerId("scr_1"), labels, Transactions(repositories.open, repositories.open, repositories.open))


def labels_of(*streams: str) -> Labels:
    names = tuple(StreamId(name) for name in streams)
    return Labels(names, tuple(Moment(name, 5_000, 9_000) for name in names))


async def test_what_is_unfinished_unknown_or_silent_is_left_out() -> None:
    repositories = repositories_of({"a": 60, "b": 70, "c": 80, "d": 90}, unfinished="b", signals=Signals("c"))
    training = Training()
    await train(repositories, labels_of("a", "b", "c", "d", "unknown"), training)
    ((streams, _, created),) = training.given
    assert [(one.name, one.length_s, one.moments) for one in streams] == [
        ("d", 90, (Interval(5_000, 9_000),)),
        ("a", 60, (Interval(5_000, 9_000),)),
    ]
    assert created == "2026-01-01T00:00:00+00:00"
    assert repositories.scorers.outcomes == [b"{}"]
    assert repositories.scorers.left_out == {LeftOut.NOT_COMPLETED: 2, LeftOut.NO_SIGNALS: 1}


async def test_the_newest_streams_profile_is_to_be_beaten_but_not_with_its_own_lag() -> None:
    training = Training()
    await train(repositories_of({"a": 60, "b": 60}), labels_of("a", "b"), training)
    ((_, profile, _),) = training.given
    assert (profile.dimension_set, profile.processing.chat_lag_ms) == ("b", None)


async def test_five_hundred_hours_are_learned_from_and_no_more() -> None:
    lengths = {f"str_{number:02}": LONGEST_S for number in range(12)}
    training, repositories = Training(), repositories_of(lengths)
    await train(repositories, labels_of(*lengths), training)
    ((streams, _, _),) = training.given
    assert [one.name for one in streams] == [f"str_{number:02}" for number in range(11, 1, -1)]
    assert repositories.scorers.left_out == {LeftOut.TOO_MUCH: 2}


async def test_two_hundred_streams_are_learned_from_and_no_more() -> None:
    lengths = {f"str_{number:03}": 60 for number in range(203)}
    training, repositories = Training(), repositories_of(lengths)
    await train(repositories, labels_of(*lengths), training)
    ((streams, _, _),) = training.given
    assert (len(streams), streams[-1].name) == (200, "str_003")
    assert repositories.scorers.left_out == {LeftOut.TOO_MUCH: 3}


async def test_verdicts_name_the_streams_and_the_moments() -> None:
    kept = [Moment(StreamId("a"), 0, 4_000), Moment(StreamId("a"), 3_000, 7_000), Moment(StreamId("gone"), 0, 5_000)]
    training = Training()
    await train(repositories_of({"a": 60, "b": 60}, verdicts=Verdicts(kept)), None, training)
    ((streams, _, _),) = training.given
    assert [(one.name, one.moments) for one in streams] == [("a", (Interval(0, 7_000),))]


async def test_a_refusal_and_nothing_to_learn_from_end_it_with_a_sentence() -> None:
    refused, empty = repositories_of({"a": 60}), repositories_of({})
    await train(refused, labels_of("a"), Training(refuses=True))
    await train(empty, labels_of("a"), training := Training())
    assert refused.scorers.outcomes == [("refused", "worse_than_default", "50 % and the default 60 %")]
    assert [outcome[:2] for outcome in empty.scorers.outcomes] == [("refused", "too_little_data")]
    assert training.given == []


async def test_progress_is_shown_while_it_lasts_and_begins_anew_with_each_attempt() -> None:
    repositories = repositories_of({"a": 60})
    tells = [("reading signals", 0.5), ("cross-validation", 0.5)]
    for _ in range(2):
        await train(repositories, labels_of("a"), Training(tells=tells, seen=repositories.scorers.shown))
    assert repositories.scorers.shown == [of_all(*told) for told in tells] * 2


@pytest.mark.parametrize(
    ("ranges", "merged"),
    [
        ([(0, 5), (3, 4), (4, 9)], [(0, 9)]),
        ([(6, 9), (0, 5)], [(0, 5), (6, 9)]),
        ([(0, 5), (5, 9)], [(0, 5), (5, 9)]),
        ([(8, 90), (20, 30)], [(8, 10)]),
    ],
)
def test_moments_that_overlap_are_one_and_end_with_the_stream(ranges: Any, merged: Any) -> None:
    moments = [Moment(StreamId("a"), *times) for times in ranges] + [Moment(StreamId("b"), 0, 10)]
    assert merged_moments(moments, StreamId("a"), 10) == tuple(Interval(*times) for times in merged)
