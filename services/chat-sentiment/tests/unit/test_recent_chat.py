"""Which messages count."""

from tldr_chat_sentiment.domain.measuring.memory import REMEMBERED_MESSAGES, UNKNOWN_VOICE, ChatMemory
from tldr_chat_sentiment.domain.measuring.recent_chat import RecentChat

SHORT, LONG = False, True


def chat() -> RecentChat:
    return RecentChat(ChatMemory())


def test_the_same_voice_with_the_same_text_counts_once_in_thirty_seconds() -> None:
    recent = chat()
    counted = [recent.hear(second * 1000, 1, 77, SHORT).counts for second in range(0, 65, 5)]
    assert [second * 5 for second, counts in enumerate(counted) if counts] == [0, 30, 60]


def test_different_voices_with_the_same_short_text_all_count_and_agree() -> None:
    recent = chat()
    verdicts = [recent.hear(voice * 100, voice, 77, SHORT) for voice in range(1, 9)]
    assert all(verdict.counts for verdict in verdicts)
    assert [verdict.agrees for verdict in verdicts] == [False] + [True] * 7


def test_a_voice_does_not_agree_with_itself() -> None:
    recent = chat()
    recent.hear(0, 1, 77, SHORT)
    assert not recent.hear(2000, 1, 77, SHORT).agrees


def test_agreement_ends_after_ten_seconds() -> None:
    recent = chat()
    recent.hear(0, 1, 77, SHORT)
    assert not recent.hear(10_000, 2, 77, SHORT).agrees
    assert recent.hear(19_999, 3, 77, SHORT).agrees


def test_unknown_authors_are_voices_of_their_own() -> None:
    recent = chat()
    verdicts = [recent.hear(at, UNKNOWN_VOICE, 77, SHORT) for at in range(0, 5000, 100)]
    assert all(verdict.counts for verdict in verdicts)
    assert all(verdict.agrees for verdict in verdicts[1:])


def test_a_voice_in_a_hurry_counts_three_times_in_ten_seconds() -> None:
    recent = chat()
    counted = [recent.hear(second * 2000, 1, second, SHORT).counts for second in range(10)]
    assert counted == [True, True, True, False, False] * 2


def test_a_flood_counts_once_in_ten_seconds() -> None:
    recent = chat()
    counted = [at for at in range(0, 60_000, 500) if recent.hear(at, 1, at, SHORT).counts]
    assert counted == [0, 500, 1000, 11_000, 21_000, 31_000, 41_000, 51_000]


def test_a_long_text_pasted_by_few_counts_once() -> None:
    recent = chat()
    counted = [recent.hear(at, 1 + at // 100 % 5, 77, LONG).counts for at in range(0, 20_000, 100)]
    assert sum(counted) == 1


def test_a_long_text_pasted_by_many_is_a_reaction() -> None:
    recent = chat()
    counted = [recent.hear(voice * 100, voice, 77, LONG).counts for voice in range(1, 31)]
    assert counted == [True] + [False] * 4 + [True] * 25


def test_a_flood_silences_nobody_else() -> None:
    recent = chat()
    for at in range(0, 5000, 10):
        recent.hear(at, 1, at, SHORT)
    assert recent.hear(5000, 2, 1, SHORT).counts


def test_what_it_remembers_is_bounded() -> None:
    recent = chat()
    for at in range(2 * REMEMBERED_MESSAGES):
        recent.hear(at, at % 500 + 1, at % 900, SHORT)
    assert len(list(recent.memory())) == REMEMBERED_MESSAGES
    recent.hear(100_000, 1, 1, SHORT)
    assert len(list(recent.memory())) == 1
