"""The memory that is carried from window to window."""

import pytest

from tldr_chat_sentiment.domain.measuring.memory import REMEMBERED_MESSAGES, ChatMemory, Heard


def test_it_survives_being_stored() -> None:
    heard = [Heard(0, 1, 2, True, True), Heard(2**40, 2**32 - 1, 2**32 - 1, False, False)]
    memory = ChatMemory.of(heard)
    assert ChatMemory.from_bytes(memory.to_bytes()) == memory
    assert list(memory) == heard


def test_an_empty_memory_is_empty_bytes_or_its_own() -> None:
    assert ChatMemory.from_bytes(b"") == ChatMemory.from_bytes(ChatMemory().to_bytes()) == ChatMemory()


def test_it_stays_below_64_kilobytes() -> None:
    full = ChatMemory.of([Heard(0, 1, 2, True, True)] * REMEMBERED_MESSAGES)
    assert len(full.to_bytes()) <= 64 * 1024


@pytest.mark.parametrize("data", [b"x", b"C1abc", b"C2" + bytes(18)])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no memory of chat"):
        ChatMemory.from_bytes(data)
