"""Where configurations are kept."""
