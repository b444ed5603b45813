"""Runs this service."""

from tldr_ingest.bootstrap import DEFINITION
from tldr_service import run

if __name__ == "__main__":
    run(DEFINITION)
