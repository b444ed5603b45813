"""Runs this service."""

if __name__ == "__main__":
    # Imported here: each process that analyses imports this module anew, and needs none of it.
    from tldr_service import run
    from tldr_video_analysis.bootstrap import DEFINITION

    run(DEFINITION)
