"""A stream's state: whatever happens in whatever order, what has ended stays ended unless it is retried."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tldr_gateway.domain.streams.stream import MAX_RETRIES, Cause, State, decide

HAPPENINGS = st.lists(st.tuples(st.sampled_from(Cause), st.integers(0, 1)), max_size=40)


@settings(deadline=None)
@given(HAPPENINGS)
def test_no_sequence_of_causes_leaves_a_terminal_state_except_a_retry(happenings: list[tuple[Cause, int]]) -> None:
    state, attempt = State.PENDING, 1
    for cause, late_by in happenings:
        transition = decide(state, cause, attempt=attempt, of_attempt=attempt - late_by)
        if state.terminal and transition.after is not state:
            assert (state, cause, transition.after) == (State.FAILED, Cause.RETRY_ASKED, State.PROCESSING)
            attempt += 1
        assert transition.applied or transition.after is state
        assert bool(transition.refusal) != transition.applied
        state = transition.after
    assert attempt <= 1 + MAX_RETRIES


@settings(deadline=None)
@given(st.sampled_from(State), st.sampled_from(Cause), st.integers(1, 4))
def test_the_outcome_of_an_earlier_attempt_changes_nothing(state: State, cause: Cause, attempt: int) -> None:
    assert not decide(state, cause, attempt=attempt, of_attempt=attempt - 1).applied


def test_every_cause_is_decided_in_every_state() -> None:
    decided = {(state, cause) for state in State for cause in Cause if decide(state, cause, attempt=1)}
    assert len(decided) == len(State) * len(Cause)


def test_a_failed_stream_is_retried_three_times_and_no_more() -> None:
    asked = [decide(State.FAILED, Cause.RETRY_ASKED, attempt=attempt).applied for attempt in range(1, 6)]
    assert asked == [True, True, True, False, False]


def test_stopping_leaves_the_state_to_the_work_that_ends() -> None:
    assert decide(State.PENDING, Cause.STOP_ASKED, attempt=1).after is State.PENDING
    assert decide(State.PROCESSING, Cause.STOP_ASKED, attempt=1).after is State.PROCESSING
    assert not decide(State.COMPLETED, Cause.STOP_ASKED, attempt=1).applied
