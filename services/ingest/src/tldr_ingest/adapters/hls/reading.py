"""One reading of a live playlist: loads it in its time, has its segments fetched, says what is silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tldr_ingest.adapters.hls.contents import Content, Contents
from tldr_ingest.adapters.hls.getting import Getter
from tldr_ingest.adapters.hls.joining_pyav import joined
from tldr_ingest.adapters.hls.loading import Loaded, Playlists
from tldr_ingest.adapters.hls.recorded import Recording
from tldr_ingest.adapters.hls.releasing import EXPIRED, Releases, Slot
from tldr_ingest.adapters.hls.silence import Silence
from tldr_ingest.adapters.hls.threads import Done, Threads
from tldr_ingest.domain.errors import AddressExpired, IngestError, SourceChanged, SourceEncrypted
from tldr_ingest.domain.hls.following import Following, begin
from tldr_ingest.domain.hls.joints import answered
from tldr_ingest.domain.hls.pacing import Patience, backoff_s, next_poll_s
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MediaSegment, PlaylistKind
from tldr_ingest.domain.hls.window import follow
from tldr_ingest.domain.live.feed import FeedEnded, FeedEvent, PieceMark
from tldr_outbound import AddressRefused, OutboundError, SourceNotFound

_PLAYLIST, _DOUBT = "playlist", "doubt"
_REFUSALS = frozenset({401, 403, 410})
# At the first opening; one that was read before is waited for.
_TRIES_TO_OPEN = 4
_LONGEST_WAIT_S = 0.5
_ENDED = FeedEnded("source_ended", "The source said that the stream has ended.")
_CHANGED = "The source is another one than when its reading began. Submit it as a new stream."
_SEALED = "The stream is encrypted for its own players (SAMPLE-AES or DRM)."


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A segment of a playlist whose content has to be compared with a digest."""

    loaded: Loaded
    segment: MediaSegment
    known: str


