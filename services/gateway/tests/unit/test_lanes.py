"""Lanes: an organization's streams stay in its shuffle shard, and a larger plan never moves them."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_contracts.ids import OrganizationId, StreamId, new_id
from tldr_contracts.topics import LANES as REGISTERED
from tldr_gateway.domain.accounts.plans import PLANS
from tldr_gateway.domain.streams.lanes import LANES, lane_of, shard

KNOWN = (205, 897, 464, 116)
NAMES = st.text(st.characters(codec="ascii"), min_size=1, max_size=20)


def test_there_are_as_many_lanes_as_in_the_registry() -> None:
    assert LANES == REGISTERED


@settings(max_examples=25, deadline=None)
@given(NAMES.map(OrganizationId), st.integers(1, 16), st.integers(0, 16))
def test_a_larger_plan_keeps_the_lanes_of_the_smaller_one(organization: OrganizationId, size: int, more: int) -> None:
    small, large = shard(organization, size), shard(organization, size + more)
    assert large[:size] == small
    assert len(set(large)) == size + more
    assert all(0 <= lane < LANES for lane in large)


@settings(max_examples=25, deadline=None)
@given(NAMES.map(OrganizationId), NAMES.map(StreamId))
def test_a_streams_lane_is_stable_and_in_the_shard(organization: OrganizationId, stream: StreamId) -> None:
    lane = lane_of(organization, stream, 4)
    assert lane == lane_of(organization, stream, 4)
    assert lane in shard(organization, 4)


def test_the_lanes_are_known_for_good() -> None:
    # A change of the formula would move the streams that are under way.
    organization = OrganizationId("org_0199c2c8f1007a118b2c3d4e5f607182")
    assert shard(organization, 4) == KNOWN
    assert lane_of(organization, StreamId("str_0199c2c8f5a97c1e8d2f6b7a3e4d5c6b"), 4) in KNOWN


def test_streams_are_spread_over_all_lanes_of_the_shard() -> None:
    organization = OrganizationId(new_id("org"))
    lanes = Counter(lane_of(organization, StreamId(new_id("str")), 4) for _ in range(400))
    assert len(lanes) == 4
    assert min(lanes.values()) > 50


def test_a_larger_plan_has_more_of_everything() -> None:
    plans = [PLANS[name] for name in ("starter", "professional", "enterprise")]
    for less, more in pairwise(plans):
        assert less.lanes < more.lanes
        assert less.priority < more.priority
        assert less.active_streams < more.active_streams
        assert less.upload_bytes < more.upload_bytes
