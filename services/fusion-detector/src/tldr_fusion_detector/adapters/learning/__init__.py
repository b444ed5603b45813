"""Training and verdicts, translated."""
