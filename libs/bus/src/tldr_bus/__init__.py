"""Events over Kafka: outbox, relay, inbox, runner, parking, dead letters."""
