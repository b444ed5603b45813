"""Which segments of a playlist are advertisements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tldr_ingest.domain.hls.attributes import attributes, date_ms, seconds

# A break whose end nobody says is over after this.
LONGEST_BREAK_MS = 300_000
_NAMED = re.compile(r"amazon|stitched-ad|advert|^\s*ads?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AdRange:
    """Wall-clock time [start_ms, end_ms) that a playlist says belongs to advertisements."""

    start_ms: int
    end_ms: int

    def covers(self, start_ms: int, duration_ms: int) -> bool:
        """Whether most of a segment lies in it."""
        return self.start_ms <= start_ms + duration_ms // 2 < self.end_ms


def is_named_advertisement(title: str) -> bool:
    """Whether a segment's title says that it is one."""
    return _NAMED.search(title) is not None


def ad_ranges(lines: Sequence[str]) -> tuple[AdRange, ...]:
    """The ranges of advertisements among EXT-X-DATERANGE tags (their attribute lists)."""
    tags = [attributes(line) for line in lines]
    back = {tag.get("ID", ""): tag for tag in tags if "SCTE35-IN" in tag}
    found = []
    for tag in tags:
        stitched = tag.get("CLASS") == "twitch-stitched-ad" or tag.get("ID", "").startswith("stitched-ad-")
        start = date_ms(tag.get("START-DATE"))
        if start is None or not (stitched or "SCTE35-OUT" in tag):
            continue
        found.append(AdRange(start, _end_of(tag, start, back.get(tag.get("ID", "")))))
    return tuple(found)


def _end_of(tag: dict[str, str], start: int, back: dict[str, str] | None) -> int:
    back = back or {}
    for end in (date_ms(tag.get("END-DATE")), date_ms(back.get("END-DATE"))):
        if end is not None:
            return end
    for length in (back.get("DURATION"), tag.get("DURATION"), tag.get("PLANNED-DURATION")):
        if (lasts := seconds(length)) is not None:
            return start + round(lasts * 1000)
    # Some write the way back as a date range of its own that begins where the break ends.
    returned = date_ms(back.get("START-DATE"))
    return returned if returned is not None and returned > start else start + LONGEST_BREAK_MS
