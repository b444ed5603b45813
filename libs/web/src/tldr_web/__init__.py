"""HTTP between clients and services: problems, internal tokens, health."""
