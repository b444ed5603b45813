"""Runs this service."""

from tldr_fusion_detector.bootstrap import DEFINITION
from tldr_service import run

if __name__ == "__main__":
    run(DEFINITION)
