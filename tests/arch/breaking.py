"""Refuse a change of the published language that breaks its readers, against the commit before HEAD."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Run `buf breaking` where there is a parent that holds messages; otherwise say that it was skipped."""
    parent = subprocess.run(
        ["git", "cat-file", "-e", "HEAD~1:proto"], cwd=ROOT, capture_output=True, check=False, timeout=30
    )
    if parent.returncode:
        print("buf breaking: skipped, there is no earlier commit with messages to compare with")
        return
    against = f"{ROOT}/.git#ref=HEAD~1,subdir=proto"
    done = subprocess.run(["buf", "breaking", "proto", "--against", against], cwd=ROOT, check=False, timeout=120)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
