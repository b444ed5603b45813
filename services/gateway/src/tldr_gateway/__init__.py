"""The public REST API: organizations, keys, streams, uploads."""
