"""The Python SDK of the public API."""

from tldr_client.client import ApiProblem, Client, Registration, register
from tldr_client.webhooks import InvalidWebhook, verify_webhook

__all__ = ["ApiProblem", "Client", "InvalidWebhook", "Registration", "register", "verify_webhook"]
