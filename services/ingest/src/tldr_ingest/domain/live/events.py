"""What reading a live source gives, besides segments and gaps."""

from __future__ import annotations

from dataclasses import dataclass

from tldr_ingest.domain.media.source import CutSegment, ReadGap, SourceEnded, SourceInfo


@dataclass(frozen=True, slots=True)
class LiveOpened:
    """The first piece was read: what there is, and the wall clock at stream time 0, in milliseconds since 1970."""

    info: SourceInfo
    wall_zero_ms: int
    wall_uncertainty_ms: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Stream time went on to `until_ms` with nothing to read; `gaps` say so for each modality there is."""

    until_ms: int
    gaps: tuple[ReadGap, ...]


@dataclass(frozen=True, slots=True)
class SourceInterruption:
    """The source gives nothing since `at_ms` of stream time."""

    at_ms: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceResumption:
    """The source gives something again from `at_ms` of stream time on."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class PieceRead:
    """A piece was read up to `end_ms` of stream time; its segment may come with the next one."""

    end_ms: int


LiveEvent = (
    LiveOpened | CutSegment | ReadGap | TimePassed | SourceInterruption | SourceResumption | PieceRead | SourceEnded
)
