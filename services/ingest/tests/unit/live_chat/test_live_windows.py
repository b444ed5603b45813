"""Windows of a live chat: when they close, what they hold, what is missing."""

from typing import Any

import pytest

from tldr_ingest.domain.chat.windows import ChatWindow
from tldr_ingest.domain.live_chat.coverage import LiveCoverage, MissingChat
from tldr_ingest.domain.live_chat.events import Broken, Heard, Listening, LiveMessage, TakenBack, Uncounted
from tldr_ingest.domain.live_chat.windows import LiveWindows

ZERO = 1_700_000_000_000
LOST = Broken("lost", "Lost.")


def at(seconds: float) -> int:
    return ZERO + int(1000 * seconds)


def say(seconds: float, id: str = "", user: str = "u") -> LiveMessage:
    return LiveMessage(id or f"m{seconds}", at(seconds), "a", f"at {seconds}", (), user)


class Chat:
    """Windows of 2 s with a grace of 1 s; `tell` gives events and says what is due then, in short."""

    def __init__(self, *, joined: float | None = -5, **settings: Any) -> None:
        coverage = LiveCoverage("late", "Late.", noticed_ms=at(-6))
        self.windows = LiveWindows(coverage, 2000, 1000, **{"zero_ms": ZERO, **settings})
        if joined is not None:
            self.windows.take([Listening(at(joined))])

    def tell(self, *events: Any, now: float | None = None) -> list[str]:
        """Each event at the time it was heard of; `now` moves the clock to the last of them."""
        self.windows.take(events)
        last = max([event.until_ms for event in events if isinstance(event, Heard)], default=0)
        return [short(one) for one in self.windows.due(last if now is None else at(now))]


def short(one: ChatWindow | MissingChat) -> str:
    if isinstance(one, MissingChat):
        return f"{one.code} {one.start_ms}-{one.end_ms}"
    return f"{one.index}: {one.start_ms}-{one.end_ms} {len(one.messages)}"


def heard(seconds: float) -> Heard:
    return Heard(at(seconds))


def test_a_window_closes_behind_what_was_heard_and_a_moment() -> None:
    chat = Chat()
    assert chat.tell(say(0.5), say(1.9), heard(2.9)) == []
    assert chat.tell(say(2.95), heard(3)) == ["0: 0-2000 2"]
    assert chat.tell(heard(4.5)) == []
    assert chat.tell(heard(5)) == ["1: 2000-4000 1"]


def test_a_quiet_chat_moves_on_in_windows_without_messages() -> None:
    chat = Chat()
    assert chat.tell(heard(6)) == ["0: 0-5000 0"]
    assert chat.tell(heard(60)) == [f"{n + 1}: {s}000-{s + 10}000 0" for n, s in enumerate(range(5, 55, 10))] + [
        "6: 55000-59000 0"
    ]


def test_messages_of_a_window_are_in_order_of_time() -> None:
    chat = Chat()
    chat.windows.take([say(1.5), say(0.2), say(1.0), heard(3)])
    (window,) = chat.windows.due(0)
    assert isinstance(window, ChatWindow)
    assert [message.at_ms for message in window.messages] == [200, 1000, 1500]


def test_messages_are_held_until_it_is_known_when_the_stream_began() -> None:
    chat = Chat(zero_ms=None)
    assert chat.tell(say(-1), say(0.5), say(1.5), heard(5)) == []
    chat.windows.zero_ms = ZERO
    assert chat.tell() == ["0: 0-4000 2"]
    assert chat.windows.counts.before_start == 1


def test_the_same_message_over_two_connections_is_one() -> None:
    chat = Chat()
    assert chat.tell(say(0.5, "x"), say(0.5, "x"), say(0.6, ""), heard(3)) == ["0: 0-2000 2"]
    assert chat.tell(say(0.5, "x"), heard(5)) == ["1: 2000-4000 0"]
    assert chat.windows.counts.late == 0


@pytest.mark.parametrize(
    ("event", "left"), [(TakenBack(id="a"), 2), (TakenBack(user="u"), 1), (TakenBack(all=True), 0), (Uncounted(), 3)]
)
def test_what_is_taken_back_before_its_window_closes_is_not_in_it(event: Any, left: int) -> None:
    chat = Chat()
    assert chat.tell(say(0.5, "a"), say(0.6, "b"), say(0.7, "c", "other"), event, heard(3)) == [f"0: 0-2000 {left}"]
    assert chat.windows.counts.taken_back == 3 - left


