"""Published language: generated protobuf messages, the topic registry, golden samples."""
