"""The presets: detection profiles that every organization can use."""
