"""Chat of live streams: read as it is written, or taken in as it is pushed."""
