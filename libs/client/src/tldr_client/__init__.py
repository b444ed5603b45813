"""The Python SDK of the public API."""

from tldr_client.client import Client, Registration, register
from tldr_client.feed import FeedEvent
from tldr_client.problems import ApiProblem
from tldr_client.webhooks import InvalidWebhook, verify_webhook

__all__ = ["ApiProblem", "Client", "FeedEvent", "InvalidWebhook", "Registration", "register", "verify_webhook"]
