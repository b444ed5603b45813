"""Lists of highlights over all streams: what is in them, in which order, and by which index they are found."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from tldr_contracts.ids import HighlightId, RunId, StreamId, new_id
from tldr_database import Database
from tldr_highlight_store.adapters.highlights.highlights_postgres import PostgresHighlights
from tldr_highlight_store.adapters.highlights.lists_postgres import PostgresLists
from tldr_highlight_store.adapters.highlights.runs_postgres import PostgresRuns
from tldr_highlight_store.adapters.streams.streams_postgres import PostgresStreams
from tldr_highlight_store.domain.highlights.edits import Edits, Verdict
from tldr_highlight_store.domain.highlights.highlight import ClipState, HighlightState
from tldr_highlight_store.domain.highlights.listing import Filter, Position, Sort
from tldr_highlight_store.domain.highlights.run import Run
from tldr_highlight_store.domain.streams.stream import Stream

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest_asyncio.fixture
async def transaction(organization: str, database: Database) -> AsyncIterator[Any]:
    async with database.tenant(organization) as transaction:
        yield transaction


@pytest.fixture
def lists(transaction: Any) -> PostgresLists:
    return PostgresLists(transaction)


@pytest.fixture
def stored(transaction: Any, organization: str, memory: Any) -> Any:
    """The ports over PostgreSQL."""
    return replace(
        memory,
        streams=PostgresStreams(transaction, organization, 37),
        runs=PostgresRuns(transaction, organization),
        highlights=PostgresHighlights(transaction, organization),
    )


async def kept(stored: Any, transaction: Any, *wanted: dict[str, Any]) -> list[str]:
    """Highlights that differ in what is said, a second apart; their ids."""
    ids = []
    for number, said in enumerate(wanted):
        figures = {name: said.pop(name) for name in ("types", "score", "confidence", "title") if name in said}
        one = stored.highlight(**said)
        await stored.highlights.put(replace(one, details={**one.details, **figures}))
        await transaction.execute(
            sa.text("UPDATE highlights SET created_at = :at WHERE highlight_id = :id"),
            {"at": NOON + timedelta(seconds=number), "id": one.id},
        )
        ids.append(one.id)
    return ids


async def found(lists: PostgresLists, **wanted: Any) -> list[str]:
    page = await lists.page(Filter(**wanted), Sort.CREATED_AT, descending=False, after=None, limit=100)
    assert await lists.count(Filter(**wanted), at_most=100) == len(page.highlights)
    return [one.id for one in page.highlights]


async def test_pages_follow_each_other_in_each_order(lists: Any, stored: Any, transaction: Any) -> None:
    figures = [(0.5, 0.25, 9), (0.25, 0.5, 8), (0.5, 0.75, 7), (0.75, 0.5, 7), (0.125, 0.125, 9)]
    ids = await kept(
        stored, transaction, *({"score": s, "confidence": c, "start_ms": start} for s, c, start in figures)
    )
    values: dict[Sort, Any] = {
        Sort.CREATED_AT: lambda i: i,
        Sort.SCORE: lambda i: figures[i][0],
        Sort.CONFIDENCE: lambda i: figures[i][1],
        Sort.START: lambda i: figures[i][2],
    }
    for sort, value in values.items():
        for descending in (True, False):
            order = sorted(range(5), key=lambda i: (value(i), ids[i]), reverse=descending)
            seen: list[str] = []
            after: Position | None = None
            for _ in range(3):
                page = await lists.page(Filter(), sort, descending=descending, after=after, limit=2)
                seen += [one.id for one in page.highlights]
                after = page.next
            assert after is None
            assert seen == [ids[i] for i in order], (sort, descending)


async def test_each_filter_keeps_what_it_says(lists: Any, stored: Any, transaction: Any) -> None:
    ours, other = StreamId(new_id("str")), RunId(new_id("run"))
    a, b, c = await kept(
        stored,
        transaction,
        {"types": ["goal", "save"], "confidence": 0.25, "title": "Late Equaliser", "verdict": Verdict.ACCEPTED},
        {
            "types": ["chat"],
            "confidence": 0.75,
            "state": HighlightState.PROVISIONAL,
            "end_ms": 30_000,
            "cut": ClipState.READY,
            "edits": Edits("Own words", "A header, at last", ("cup", "best")),
        },
        {"types": [], "stream": ours, "run": other, "verdict": Verdict.REJECTED, "edits": Edits(tags=("cup",))},
    )
    assert await found(lists) == [a, b, c]
    assert await found(lists, stream=ours) == [c]
    assert await found(lists, types=("goal", "chat")) == [a, b]
    assert await found(lists, tags=("cup",)) == [b, c]
    assert await found(lists, tags=("cup", "best")) == [b]
    assert await found(lists, text="EQUALISER, late") == [a]
    assert await found(lists, text="own header") == [b]
    assert await found(lists, text="header equaliser") == []
    assert await found(lists, text="…") == []
    assert await found(lists, state=HighlightState.PROVISIONAL) == [b]
    assert await found(lists, clip=ClipState.READY) == [b]
    assert await found(lists, judged=True) == [a, c]
    assert await found(lists, judged=False) == [b]
    assert await found(lists, judged=True, verdict="rejected") == [c]
    assert await found(lists, min_confidence=0.25, max_confidence=0.5) == [a, c]
    assert await found(lists, min_duration_ms=1001) == [b]
    assert await found(lists, max_duration_ms=1000) == [a, c]
    second = NOON + timedelta(seconds=1)
    assert await found(lists, created_after=second) == [b, c]
    assert await found(lists, created_before=second) == [a]


async def test_labels_follow_what_is_said_of_a_highlight(lists: Any, stored: Any) -> None:
    one = stored.highlight(edits=Edits("Old name", "", ("old",)))
    await stored.highlights.put(one)
    await stored.highlights.put(replace(one, edits=Edits("New name", "", ("new",))))
    assert (await found(lists, tags=("old",)), await found(lists, text="old")) == ([], [])
    assert await found(lists, tags=("new",), text="name") == [one.id]


async def test_of_each_stream_the_run_is_listed_that_is_shown(lists: Any, stored: Any) -> None:
    first = stored.highlight()
    await stored.highlights.put(first)
    again = stored.highlight(run=RunId(new_id("run")))
    await stored.highlights.put(again)
    assert await found(lists) == [again.id], "the latest, while none has settled"
    await stored.streams.put(Stream(stored.stream).showing(stored.run))
    late = stored.highlight(run=again.run)
    await stored.highlights.put(late)
    assert await found(lists) == [first.id]
    assert await found(lists, run=again.run) == [again.id, late.id]
    await stored.streams.put(Stream(stored.stream).showing(again.run))
    assert sorted(await found(lists)) == sorted([again.id, late.id])
    await stored.highlights.put(replace(late, revision=2, state=HighlightState.RETRACTED))
    assert await found(lists) == [again.id]


@pytest.mark.parametrize("settled_first", [True, False])
async def test_a_look_never_becomes_what_is_shown(ports: Any, settled_first: bool) -> None:
    look = RunId(new_id("run"))
    for run in (ports.run, look):
        await ports.runs.put(Run(run, ports.stream, 1, settled=True))
    await ports.streams.put(Stream(ports.stream).showing(ports.run))
    if settled_first:
        await ports.streams.put((await ports.streams.get(ports.stream)).showing(look))
    await ports.follow.rescore_requested(ports.stream, look, make_default=False)
    known = (await ports.streams.get(ports.stream)).showing(look)
    assert known.default_run == ports.run
    newer = RunId(new_id("run"))
    await ports.follow.rescore_requested(ports.stream, newer, make_default=True)
    assert known.showing(newer).default_run == newer


@pytest.mark.parametrize("sort", list(Sort))
async def test_a_page_far_down_is_found_by_the_index_alone(database: Database, organization: str, sort: Sort) -> None:
    insert = """
        INSERT INTO highlights (organization_id, highlight_id, stream_id, run_id, revision, state, start_ms, end_ms,
                                peak_ms, details, cut)
        SELECT '{0}', '{0}_' || i, '{0}_' || i % 10, '{0}', 1, 'final', i, i + 9, i,
               jsonb_build_object('score', i / 3000.0, 'confidence', i / 3000.0), 'ready'
        FROM generate_series(1, 3000) AS i"""
    async with database.tenant(organization) as transaction:
        await transaction.exec_driver_sql(insert.format(organization))
        await transaction.exec_driver_sql("SET LOCAL enable_seqscan = off")
        value: Any = {Sort.CREATED_AT: NOON, Sort.START: 1500}.get(sort, 0.5)
        asked: list[tuple[str, Any]] = []

        def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        sa.event.listen(transaction.sync_connection, "before_cursor_execute", keep)
        after = Position(value, HighlightId(f"{organization}_5"))
        await PostgresLists(transaction).page(Filter(), sort, descending=True, after=after, limit=100)
        ((statement, parameters),) = asked
        plan = "\n".join(row[0] for row in await transaction.exec_driver_sql(f"EXPLAIN {statement}", parameters))
    assert f"Index Scan Backward using highlights_by_{sort.value}" in plan, plan
    assert f"ROW({sort.value}, highlight_id) <" in plan.partition("Index Cond")[2].splitlines()[0], plan
    assert "Sort" not in plan, plan
