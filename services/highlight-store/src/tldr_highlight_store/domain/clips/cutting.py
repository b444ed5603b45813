"""What a clip is made of, what comes out, and what can go wrong on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Method = Literal["copy", "transcode"]


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """One stored segment; a timestamp in its file + `offset_ms` is stream time.

    `source` is the file itself (bytes), its path, or an http(s) address. `decode_from` is the index of the segment
    where decoding must start, its own where it begins with a keyframe.
    """

    index: int
    source: bytes | str
    offset_ms: int
    start_ms: int
    end_ms: int
    container: str
    decode_from: int


@dataclass(frozen=True, slots=True)
class Clip:
    """An MP4 file that plays `duration_ms` milliseconds from `start_ms` of stream time on.

    `start_ms` is the time of its first frame: that of the frame on display at the wanted start or the one after it.
    `hidden_ms` is how much picture before the start the file carries for the decoder's sake, behind its edit list.
    """

    data: bytes
    start_ms: int
    duration_ms: int
    method: Method
    media_type: Literal["video/mp4", "audio/mp4"]
    hidden_ms: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip and the picture that stands for it: a JPEG, or None where there is no picture that shows anything."""

    clip: Clip
    thumbnail: bytes | None


class CuttingFailed(Exception):
    """A clip could not be made. `code` is stable; `transient` says whether another try may succeed."""

    code = "cutting_failed"
    transient = False


class NothingToCut(CuttingFailed):
    """The range holds neither picture nor sound."""

    code = "nothing_to_cut"


class PictureOutOfReach(CuttingFailed):
    """The range has a picture, but the keyframe that it is decoded from is not there."""

    code = "picture_out_of_reach"


class SegmentUnreadable(CuttingFailed):
    """A segment could not be fetched or is not the media file it should be."""

    code = "segment_unreadable"
    transient = True


class ClipDoesNotPlay(CuttingFailed):
    """What was cut was opened again and is not what it should be."""

    code = "clip_does_not_play"


class CutterCrashed(CuttingFailed):
    """The process that was cutting died; the next call gets a new one."""

    code = "cutter_crashed"
    transient = True


class MediaTooHeavy(CuttingFailed):
    """Cutting wanted more memory than it may have."""

    code = "media_too_heavy"


class CuttingTookTooLong(CuttingFailed):
    """The deadline passed; the process that was cutting was ended."""

    code = "cutting_took_too_long"
    transient = True


class ClipCutter(Protocol):
    """Cuts `[start_ms, end_ms)` of stream time out of stored segments.

    A frame belongs to the clip when its stream time lies in the range, both ends taken a millisecond early because
    times in the manifest are rounded; so clips of adjoining ranges neither share nor lose a frame. Parts may be given
    in any order; those that `parts_for_clip` names are enough. Promises no order between calls. Raises CuttingFailed,
    nothing else.
    """

    async def cut(self, parts: Sequence[SegmentPart], start_ms: int, end_ms: int, peak_ms: int) -> Cut: ...
