"""Values of the published language go into messages and come back as they were."""

import pytest

from tldr.common.v1 import common_pb2
from tldr_streams.messages import failure_message, failure_of, gap_message, modality_message, modality_of
from tldr_streams.values import Failure


@pytest.mark.parametrize("value", [value for value in common_pb2.Modality.values() if value])
def test_each_modality_comes_back_as_it_went(value: common_pb2.Modality) -> None:
    assert modality_of(value).islower()
    assert modality_message(modality_of(value)) == value


def test_a_modality_of_a_newer_version_is_refused() -> None:
    with pytest.raises(ValueError, match="99"):
        modality_of(99)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="MODALITY_SMELL"):
        modality_message("smell")


def test_a_gap_says_of_which_modality_it_is_its_range_and_why() -> None:
    gap = gap_message("chat", 1000, 2000, "late", "It was late.")
    span = (gap.range.start_ms, gap.range.end_ms)
    assert (gap.modality, span, gap.code, gap.reason) == (
        common_pb2.MODALITY_CHAT,
        (1000, 2000),
        "late",
        "It was late.",
    )


def test_a_failure_that_nobody_set_is_none_and_one_without_a_code_has_one() -> None:
    assert failure_of(common_pb2.Failure()) is None
    assert failure_message(None) is None
    assert failure_of(common_pb2.Failure(reason="It\x00 broke.")) == Failure("unknown", "It broke.")
    broken = Failure("broken", "It broke.")
    message = failure_message(broken)
    assert message is not None
    assert failure_of(message) == broken
