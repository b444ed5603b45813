"""Endpoints: where webhooks go."""
