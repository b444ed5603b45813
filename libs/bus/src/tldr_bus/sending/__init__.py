"""From the outbox onto the topics."""
