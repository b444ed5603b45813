"""What was read, as messages of the published language."""

from dataclasses import asdict

from tldr.chat.v1 import chat_pb2
from tldr.common.v1 import common_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr_ingest.adapters.streams.requests_protobuf import CHAT_FORMATS
from tldr_ingest.application.ports import ChatFact, MediaFact, SourceWaiting
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.application.stream_record import StreamRecord
from tldr_ingest.domain.live.events import SourceInterruption, SourceResumption
from tldr_ingest.domain.media.source import AudioTrack, Modality, ReadGap, SourceInfo, VideoTrack
from tldr_streams.messages import failure_message, gap_message, object_message, range_message
from tldr_streams.values import Failure, StoredObject

_MODALITIES = {
    Modality.VIDEO: common_pb2.MODALITY_VIDEO,
    Modality.AUDIO: common_pb2.MODALITY_AUDIO,
    Modality.CHAT: common_pb2.MODALITY_CHAT,
}


def media_event(record: StreamRecord, fact: MediaFact) -> ingestions_pb2.IngestionEvent:
    """A fact about picture and sound."""
    if isinstance(fact, SourceInfo):
        return ingestions_pb2.IngestionEvent(started=_started(record, fact))
    if isinstance(fact, StoredSegment):
        return ingestions_pb2.IngestionEvent(segment_stored=_segment_stored(record, fact))
    if isinstance(fact, SourceWaiting):
        reason, until_ms = failure_message(fact.failure), fact.until_ms
        waiting = ingestions_pb2.SourceWaiting(
            stream_id=record.id, attempt=record.attempt, reason=reason, until_ms=until_ms
        )
        return ingestions_pb2.IngestionEvent(waiting=waiting)
    if isinstance(fact, SourceInterruption):
        reason = failure_message(Failure(fact.code, fact.reason))
        interrupted = ingestions_pb2.SourceInterrupted(stream_id=record.id, at_ms=fact.at_ms, reason=reason)
        return ingestions_pb2.IngestionEvent(interrupted=interrupted)
    if isinstance(fact, SourceResumption):
        return ingestions_pb2.IngestionEvent(
            resumed=ingestions_pb2.SourceResumed(stream_id=record.id, at_ms=fact.at_ms)
        )
    found = ingestions_pb2.IngestionGapFound(stream_id=record.id, gap=_gap(fact))
    return ingestions_pb2.IngestionEvent(gap_found=found)


def media_end(record: StreamRecord) -> ingestions_pb2.IngestionEvent:
    """The end of picture and sound."""
    media = record.media
    ended = ingestions_pb2.IngestionEnded(
        stream_id=record.id,
        attempt=record.attempt,
        duration_ms=media.read_until_ms,
        segments=media.segments,
        failure=failure_message(media.failure),
    )
    return ingestions_pb2.IngestionEvent(ended=ended)


def chat_event(record: StreamRecord, window: ChatFact) -> chat_pb2.ChatEvent:
    """A window of chat, or a gap in it."""
    if isinstance(window, ReadGap):
        found = chat_pb2.ChatGapFound(stream_id=record.id, gap=_gap(window), complete_until_ms=window.end_ms)
        return chat_pb2.ChatEvent(gap_found=found)
    read = chat_pb2.ChatWindowRead(
        stream_id=record.id,
        index=window.index,
        range=range_message(window.start_ms, window.end_ms),
        complete_until_ms=window.end_ms,
    )
    if isinstance(window.content, StoredObject):
        read.object.CopyFrom(object_message(window.content))
    else:
        # Marks it as set: a window without messages says that nobody wrote.
        read.messages.SetInParent()
        read.messages.MergeFromString(window.content)
    return chat_pb2.ChatEvent(window_read=read)


def chat_end(record: StreamRecord) -> chat_pb2.ChatEvent:
    """The end of chat."""
    chat = record.chat
    ended = chat_pb2.ChatEnded(
        stream_id=record.id,
        attempt=record.attempt,
        duration_ms=chat.read_until_ms,
        failure=failure_message(chat.failure),
        rows=chat_pb2.ChatRows(**asdict(chat.report.counts)) if chat.report else None,
        notes=[chat_pb2.ChatNote(**asdict(note)) for note in chat.report.notes] if chat.report else (),
        format=CHAT_FORMATS[chat.report.format] if chat.report and chat.report.format else None,
    )
    return chat_pb2.ChatEvent(ended=ended)


def _gap(gap: ReadGap) -> common_pb2.Gap:
    return gap_message(gap.modality, gap.start_ms, gap.end_ms, gap.code, gap.reason)


def _started(record: StreamRecord, info: SourceInfo) -> ingestions_pb2.IngestionStarted:
    return ingestions_pb2.IngestionStarted(
        stream_id=record.id,
        attempt=record.attempt,
        modalities=[_MODALITIES[modality] for modality in info.modalities],
        claimed_duration_ms=info.claimed_duration_ms,
        video=_video(info.video) if info.video else None,
        audio=_audio(info.audio) if info.audio else None,
        live=record.live is not None,
        wall_zero_ms=record.media.wall_zero_ms,
        wall_uncertainty_ms=record.media.wall_uncertainty_ms,
    )


def _video(track: VideoTrack) -> ingestions_pb2.VideoTrack:
    return ingestions_pb2.VideoTrack(
        codec=track.codec, width=track.width, height=track.height, frame_rate=track.frame_rate
    )


def _audio(track: AudioTrack) -> ingestions_pb2.AudioTrack:
    return ingestions_pb2.AudioTrack(codec=track.codec, sample_rate=track.sample_rate, channels=track.channels)


def _segment_stored(record: StreamRecord, segment: StoredSegment) -> ingestions_pb2.SegmentStored:
    return ingestions_pb2.SegmentStored(
        stream_id=record.id,
        index=segment.index,
        range=range_message(segment.start_ms, segment.end_ms),
        object=object_message(segment.object),
        container=segment.container,
        offset_ms=segment.offset_ms,
        decode_from=segment.decode_from,
        has_video=segment.has_video,
        has_audio=segment.has_audio,
        keyframes_ms=segment.keyframes_ms,
        video_packets=segment.video_packets,
        wall_clock_ms=segment.wall_clock_ms,
    )
