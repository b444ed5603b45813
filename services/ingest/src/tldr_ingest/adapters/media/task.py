"""Reading picture and sound, as it runs in a reading process; PyAV is loaded there only."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tldr_ingest.adapters.reading.messages import Item
from tldr_ingest.adapters.reading.places import GuardedAddress, ReadablePlace
from tldr_ingest.domain.media.source import CutSegment, ResumeCursor

if TYPE_CHECKING:
    from tldr_ingest.adapters.media.source_pyav import Source


def read_media(place: ReadablePlace, after: ResumeCursor | None) -> Iterator[Item]:
    """What `cut_source` yields; a segment's bytes are the item's data."""
    import av.logging

    from tldr_ingest.adapters.media.segmenter_pyav import cut_source

    av.logging.set_level(av.logging.PANIC)
    for event in cut_source(_source(place), after=after):
        if isinstance(event, CutSegment):
            yield Item(replace(event, data=b""), event.data)
        else:
            yield Item(event)


def _source(place: ReadablePlace) -> "Source":
    from tldr_ingest.adapters.media.source_pyav import AddressSource, FileSource

    if isinstance(place, GuardedAddress):
        return AddressSource(place.url, place.policy, place.limits, place.headers)
    # Opened like a path, and only opened: a file source may not lead to other files or addresses.
    return FileSource(place)  # type: ignore[arg-type]
