"""Places as a reading process is told of them: addresses under the guard, uploads as files."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tldr_ingest.adapters.reading.messages import ReadingCrashed, SourceRefused
from tldr_ingest.application.live.resolving import NotLive, SourceResolver
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import FilePlace, Upload
from tldr_outbound import AddressPolicy, GuardedReader, ReadingLimits
from tldr_processes import WorkerCrashed, WorkerOutOfMemory, WorkerOutputTooLarge, WorkerTimedOut
from tldr_secrets import Sealer, struck
from tldr_storage import ObjectMissing, ObjectStore
from tldr_streams.values import Failure

# Addresses that are ours, as the store's that we sign, may lie anywhere.
OWN_SERVERS = AddressPolicy(allow_loopback=True, allowed_networks=("0.0.0.0/0", "::/0"), refused_ports=frozenset())
# A recording of 100 GB is read from a store of our own at 10 MB/s and more; a new try gets a new address.
_LIFETIME = timedelta(hours=6)

_GONE = Failure("source_not_found", "The uploaded file is not there any more. Upload it again and submit a new stream.")
_CHANGED = Failure(
    "upload_changed",
    "Another file was put at the upload's address after the stream was submitted. Upload it anew and submit a new stream.",
)
_STORE_AWAY = Failure(
    "upload_unreadable", "The uploaded file could not be read from the object store. Retry the stream."
)

_NO_KEY = Failure(
    "source_sealed",
    "The address was sealed with a key that is not kept any more. Submit the stream again with its address.",
)

_IS_LIVE = Failure(
    "source_is_live",
    "The page shows a broadcast that is still running. Submit it as a live source, or when it is over.",
)

# A file that ends the process may be one that no demuxer was made for, or one that was not there while memory was short.
_CRASHED = Failure("unreadable", "Reading the file failed. Convert it to MP4 or Matroska and submit it again.")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """Stands where a path stands: what an upload names is never opened, so it is a file and not an address."""

    url: str
    limits: ReadingLimits

    def open(self, mode: str = "rb", buffering: int = -1) -> GuardedReader:
        """A reader of the object. The arguments are those of `Path.open`."""
        return GuardedReader(self.url, policy=OWN_SERVERS, limits=self.limits)


@dataclass(frozen=True, slots=True)
class GuardedAddress:
    """An address from outside, in clear. `resolved`: it was found out from a page's, and another try finds it out anew."""

    url: str = field(repr=False)
    policy: AddressPolicy
    limits: ReadingLimits
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    resolved: bool = False

    def open(self) -> GuardedReader:
        """A reader under the policy. Raises an OutboundError."""
        return GuardedReader(self.url, policy=self.policy, limits=self.limits, headers=dict(self.headers))


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """A file on this machine's disk that was fetched for the reading. `url` is its path."""

    url: str

    def open(self, mode: str = "rb", buffering: int = -1) -> io.BufferedReader:
        """The file."""
        return open(self.url, "rb")


ReadablePlace = UploadedFile | GuardedAddress


@dataclass(frozen=True, slots=True)
class Places:
    """Makes places readable. Of a page's renditions the highest is read that is not taller than `max_height` (0: of any)."""

    objects: ObjectStore
    policy: AddressPolicy
    limits: ReadingLimits
    sealer: Sealer
    resolver: SourceResolver
    max_height: int = 0

    async def recording(self, place: FilePlace) -> ReadablePlace:
        """The same as `readable`, and what the page of a known site shows. Raises ReadingFailed, also where that is live."""
        found = await self.readable(place)
        if isinstance(found, UploadedFile):
            return found
        try:
            source = await self.resolver.resolve(found.url, max_height=self.max_height)
        except NotLive as error:
            raise ReadingFailed(error.failure) from None
        if source.url == found.url:
            return found
        if source.live:
            raise ReadingFailed(_IS_LIVE)
        return replace(found, url=source.url, headers=source.headers, resolved=True)

    async def readable(self, place: FilePlace) -> ReadablePlace:
        """Signs the address of an upload, opens a sealed one. Raises ReadingFailed where no key fits, or where another file
        lies at the upload's place than the one that was submitted: its address may still be known.
        """
        if isinstance(place, Upload):
            await self._unchanged(place)
            return UploadedFile(self.objects.internal_url(place.bucket, place.key, _LIFETIME), self.limits)
        try:
            url = self.sealer.open(place.url) if place.sealed else place.url
        except ValueError:
            raise ReadingFailed(_NO_KEY) from None
        return GuardedAddress(url, self.policy, self.limits)

    async def _unchanged(self, place: Upload) -> None:
        if not place.stored_at_s:
            return
        try:
            found = await self.objects.stat(place.bucket, place.key)
        except ObjectMissing:
            raise ReadingFailed(_GONE) from None
        except OSError as error:
            raise ReadingFailed(_STORE_AWAY, passing=True) from error
        if found.stored_at_s != place.stored_at_s:
            raise ReadingFailed(_CHANGED)


MEDIA_TOO_HEAVY = Failure(
    "media_too_heavy",
    "Reading the file takes more memory than a recording does. Convert it to MP4 or Matroska and submit it again.",
)
CHAT_TOO_LARGE = Failure(
    "chat_too_large",
    "Reading the chat file takes more memory than a chat replay does. Export it anew, one message an entry, and submit it "
    "again.",
)
_SILENT = Failure(
    "reading_stalled", "Reading came to nothing more for too long. Retry the stream; it goes on where it stopped."
)


@contextmanager
def failing_for(place: ReadablePlace | SpooledFile, too_heavy: Failure = MEDIA_TOO_HEAVY) -> Iterator[None]:
    """What a process says of its failing, or how it ended, as ReadingFailed; the address it read from is struck from it."""
    try:
        yield
    except SourceRefused as error:
        passing = error.passing or _outdated(error, place)
        raise ReadingFailed(_failure_of(error, place), passing=passing) from None
    except (WorkerOutOfMemory, WorkerOutputTooLarge) as error:
        raise ReadingFailed(too_heavy) from error
    except WorkerTimedOut as error:
        raise ReadingFailed(_SILENT, passing=True) from error
    except ReadingCrashed as error:
        raise ReadingFailed(_CRASHED, passing=True) from ReadingCrashed(struck(str(error), place.url))
    except WorkerCrashed as error:
        raise ReadingFailed(_CRASHED, passing=True) from error


def _outdated(refused: SourceRefused, place: ReadablePlace | SpooledFile) -> bool:
    """Whether an address that was found out leads nowhere any more: they hold for some hours."""
    expired = refused.code in ("source_not_found", "address_expired")
    return expired and isinstance(place, GuardedAddress) and place.resolved


def _failure_of(refused: SourceRefused, place: ReadablePlace | SpooledFile) -> Failure:
    # The address of an upload is ours and stays here.
    if isinstance(place, UploadedFile) and refused.code == "source_not_found":
        return _GONE
    if isinstance(place, UploadedFile) and refused.passing:
        return _STORE_AWAY
    return Failure(refused.code, struck(refused.sentence, place.url))
