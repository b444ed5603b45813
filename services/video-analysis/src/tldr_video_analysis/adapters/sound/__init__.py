"""Sound, decoded and measured."""
