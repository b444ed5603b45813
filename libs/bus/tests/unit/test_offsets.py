"""Offsets: what may be committed while lanes finish in any order."""

from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from tldr_bus.reading.offsets import Offsets

PLACE = TopicPartition("facts", 3)


def test_an_offset_is_committed_when_all_before_it_are_done() -> None:
    offsets = Offsets()
    for offset in (10, 11, 12):
        offsets.take(PLACE, offset)
    offsets.done(PLACE, 11)
    assert offsets.to_commit() == {}
    offsets.done(PLACE, 10)
    assert offsets.to_commit() == {PLACE: 12}
    offsets.committed({PLACE: 12})
    assert offsets.to_commit() == {}
    assert (offsets.positions(), offsets.outstanding) == ({PLACE: 12}, 1)


def test_records_of_a_partition_that_was_given_up_are_forgotten() -> None:
    offsets = Offsets()
    offsets.take(PLACE, 10)
    offsets.clear()
    offsets.done(PLACE, 10)
    assert (offsets.to_commit(), offsets.outstanding) == ({}, 0)


@given(st.permutations(range(8)), st.integers(0, 8))
def test_the_first_record_that_is_not_done_is_never_passed(order: list[int], finished: int) -> None:
    offsets = Offsets()
    for offset in range(8):
        offsets.take(PLACE, offset)
    done = order[:finished]
    for offset in done:
        offsets.done(PLACE, offset)
    first = next((offset for offset in range(8) if offset not in done), 8)
    assert offsets.to_commit() == ({PLACE: first} if first else {})
