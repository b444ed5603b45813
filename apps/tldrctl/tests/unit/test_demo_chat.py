"""The chat of a demo broadcast."""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from tldrctl.demo.chat import Line, chat_lines, write_chat
from tldrctl.demo.plan import Plan, plan_broadcast

TEAMS = ("NOVA", "COMET")


def within(lines: list[Line], start_ms: int, end_ms: int) -> list[Line]:
    return [line for line in lines if start_ms <= line.at_ms < end_ms]


def rate(lines: list[Line], start_ms: int, end_ms: int) -> float:
    return len(within(lines, start_ms, end_ms)) / ((end_ms - start_ms) / 1000)


def example() -> tuple[Plan, list[Line]]:
    plan = plan_broadcast(5, 180_000, 5)
    return plan, chat_lines(plan, TEAMS)


def test_it_reacts_late_and_with_many_voices() -> None:
    plan, lines = example()
    for moment in plan.planted:
        begin, end = plan.reaction(moment)
        assert rate(lines, begin + 2_000, end - 5_000) > 5
        authors = {line.author for line in within(lines, begin, end)}
        assert len(authors) > 0.7 * len(within(lines, begin, end))


def test_it_is_slow_where_nothing_happened() -> None:
    plan, lines = example()
    busy = [plan.reaction(moment) for moment in plan.planted]
    busy += [(one.start_ms, one.end_ms) for one in plan.distractors]
    seconds = [s for s in range(180) if all(s * 1000 + 1000 <= a or s * 1000 >= b for a, b in busy)]
    assert np.mean([rate(lines, s * 1000, s * 1000 + 1000) for s in seconds]) < 1.5


def test_spam_is_one_text_by_a_few() -> None:
    plan, lines = example()
    (spam,) = (one for one in plan.distractors if one.kind == "spam")
    (text, copies), *_ = Counter(line.text for line in within(lines, spam.start_ms, spam.end_ms)).most_common(1)
    authors = {line.author for line in lines if line.text == text}
    assert 3 <= len(authors) <= 5
    assert copies / (spam.end_ms - spam.start_ms) * 1000 > 5


def test_nobody_writes_in_a_break() -> None:
    plan, lines = example()
    (dull,) = (one for one in plan.distractors if one.kind == "dull")
    assert within(lines, dull.start_ms, dull.end_ms) == []


def test_no_placeholder_is_left_in_a_text() -> None:
    for seed in range(5):
        lines = chat_lines(plan_broadcast(seed, 180_000, 5), TEAMS)
        assert not [line.text for line in lines if "{" in line.text or "}" in line.text]


def test_the_replay_is_what_chat_downloader_writes(tmp_path: Path) -> None:
    plan, lines = example()
    write_chat(plan, TEAMS, tmp_path / "chat.json")
    entries = json.loads((tmp_path / "chat.json").read_text())
    assert len(entries) == len(lines)
    assert [round(entry["time_in_seconds"] * 1000) for entry in entries] == [line.at_ms for line in lines]
    assert {"message_id", "message", "message_type", "timestamp", "time_in_seconds", "time_text", "author"} <= set(
        entries[0]
    )
    assert any(entry.get("emotes") for entry in entries)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_chat(plan_broadcast(2, 180_000, 5), TEAMS, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