class Reading:
    """Use once. `now` is a clock that only goes forwards, `wall` the time since 1970, both in seconds."""

    def __init__(
        self,
        url: str,
        max_height: int,
        from_start: bool,
        patience: Patience,
        missing_every_ms: int,
        threads: Threads[Getter],
        contents: Contents,
        *,
        side_by_side: int,
        now: Callable[[], float],
        wall: Callable[[], float],
        chance: Callable[[], float],
        recording: Recording | None = None,
    ) -> None:
        self._playlists = Playlists(url, max_height)
        self._from_start = from_start
        self._recording = recording
        self._patience = patience
        self._threads, self._contents = threads, contents
        self._now, self._wall, self._chance = now, wall, chance
        self._releases = Releases(side_by_side, lambda failures: backoff_s(failures, self._pace_ms, chance()))
        self._silence = Silence(patience, missing_every_ms, now())
        self._state = Following()
        self._playlist: MediaPlaylist | None = None
        self._resumed = False
        self._doubted: _Doubt | None = None
        self._loading = False
        self._load_at = now()
        self._failures = 0
        self._refusals = 0
        self._ended_since: float | None = None
        self._confirmed = False

    @property
    def _pace_ms(self) -> int:
        return 2_000 if self._playlist is None else self._playlist.pace_ms

    def run(self, after: PieceMark | None) -> Iterator[FeedEvent]:
        """See `LiveFeed.follow`."""
        self._state, self._resumed = begin(after), after is not None
        if after is not None and after.digest:
            self._releases.remember(after.name, after.digest)
        while True:
            self._ask()
            yield from self._given(self._releases.ready())
            if self._is_over():
                yield _ENDED
                return
            for event in self._said():
                if isinstance(event, FeedEnded):
                    yield from self._releases.abandoned()
                yield from self._given([event])
                if isinstance(event, FeedEnded):
                    return
            for done in self._threads.wait(self._wait_s()):
                self._take(done)

    def _given(self, events: Iterable[FeedEvent]) -> Iterator[FeedEvent]:
        """While nobody takes what came, nobody asks: it is not the source that is silent."""
        for event in events:
            given_at = self._now()
            yield event
            self._silence.away(self._now() - given_at)

    def _said(self) -> list[FeedEvent]:
        if self._ended_since is not None:
            return []
        failing, waiting = self._failures > 0, not self._releases.empty
        self._state, said = self._silence.said(
            self._state, self._playlist, self._now(), failing=failing, waiting=waiting
        )
        return said

    def _wait_s(self) -> float:
        due = self._releases.next_due(self._now())
        times = [_LONGEST_WAIT_S] if due is None else [_LONGEST_WAIT_S, due - self._now()]
        if not self._loading and self._doubted is None:
            times.append(self._load_at - self._now())
        return max(0.001, min(times))

    def _ask(self) -> None:
        now = self._now()
        if not self._loading and self._doubted is None and not self._releases.stopped and now >= self._load_at:
            self._loading = True
            if self._silence.interrupted or self._ended_since is not None:
                # Where the addresses of renditions come from may name others by now.
                self._playlists.forget()
            self._threads.submit(_PLAYLIST, self._playlists.load)
        for slot in self._releases.to_fetch(now):
            self._threads.submit(slot, self._fetching(self._releases.segment_of(slot), slot.sounds or ()))

    def _fetching(self, segment: MediaSegment, sounds: tuple[MediaSegment, ...]) -> Callable[[Getter], Content]:
        def fetch(getter: Getter) -> Content:
            if any(each.sealed for each in (segment, *sounds)):
                raise SourceEncrypted(_SEALED)
            picture = self._contents.of(getter, segment)
            return joined(picture, [self._contents.of(getter, sound) for sound in sounds]) if sounds else picture

        return fetch

    def _take(self, done: Done) -> None:
        if isinstance(done.about, Slot):
            if isinstance(done.result, Content):
                self._releases.came(done.about, done.result, self._now())
            elif done.error is not None:
                self._releases.failed(done.about, done.error, self._now())
        elif done.about == _DOUBT:
            self._resolve(done)
        elif isinstance(done.result, Loaded):
            self._loaded(done.result)
        elif done.error is not None:
            self._not_loaded(done.error)

    def _loaded(self, loaded: Loaded) -> None:
        self._loading = False
        try:
            loaded = loaded if self._recording is None else self._recording.of(loaded)
        except IngestError as error:
            self._releases.stop(error)
            return
        playlist = loaded.media
        self._playlist, self._failures, self._refusals = playlist, 0, 0
        followed = follow(self._state, playlist, round(self._wall() * 1000), from_start=self._from_start)
        self._state = followed.state
        if followed.doubt is not None:
            self._doubt(loaded, followed.doubt)
            return
        if followed.elsewhere and self._recording is not None:
            self._releases.stop(SourceChanged(_CHANGED))
            return
        leaves = playlist.kind is PlaylistKind.SLIDING and not followed.ended
        self._releases.add(
            followed.steps, loaded, elsewhere=followed.elsewhere, leaves=leaves, final=self._is_final(playlist)
        )
        now = self._now()
        if followed.news:
            self._silence.heard(now)
        self._confirmed = followed.ended and self._ended_since is not None
        if not followed.ended:
            self._ended_since = None
        elif self._ended_since is None or followed.news:
            self._ended_since = now
        self._load_at = now + next_poll_s(playlist.pace_ms, followed.news, self._chance())

    def _not_loaded(self, error: Exception) -> None:
        self._loading = False
        self._failures += 1
        self._releases.not_loaded()
        self._load_at = self._now() + backoff_s(self._failures, self._pace_ms, self._chance())
        refused = isinstance(error, SourceNotFound) and error.status in _REFUSALS
        self._refusals = self._refusals + 1 if refused else 0
        if isinstance(error, AddressRefused) or not isinstance(error, OutboundError | IngestError):
            self._releases.stop(error)
        elif self._ended_since is not None:
            self._confirmed = True
        elif self._playlist is not None or self._resumed:
            # What cannot be read now may be later, as it could before.
            if self._refusals > 1:
                self._releases.stop(AddressExpired(EXPIRED))
        elif isinstance(error, IngestError) or self._failures >= _TRIES_TO_OPEN or self._refusals > 1:
            self._releases.stop(error)
        if isinstance(error, SourceNotFound) and self._failures > 1:
            self._playlists.forget()

    def _doubt(self, loaded: Loaded, segment: MediaSegment) -> None:
        last = self._state.last
        known = self._releases.digest_of(segment.name) or (self._releases.digest_of(last.name) if last else "")
        if not known or segment.sealed:
            self._state = answered(self._state, segment, None)
            self._loaded(loaded)
            return
        self._doubted = _Doubt(loaded, segment, known)
        self._threads.submit(_DOUBT, self._fetching(segment, ()))

    def _resolve(self, done: Done) -> None:
        doubt, self._doubted = self._doubted, None
        if doubt is None:
            return
        same = done.result.digest == doubt.known if isinstance(done.result, Content) else None
        self._state = answered(self._state, doubt.segment, same)
        self._loaded(doubt.loaded)

    def _is_final(self, playlist: MediaPlaylist) -> bool:
        return playlist.ended and (self._recording is not None or playlist.kind is PlaylistKind.VOD)

    def _is_over(self) -> bool:
        if self._ended_since is None or self._playlist is None or not self._releases.empty:
            return False
        if self._is_final(self._playlist):
            return True
        return self._confirmed and (self._now() - self._ended_since) * 1000 >= self._patience.returns_ms
