"""From a topic to the effects of its records, each lane in order."""
