"""The topic registry: the only place where a topic is named, with who writes it and who reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.message import Message

from tldr.chat.v1 import chat_pb2
from tldr.chat_signals.v1 import chat_signals_pb2
from tldr.deliveries.v1 import deliveries_pb2
from tldr.detections.v1 import detections_pb2
from tldr.highlights.v1 import highlights_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.inputs.v1 import inputs_pb2
from tldr.organizations.v1 import organizations_pb2
from tldr.streams.v1 import streams_pb2
from tldr.video_signals.v1 import video_signals_pb2

LANES = 1024
"""Lanes a stream can be given; a partition is the lane modulo the topic's partitions."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of fact from one service. `message` is the wrapper whose `oneof event` holds the facts."""

    name: str
    message: type[Message]
    writer: str
    readers: tuple[str, ...]
    partitions: int
    retention: timedelta
    compacted: bool = False

    def partition(self, lane: int) -> int:
        """The partition every writer computes for a lane."""
        return lane % self.partitions

    def group(self, reader: str) -> str:
        """The consumer group of a reading service."""
        return f"{reader}.{self.name}"

    def dead_letters(self, reader: str) -> str:
        """The topic where a reader's given-up records go."""
        return f"{self.name}.{reader}.dlq"


def _topic(noun: str, message: type[Message], writer: str, readers: str, *, compacted: bool = False) -> Topic:
    return Topic(
        name=f"tldr.{noun}.v1",
        message=message,
        writer=writer,
        readers=tuple(readers.split()),
        partitions=4 if compacted else 8,
        retention=timedelta(days=7),
        compacted=compacted,
    )


ORGANIZATIONS = _topic(
    "organizations",
    organizations_pb2.OrganizationEvent,
    "gateway",
    "highlight-store webhook-dispatcher",
    compacted=True,
)
STREAMS = _topic(
    "streams",
    streams_pb2.StreamEvent,
    "gateway",
    "ingest video-analysis chat-sentiment fusion-detector highlight-store webhook-dispatcher",
)
INPUTS = _topic("inputs", inputs_pb2.InputEvent, "gateway", "ingest fusion-detector")
INGESTIONS = _topic(
    "ingestions",
    ingestions_pb2.IngestionEvent,
    "ingest",
    "gateway video-analysis fusion-detector highlight-store",
)
CHAT = _topic("chat", chat_pb2.ChatEvent, "ingest", "chat-sentiment")
VIDEO_SIGNALS = _topic("video-signals", video_signals_pb2.VideoSignalEvent, "video-analysis", "fusion-detector")
CHAT_SIGNALS = _topic("chat-signals", chat_signals_pb2.ChatSignalEvent, "chat-sentiment", "fusion-detector")
DETECTIONS = _topic("detections", detections_pb2.DetectionEvent, "fusion-detector", "highlight-store")
HIGHLIGHTS = _topic("highlights", highlights_pb2.HighlightEvent, "highlight-store", "gateway webhook-dispatcher")
DELIVERIES = _topic("deliveries", deliveries_pb2.DeliveryEvent, "webhook-dispatcher", "gateway")

TOPICS: tuple[Topic, ...] = (
    ORGANIZATIONS,
    STREAMS,
    INPUTS,
    INGESTIONS,
    CHAT,
    VIDEO_SIGNALS,
    CHAT_SIGNALS,
    DETECTIONS,
    HIGHLIGHTS,
    DELIVERIES,
)

SERVICES: tuple[str, ...] = (
    "gateway",
    "ingest",
    "video-analysis",
    "chat-sentiment",
    "fusion-detector",
    "highlight-store",
    "webhook-dispatcher",
)


def topic_named(name: str, topics: Iterable[Topic] = TOPICS) -> Topic:
    """The topic of that name; KeyError where the registry has none."""
    for topic in topics:
        if topic.name == name:
            return topic
    raise KeyError(name)


def topic_of(message: Message) -> Topic:
    """The topic that carries this wrapper message; KeyError where none does."""
    for topic in TOPICS:
        if isinstance(message, topic.message):
            return topic
    raise KeyError(message.DESCRIPTOR.full_name)
