"""One advance of a live stream after ten minutes, an hour and twelve hours: looked at anew against going on.

A made-up stream with some twenty series in windows of two seconds, in a PostgreSQL of its own. The old way reads the whole
timeline and detects on it; the new way is what the service does: look, detect what has not settled, write. Each figure is
the mean of one minute of stream, thirty advances, since once a minute a new cell of baselines begins. What an advance no
longer reads is stored in windows of a minute, which makes the look anew cheaper than it would be.
Run: .venv/bin/python tests/bench/bench_advance.py [SECONDS…]
"""

import asyncio
import json
import sys
import tempfile
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from tldr_bus import PostgresOutbox
from tldr_contracts.ids import RunId, StreamId
from tldr_database import Database
from tldr_embedded import start
from tldr_fusion_detector.adapters.moments.live_detector_thread import ThreadLiveDetector
from tldr_fusion_detector.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_fusion_detector.application.moments.advance_live import AdvanceLive, LiveTask
from tldr_fusion_detector.application.moments.run_record import RunRecord
from tldr_fusion_detector.application.signals.coverage import MEDIA
from tldr_fusion_detector.application.signals.deadlines import Deadlines
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.view_stream import view_stream
from tldr_fusion_detector.application.stream_record import Request, Source, StreamRecord
from tldr_fusion_detector.bootstrap import DEFINITION
from tldr_fusion_detector.domain.moments.detection import detect
from tldr_fusion_detector.domain.profile.profile_document import read_profile
from tldr_fusion_detector.domain.signals.baseline import Mode
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Piece, Timeline
from tldr_jobs import PostgresJobs
from tldr_testing import migrated

ORGANIZATION, STREAM, RUN = "org_bench", StreamId("str_bench"), RunId("run_bench")
WINDOW_S, MINUTE_S, READ_S = 2, 60, 2_400
MODALITIES = (*MEDIA, Modality.CHAT)
# Ordinary level, noise, and what a moment adds.
MEDIA_LEVELS = {
    "video.motion": (4.0, 1.0, 12.0),
    "video.activity": (2500.0, 250.0, 1800.0),
    "video.flashes": (0.05, 0.1, 0.3),
    "video.cuts": (0.05, 0.1, 0.1),
    "audio.crowd": (-48.0, 1.5, 12.0),
    "audio.loudness": (-28.0, 1.5, 7.0),
    "audio.onsets": (1.0, 0.25, 0.5),
    "audio.speech": (0.6, 0.25, 0.0),
}
CHAT_LEVELS = {
    "chat.hype": (0.06, 0.05, 0.6),
    "chat.triumph": (0.03, 0.02, 0.2),
    "chat.brevity": (0.3, 0.1, 0.5),
    "chat.laughter": (0.05, 0.04, 0.1),
    "chat.surprise": (0.04, 0.04, 0.25),
    "chat.emotes": (0.1, 0.05, 0.35),
    "chat.shouting": (0.04, 0.04, 0.3),
    "chat.repetition": (0.02, 0.03, 0.4),
    "chat.mentions": (0.12, 0.05, -0.1),
    "chat.digits": (0.1, 0.05, -0.06),
    "chat.sentiment": (0.1, 0.2, 0.3),
    "chat.tokens": (6.0, 1.0, -4.0),
}
WORK = WorkFactory(PostgresJobs(), PostgresOutbox("fusion-detector"), timedelta(seconds=2))


