"""Values, rules and pure functions."""
