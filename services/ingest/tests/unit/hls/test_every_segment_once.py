"""Whatever a playlist does: each segment is taken once, or lies in what is said to be missing."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tldr_ingest.domain.hls.following import Take
from tldr_ingest.domain.live.feed import Missing

OPERATIONS = st.one_of(
    st.tuples(st.just("make"), st.integers(1, 10)),
    st.tuples(st.just("poll"), st.integers(0, 2)),
    st.tuples(st.just("splice"), st.just(0)),
    st.tuples(st.just("advertise"), st.integers(1, 4)),
    st.tuples(st.just("gap"), st.just(1)),
    st.tuples(st.just("hang"), st.integers(2, 60)),
    st.tuples(st.just("restart"), st.sampled_from([0, 0, 3, 1000])),
    st.tuples(st.just("resume"), st.just(0)),
)


def play(follower: Any, operations: list[tuple[str, int]]) -> None:
    source = follower.source
    source.make(source.window)
    follower.poll()
    for name, figure in operations:
        if name == "make":
            source.make(figure)
        elif name == "poll" and len(source.made) > figure:
            follower.poll(figure)
        elif name == "splice":
            source.splice = True
        elif name in ("advertise", "gap"):
            source.make(figure, **({"advertisement": True} if name == "advertise" else {"gap": True}))
        elif name == "hang":
            source.hang(figure * 1000)
        elif name == "restart":
            source.restart(figure)
            source.make(1)
        elif name == "resume" and follower.marks:
            follower.resume()
    source.make(1)
    follower.poll()


def numbers(follower: Any) -> list[int | None]:
    """Of each step, which segment it took in the order of truth, None for one that says what is missing."""
    order = {name: at for at, name in enumerate(follower.source.truth)}
    keys = [
        f"{follower.runs_of[id(step)]}/{step.mark.sequence}" if isinstance(step, Take) else None
        for step in follower.steps
    ]
    return [None if key is None else order[key] for key in keys]


def restarted_between(follower: Any, before: int, number: int) -> bool:
    """Without dates, nobody can tell how many segments of the old numbering were made before the new one began."""
    runs = [key.split("/")[0] for key in follower.source.truth]
    return bool(runs[before] != runs[number])


@settings(max_examples=150, deadline=None)
@given(data=st.data(), operations=st.lists(OPERATIONS, max_size=14), dated=st.booleans(), reuses=st.booleans())
def test_each_segment_is_taken_once_or_missing(
    make_follower: Any, data: st.DataObject, operations: list[tuple[str, int]], dated: bool, reuses: bool
) -> None:
    follower = make_follower(dated=dated, reuses_names=reuses, window=data.draw(st.integers(2, 8)))
    play(follower, operations)
    found = numbers(follower)
    taken = [number for number in found if number is not None]
    assert taken == sorted(set(taken)), "twice, or out of order"
    before: int | None = None
    said = False
    for number in found:
        if number is None:
            said = True
            continue
        if before is None:
            before, said = number, False
            continue
        expected = number == before + 1 or said
        assert expected or (not dated and restarted_between(follower, before, number)), (
            f"{before + 1} was lost silently"
        )
        before, said = number, False


@settings(max_examples=150, deadline=None)
@given(operations=st.lists(OPERATIONS, max_size=14), reuses=st.booleans())
@example(operations=[("restart", 0), ("poll", 0), ("restart", 0), ("resume", 0)], reuses=False)
def test_dates_give_every_hole_its_true_length(
    make_follower: Any, operations: list[tuple[str, int]], reuses: bool
) -> None:
    follower = make_follower(dated=True, reuses_names=reuses)
    play(follower, operations)
    order = list(follower.source.truth.values())
    end_ms: int | None = None
    for step, number in zip(follower.steps, numbers(follower), strict=True):
        if isinstance(step, Missing):
            assert end_ms is None or step.start_ms == end_ms
            assert step.end_ms > step.start_ms
            end_ms = step.end_ms
        else:
            assert number is not None
            assert step.mark.wall_ms == order[number]
            assert end_ms is None or step.mark.wall_ms == end_ms
            end_ms = step.mark.wall_ms + step.mark.duration_ms
