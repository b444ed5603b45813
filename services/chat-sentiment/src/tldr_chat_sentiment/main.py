"""Runs this service."""

from tldr_chat_sentiment.bootstrap import DEFINITION
from tldr_service import run

if __name__ == "__main__":
    run(DEFINITION)