def made_up_stream(length_s: int) -> Timeline:
    """A moment of ten seconds in each minute, to which chat answers 14 s late; every series as precise as it travels."""
    rng = np.random.default_rng(5)
    action = np.zeros(length_s)
    for minute in range(30, length_s - 60, 60):
        at = minute + int(rng.integers(0, 30))
        action[at : at + 10] = rng.uniform(0.5, 1.0)
    reaction, series = np.roll(action, 14), {}
    rate = rng.poisson(1.5 + 6 * reaction).astype(np.float64)
    for name, (level, noise, more) in {**MEDIA_LEVELS, **CHAT_LEVELS}.items():
        moved = reaction if name in CHAT_LEVELS else action
        figures = level + noise * rng.normal(size=length_s) + more * moved
        series[name] = np.where(rate > 0, figures, np.nan) if name in CHAT_LEVELS else figures
    series |= {"chat.rate": rate, "chat.voices": rate}
    cuts = tuple(np.sort(rng.integers(0, 1000 * length_s, length_s // 12)).tolist())
    travelled = {name: values.astype(np.float32).astype(np.float64) for name, values in series.items()}
    return Timeline(length_s, travelled, cuts_ms=cuts)


class Bench:
    """The service's database with one stream in it."""

    def __init__(self, database: Database, stream: Timeline) -> None:
        self.database, self.stream = database, stream
        preset = files("tldr_gateway.presets").joinpath("gaming.json").read_text(encoding="utf-8")
        self.profile = json.loads(preset)
        self.live = AdvanceLive(ThreadLiveDetector(), Deadlines())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[PostgresWork]:
        async with self.database.tenant(ORGANIZATION) as transaction:
            yield WORK(transaction, ORGANIZATION, 1)

    async def begin(self) -> None:
        request = Request(1, Mode.LIVE, True, self.profile)
        async with self.open() as work:
            await work.streams.put(StreamRecord(STREAM, request=request, source=Source(1, MEDIA), run=RUN))
            await work.runs.put(RunRecord(RUN, STREAM, 1, Mode.LIVE, self.profile))

    async def tell(self, start_s: int, end_s: int, window_s: int = WINDOW_S) -> None:
        async with self.open() as work:
            for first in range(start_s, end_s, window_s):
                end = first + window_s
                pieces = tuple(Piece(name, first, values[first:end]) for name, values in self.stream.series.items())
                cuts = self.stream.cuts_ms[bisect_left(self.stream.cuts_ms, 1000 * first) :]
                cuts = cuts[: bisect_left(cuts, 1000 * end)]
                await work.signals.add(STREAM, Measurement(MODALITIES, 0, pieces, cuts))
            await work.coverages.extend(STREAM, MODALITIES, 1000 * end_s)

    async def advance(self) -> None:
        async with self.open() as work:
            record, run = await work.streams.get(STREAM), await work.runs.get(RUN)
            assert run is not None
            task = await self.live.prepare(work, record, run)
        if isinstance(task, LiveTask):
            await self.live(task, self.open)

    async def anew(self) -> None:
        async with self.open() as work:
            view = await view_stream(work, STREAM)
            timeline = await view.timeline(work.signals)
            await work.found.of_run(RUN)
        await asyncio.to_thread(detect, timeline, read_profile(self.profile), mode=Mode.LIVE)


async def measured(bench: Bench, at_s: int) -> tuple[float, float, float, float]:
    """Milliseconds of an advance and of a look anew: each by the clock, and of this process alone."""
    took: list[tuple[float, float]] = []
    for second in range(at_s, at_s + MINUTE_S, WINDOW_S):
        await bench.tell(second, second + WINDOW_S)
        took.append(await timed(bench.advance))
    anew = min([await timed(bench.anew) for _ in range(3)])
    clock, processor = np.mean(np.array(took), axis=0)
    return 1000 * float(clock), 1000 * float(processor), 1000 * anew[0], 1000 * anew[1]


async def timed(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Seconds by the clock, and of this process."""
    clock, processor = perf_counter(), process_time()
    await work()
    return perf_counter() - clock, process_time() - processor


async def main(places: list[int]) -> None:
    stream = made_up_stream(max(places) + MINUTE_S)
    with tempfile.TemporaryDirectory() as folder:
        servers = await start(Path(folder), progress=lambda _: None)
        try:
            async with migrated(servers.addresses.postgres, DEFINITION) as database:
                bench, known_s = Bench(database, replace(stream)), 0
                await bench.begin()
                print("stream      an advance: clock, process    looked at anew: clock, process    ratios")
                for at_s in places:
                    while known_s < at_s:
                        further_s = min(known_s + 600, at_s)
                        await bench.tell(known_s, further_s, WINDOW_S if at_s - known_s <= READ_S else MINUTE_S)
                        await bench.advance()
                        known_s = further_s
                    clock, processor, anew, of_process = await measured(bench, at_s)
                    known_s = at_s + MINUTE_S
                    print(
                        f"{at_s / 60:4.0f} min {clock:16.1f} ms {processor:7.1f} ms {anew:19.1f} ms {of_process:7.1f} ms"
                        f" {anew / clock:9.1f} {of_process / processor:6.1f}",
                        flush=True,
                    )
        finally:
            await servers.stop()


if __name__ == "__main__":
    asyncio.run(main([int(place) for place in sys.argv[1:]] or [600, 3_600, 43_200]))