def test_what_was_published_stays() -> None:
    chat = Chat()
    assert chat.tell(say(0.5, "a"), heard(3)) == ["0: 0-2000 1"]
    chat.tell(TakenBack(id="a"))
    assert (chat.windows.counts.messages, chat.windows.counts.taken_back) == (1, 0)


def test_a_message_of_a_window_that_was_published_is_counted_as_late() -> None:
    chat = Chat()
    chat.tell(heard(3))
    assert chat.tell(say(1), heard(5)) == ["1: 2000-4000 0"]
    assert chat.windows.counts.late == 1


def test_a_break_is_a_gap_of_its_length_and_nothing_is_complete_meanwhile() -> None:
    chat = Chat()
    assert chat.tell(say(0.5), say(4.2), heard(4.5), LOST) == ["0: 0-3000 1"]
    assert chat.tell(now=9) == []
    assert chat.tell(Listening(at(9.2)), heard(10.1), now=10.1) == []  # it is told as one
    assert chat.tell(say(10.5), heard(13), now=13) == ["1: 3000-4000 0", "lost 4000-10000", "2: 10000-12000 1"]
    assert chat.windows.counts.in_gaps == 1


def test_a_break_that_lasts_is_told_in_parts_so_that_time_goes_on() -> None:
    chat = Chat()
    chat.tell(heard(4), LOST)
    assert [chat.tell(now=now) for now in (13.9, 14, 23, 24)] == [
        [],
        ["1: 3000-4000 0", "lost 4000-14000"],
        [],
        ["lost 14000-24000"],
    ]
    assert chat.tell(Listening(at(25)), heard(28), now=28) == ["lost 24000-25000", "2: 25000-27000 0"]


def test_a_break_after_which_what_was_written_came_is_none() -> None:
    chat = Chat()
    chat.tell(heard(4), LOST)
    assert chat.tell(Listening(at(3)), say(5), heard(8), now=8) == ["1: 3000-7000 1"]


@pytest.mark.parametrize(("joined", "told"), [(-1, ["0: 0-9000 0"]), (3.5, ["late 0-4000", "0: 4000-9000 0"])])
def test_chat_that_was_joined_late_is_missing_up_to_there(joined: float, told: list[str]) -> None:
    assert Chat(joined=joined).tell(heard(10)) == told


def test_a_reader_that_was_started_again_goes_on_behind_one_gap() -> None:
    chat = Chat(joined=None, until_ms=20_000, index=10)
    assert chat.tell(say(20.5), say(26.5), Listening(at(25.3)), heard(29), now=29) == [
        "late 20000-26000",
        "10: 26000-28000 1",
    ]


def test_chat_ends_where_the_stream_ends() -> None:
    chat = Chat()
    chat.tell(say(0.5), heard(5))
    chat.windows.end_ms = 7300
    assert (chat.tell(say(7.2), say(9), heard(8.5)), chat.windows.finished) == (["1: 4000-7000 0"], False)
    assert (chat.tell(heard(12)), chat.windows.finished) == (["2: 7000-8000 1"], True)
    assert chat.windows.counts.after_end == 1


def test_chat_that_is_ahead_of_the_end_is_finished() -> None:
    chat = Chat()
    chat.tell(heard(11))
    chat.windows.end_ms = 6000
    assert chat.windows.finished
    assert chat.tell(heard(12)) == []


def test_more_than_can_be_held_is_a_gap_and_not_forgotten() -> None:
    chat = Chat(zero_ms=None)
    chat.windows.take([LiveMessage(f"n{n}", at(n / 10_000), "a", "x") for n in range(60_000)])
    chat.windows.zero_ms = ZERO
    told = chat.tell(heard(9))
    assert told == ["chat_held_too_long 0-4000", "0: 4000-8000 20000"]
    counts = chat.windows.counts
    assert counts.messages + counts.in_gaps == 60_000


def test_the_memory_of_ids_is_bounded() -> None:
    chat = Chat()
    for second in range(40):
        chat.windows.take([say(second + n / 2000, f"{second} {n}") for n in range(2000)])
        chat.tell(heard(second + 1))
    assert len(chat.windows._known) == 50_000
    assert len(chat.windows._held) <= 2000 * 4
    assert chat.windows.counts.messages == 2000 * 38
