"""The topic registry is whole."""

from itertools import pairwise

import pytest

from tldr_contracts.ids import new_id
from tldr_contracts.topics import LANES, SERVICES, STREAMS, TOPICS, Topic, topic_named, topic_of


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_written_and_read_by_services_that_exist(topic: Topic) -> None:
    assert topic.writer in SERVICES
    assert topic.readers
    assert set(topic.readers) <= set(SERVICES)
    assert "event" in topic.message.DESCRIPTOR.oneofs_by_name


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_lanes_spread_over_all_partitions_of_a_topic(topic: Topic) -> None:
    assert {topic.partition(lane) for lane in range(LANES)} == set(range(topic.partitions))


def test_a_topic_is_found_by_its_name_and_by_its_message() -> None:
    assert topic_named(STREAMS.name) is STREAMS
    assert topic_of(STREAMS.message()) is STREAMS
    with pytest.raises(KeyError):
        topic_named("tldr.nothing.v1")


def test_groups_and_dead_letters_are_named_after_reader_and_topic() -> None:
    assert STREAMS.group("ingest") == "ingest.tldr.streams.v1"
    assert STREAMS.dead_letters("ingest") == "tldr.streams.v1.ingest.dlq"


def test_identifiers_sort_by_the_time_they_were_made() -> None:
    made = [new_id("str") for _ in range(1000)]
    assert all(earlier < later for earlier, later in pairwise(made))
