"""What a stretch of chat measures: rates, voices, words, sentiment."""
