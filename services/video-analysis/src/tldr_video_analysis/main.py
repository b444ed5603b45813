"""Runs this service."""

from tldr_service import run
from tldr_video_analysis.bootstrap import DEFINITION

if __name__ == "__main__":
    run(DEFINITION)
