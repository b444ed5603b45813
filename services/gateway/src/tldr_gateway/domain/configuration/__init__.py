"""What organizations configure: dimension sets, types of highlights, how scores become highlights."""
