"""What may be touched in one transaction."""

from typing import Protocol

from tldr_highlight_store.application.highlights.settle_run import SettleRun
from tldr_highlight_store.application.ports import Announcements, ClipQueue, Highlights, Runs, Segments, Streams


class Work(Protocol):
    """The repositories of one transaction."""

    @property
    def streams(self) -> Streams:
        """The organization's streams."""

    @property
    def highlights(self) -> Highlights:
        """Its highlights."""

    @property
    def segments(self) -> Segments:
        """Its segments."""

    @property
    def runs(self) -> Runs:
        """Its runs."""

    @property
    def clips(self) -> ClipQueue:
        """Clips to be cut later."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""

    @property
    def settle(self) -> SettleRun:
        """Settles runs."""
