"""Questions about what can be played of a stream, from the gateway."""

from collections import OrderedDict
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from tldr_contracts.ids import StreamId
from tldr_highlight_store.adapters.streams.playlist_postgres import PlaylistReader
from tldr_highlight_store.domain.streams.playlist import Playable
from tldr_service import Clock
from tldr_storage import ObjectStore
from tldr_web import InternalAccess, Problem

_LIFETIME = timedelta(hours=2)
_SIGNED = 20_000


class SignedAddresses:
    """Signed public addresses, each made once and given until half of its life is over: players ask every second."""

    def __init__(self, objects: ObjectStore, clock: Clock) -> None:
        self._objects, self._clock = objects, clock
        self._known: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()

    def __call__(self, segment: Playable) -> str:
        """Where the segment's file is, for an hour at least."""
        place, now = (segment.bucket, segment.key), self._clock.now().timestamp()
        made, url = self._known.get(place, (0.0, ""))
        if now - made >= _LIFETIME.total_seconds() / 2:
            made, url = now, self._objects.download_url(*place, _LIFETIME)
        self._known[place] = (made, url)
        self._known.move_to_end(place)
        if len(self._known) > _SIGNED:
            self._known.popitem(last=False)
        return url


def playlist_router(read: PlaylistReader, address: SignedAddresses, access: InternalAccess) -> APIRouter:
    """The internal route of playlists."""
    routes = APIRouter(prefix="/internal/streams", tags=["playlists"])

    @routes.get("/{stream}/playlist")
    async def playlist(
        organization: Annotated[str, Depends(access)],
        stream: str,
        window_s: Annotated[int | None, Query(ge=1, le=86_400)] = None,
    ) -> dict[str, Any]:
        """A stream of which nothing came yet has no segments."""
        try:
            found = await read(organization, StreamId(stream), window_s)
        except OSError as error:
            reason = "The object store does not answer. Ask again in a moment."
            raise Problem(503, "storage_unavailable", reason) from error
        segments, runs = found.segments, [segment.run for segment in found.segments]
        breaks = [before != run for before, run in zip([*runs[:1], *runs], runs, strict=False)]
        return {
            "target_s": found.target_s,
            "first_sequence": segments[0].index if segments else 0,
            "discontinuity_sequence": runs[0] if runs else 0,
            "ended": found.ended,
            "segments": [
                _segment(segment, address(segment), broken) for segment, broken in zip(segments, breaks, strict=True)
            ],
        }

    return routes


def _segment(segment: Playable, url: str, broken: bool) -> dict[str, Any]:
    """`init_range` and `media_range` are byte ranges as HLS writes them, `length@offset`, of the file itself."""
    length = segment.init_bytes or 0
    return {
        "url": url,
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "discontinuity": broken,
        "container": segment.container,
        "init_range": f"{length}@0" if length else None,
        "media_range": f"{segment.size_bytes - length}@{length}" if length else None,
    }
