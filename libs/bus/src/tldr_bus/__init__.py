"""Events over Kafka: outbox, relay, inbox, runner, parking, dead letters."""

from tldr_bus import schema
from tldr_bus.broker import Broker, BrokerProvider, BrokerUnavailable
from tldr_bus.bus import Bus, Figures
from tldr_bus.dead_letters import DeadLetter, NoSuchDeadLetter, list_dead, redrive, show_dead
from tldr_bus.envelope import Malformed
from tldr_bus.event import Handler, HandleTogether, OnDead, Publication, Received, Subscription
from tldr_bus.locks import lock_subjects
from tldr_bus.outbox import Outbox
from tldr_bus.postgres_outbox import NotPublishable, PostgresOutbox, lane_of_organization
from tldr_bus.replay import replay_since
from tldr_bus.settings import BusSettings
from tldr_bus.topics_admin import TopicMismatch, ensure_topics
from tldr_bus.trace import following, next_traceparent
from tldr_bus.unknown import unknown_fact

__all__ = [
    "Broker",
    "BrokerProvider",
    "BrokerUnavailable",
    "Bus",
    "BusSettings",
    "DeadLetter",
    "Figures",
    "HandleTogether",
    "Handler",
    "Malformed",
    "NoSuchDeadLetter",
    "NotPublishable",
    "OnDead",
    "Outbox",
    "PostgresOutbox",
    "Publication",
    "Received",
    "Subscription",
    "TopicMismatch",
    "ensure_topics",
    "following",
    "lane_of_organization",
    "list_dead",
    "lock_subjects",
    "next_traceparent",
    "redrive",
    "replay_since",
    "schema",
    "show_dead",
    "unknown_fact",
]
