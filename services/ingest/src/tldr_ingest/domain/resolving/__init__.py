"""Pages of sites that show streams, and which of a stream's renditions is read."""
