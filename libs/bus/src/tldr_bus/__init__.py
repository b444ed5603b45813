"""Events over Kafka: outbox, relay, inbox, runner, parking, dead letters."""

from tldr_bus import schema
from tldr_bus.bus import Bus, Figures
from tldr_bus.effects.locks import lock_subjects
from tldr_bus.events.envelope import Malformed
from tldr_bus.events.event import Handler, HandleTogether, OnDead, Publication, Received, Subscription
from tldr_bus.events.unknown import unknown_fact
from tldr_bus.kafka.broker import Broker, BrokerProvider, BrokerUnavailable
from tldr_bus.kafka.topics_admin import TopicMismatch, ensure_topics
from tldr_bus.parked.dead_letters import DeadLetter, NoSuchDeadLetter, list_dead, redrive, show_dead
from tldr_bus.sending.outbox import Outbox
from tldr_bus.sending.postgres_outbox import NotPublishable, PostgresOutbox, lane_of_organization
from tldr_bus.sending.replay import replay_since
from tldr_bus.settings import BusSettings

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
    "lane_of_organization",
    "list_dead",
    "lock_subjects",
    "redrive",
    "replay_since",
    "schema",
    "show_dead",
    "unknown_fact",
]
