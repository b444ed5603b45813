"""What of a live chat is missing: ranges of the platform's clock, told by when its connections came and went."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MissingChat:
    """Chat of [start_ms, end_ms) is missing for good."""

    start_ms: int
    end_ms: int
    code: str
    reason: str


@dataclass(slots=True)
class LiveCoverage:
    """A chat is missing from `broken_ms` on until it is listened to; `heard_ms` is how far it is known otherwise.

    At first it is broken, since for ever; somebody has been trying to listen since `noticed_ms`. All times on the platform's
    clock. A break is told when it is over, or in parts of `patience_ms` while it lasts, so that time goes on.
    """

    code: str
    reason: str
    noticed_ms: int
    patience_ms: int = 10_000
    heard_ms: int = 0
    broken_ms: int | None = 0
    missing: list[MissingChat] = field(default_factory=list)

    def heard(self, until_ms: int) -> None:
        """All of up to there was given, unless it is missing."""
        self.heard_ms = max(self.heard_ms, until_ms)

    def breaks(self, code: str, reason: str) -> None:
        """Nothing comes any more."""
        if self.broken_ms is None:
            self.broken_ms = self.noticed_ms = self.heard_ms
            self.code, self.reason = code, reason

    def listens(self, since_ms: int) -> None:
        """Chat comes again, of what was written since then."""
        if self.broken_ms is not None:
            if since_ms > self.broken_ms:
                self.loses(self.broken_ms, since_ms, self.code, self.reason)
            self.broken_ms = None
        self.heard(since_ms)

    def loses(self, start_ms: int, end_ms: int, code: str, reason: str) -> None:
        """Something that came could not be kept. Ranges that touch are one."""
        touching = [one for one in self.missing if one.start_ms <= end_ms and start_ms <= one.end_ms]
        apart = [one for one in self.missing if one not in touching]
        start = min([start_ms, *(one.start_ms for one in touching)])
        end = max([end_ms, *(one.end_ms for one in touching)])
        why = touching[0] if touching else MissingChat(start, end, code, reason)
        self.missing = sorted([*apart, MissingChat(start, end, why.code, why.reason)], key=lambda one: one.start_ms)

    def known(self, now_ms: int) -> tuple[int, MissingChat | None]:
        """Up to where it is known what was written or is missing, and what of a break that lasts is missing up to there."""
        if self.broken_ms is None:
            return self.heard_ms, None
        waited_ms = (now_ms - self.noticed_ms) // self.patience_ms * self.patience_ms
        if waited_ms <= 0:
            return self.broken_ms, None
        until_ms = self.noticed_ms + waited_ms
        return until_ms, MissingChat(self.broken_ms, until_ms, self.code, self.reason)

    def forget(self, before_ms: int) -> None:
        """Let go what has been told."""
        self.missing = [one for one in self.missing if one.end_ms > before_ms]
