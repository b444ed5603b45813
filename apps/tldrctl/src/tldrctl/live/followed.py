"""What a feed has told of a live stream so far, and how it is said in a line."""

from dataclasses import dataclass, field
from typing import Any

from tldrctl.screen import clock

_ENDS = ("completed", "failed", "cancelled", "deleted")
_VERBS = {
    "highlight.detected": "detected",
    "highlight.revised": "revised",
    "highlight.ready": "ready",
    "highlight.failed": "no clip",
    "highlight.withdrawn": "withdrawn",
}


@dataclass(slots=True)
class FollowedHighlight:
    """`figures` as last told, `told_s`: when it was told first, since 1970. `standing`: until it is withdrawn."""

    figures: dict[str, Any]
    told_s: float
    standing: bool = True


@dataclass(slots=True)
class Followed:
    """A live stream. `wall_zero_ms`: the wall clock at stream time 0, where the source told it."""

    state: str = "pending"
    wall_zero_ms: int | None = None
    failure: dict[str, str] | None = None
    highlights: dict[str, FollowedHighlight] = field(default_factory=dict)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    progress: dict[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        """Whether nothing more will be told."""
        return self.state in _ENDS

    @property
    def standing(self) -> list[dict[str, Any]]:
        """The highlights that hold, in order of time."""
        found = (one.figures for one in self.highlights.values() if one.standing)
        return sorted(found, key=lambda figures: (figures["start_ms"], figures["id"]))

    def delay_s(self, highlight: str) -> float | None:
        """How long after its peak a highlight was told of; None where the wall clock is not known."""
        if self.wall_zero_ms is None:
            return None
        one = self.highlights[highlight]
        return one.told_s - (self.wall_zero_ms + int(one.figures["peak_ms"])) / 1000

    def take(self, kind: str, data: dict[str, Any], now_s: float) -> str | None:
        """Take what was told at `now_s`, since 1970; the line that says it, None where there is nothing to be said."""
        if kind in _VERBS:
            return self._highlight(kind, data, now_s)
        match kind:
            case "state":
                return self._state(data)
            case "gap":
                self.gaps.append(data)
                return f"{_span(data)}  gap        {data['modality']}: {data['reason']}"
            case "progress":
                self.progress = data
            case "missed":
                return "some of what happened is not told any more: look at the stream itself"
        return None

    def _highlight(self, kind: str, data: dict[str, Any], now_s: float) -> str | None:
        known = self.highlights.get(data["id"])
        if kind == "highlight.withdrawn":
            if known is None or not known.standing:
                return None
            known.standing = False
            return f"{_span(known.figures)}  withdrawn  {known.figures['title']}"
        if known is None:
            known = self.highlights[data["id"]] = FollowedHighlight(data, now_s)
        known.figures, known.standing = data, True
        delay = self.delay_s(data["id"])
        behind = f", {delay:.1f} s behind" if kind == "highlight.detected" and delay is not None else ""
        clip = f"  {data['clip_path']}" if data.get("clip_path") else ""
        words = f"{data['title']} ({data['score']:.2f}{behind})"
        return f"{_span(data)}  {_VERBS[kind]:<9}  {words}{clip}"

    def _state(self, data: dict[str, Any]) -> str | None:
        if data.get("wall_zero_ms"):
            self.wall_zero_ms = data["wall_zero_ms"]
        if data["state"] == self.state:
            return None
        self.state, self.failure = data["state"], data.get("failure")
        at = f" at {clock(data['at_ms'])}" if data.get("at_ms") else ""
        why = f": {self.failure['reason']}" if self.failure else ""
        return f"the stream is {self.state}{at}{why}"


def _span(data: dict[str, Any]) -> str:
    return f"{clock(data['start_ms']):>8}-{clock(data['end_ms']):<8}"
