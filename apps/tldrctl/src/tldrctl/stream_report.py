"""A stream as the user sees it: its chat, what is missing, its highlights."""

from collections.abc import Sequence
from typing import Any

from tldrctl.chat_report import chat_lines
from tldrctl.screen import say, show_highlights


def show_stream(stream: dict[str, Any], highlights: Sequence[dict[str, Any]], gaps: Sequence[dict[str, Any]]) -> None:
    """All that is known of it, its state last."""
    for line in chat_lines(stream["chat"]):
        say(line)
    for gap in gaps:
        seconds = f"{gap['start_ms'] / 1000:.0f}–{gap['end_ms'] / 1000:.0f} s"
        say(f"missing {gap['modality']} {seconds}: {gap['reason']} ({gap['code']})")
    if highlights:
        show_highlights(highlights)
    if stream["failure"]:
        say(f"failed: {stream['failure']['reason']} ({stream['failure']['code']})")
    else:
        say(f"{stream['state']}: {len(highlights)} highlights in {(stream['duration_ms'] or 0) / 1000:.1f} s")
