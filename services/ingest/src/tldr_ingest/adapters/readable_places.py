"""Places as a reading process is told of them: addresses under the guard, uploads as files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from tldr_ingest.adapters.reading_messages import Refused
from tldr_ingest.adapters.reading_process import ReadingCrashed, SourceRefused
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import Failure, Place, Upload
from tldr_outbound import AddressPolicy, GuardedReader, ReadingLimits
from tldr_storage import ObjectStore

# The store's address is ours and is signed by us: it may lie anywhere.
_OWN_STORE = AddressPolicy(allow_loopback=True, allowed_networks=("0.0.0.0/0", "::/0"), refused_ports=frozenset())
# A recording of 100 GB is read from a store of our own at 10 MB/s and more; a new try gets a new address.
_LIFETIME = timedelta(hours=6)

_GONE = Failure("source_not_found", "The uploaded file is not there any more. Upload it again and submit a new stream.")
_STORE_AWAY = Failure(
    "upload_unreadable", "The uploaded file could not be read from the object store. Retry the stream."
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
        return GuardedReader(self.url, policy=_OWN_STORE, limits=self.limits)


@dataclass(frozen=True, slots=True)
class GuardedAddress:
    """An address from outside."""

    url: str
    policy: AddressPolicy
    limits: ReadingLimits

    def open(self) -> GuardedReader:
        """A reader under the policy. Raises an OutboundError."""
        return GuardedReader(self.url, policy=self.policy, limits=self.limits)


ReadablePlace = UploadedFile | GuardedAddress


@dataclass(frozen=True, slots=True)
class Places:
    """Makes places readable."""

    objects: ObjectStore
    policy: AddressPolicy
    limits: ReadingLimits

    def readable(self, place: Place) -> ReadablePlace:
        """Signs the address of an upload, without a call."""
        if isinstance(place, Upload):
            return UploadedFile(self.objects.internal_url(place.bucket, place.key, _LIFETIME), self.limits)
        return GuardedAddress(place.url, self.policy, self.limits)


@contextmanager
def failing_for(place: Place, crashed: Failure = _CRASHED) -> Iterator[None]:
    """What a process says of its failing, as ReadingFailed; `crashed` where it can say nothing any more."""
    try:
        yield
    except SourceRefused as error:
        refusal = error.refusal
        raise ReadingFailed(_failure_of(refusal, place), passing=refusal.passing) from None
    except ReadingCrashed as error:
        raise ReadingFailed(crashed, passing=True) from error


def _failure_of(refused: Refused, place: Place) -> Failure:
    # The address of an upload is ours and stays here.
    if isinstance(place, Upload) and refused.code == "source_not_found":
        return _GONE
    if isinstance(place, Upload) and refused.passing:
        return _STORE_AWAY
    return Failure(refused.code, refused.sentence)
