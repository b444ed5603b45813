"""`tldrctl reset`: an empty start."""

import shutil
from pathlib import Path

import typer

from tldr_embedded import shut_down
from tldrctl.screen import say

_MARK = "keeper"


async def reset_folder(folder: Path, *, ask: bool) -> int:
    """Stop what a killed host left running, then delete the folder; a folder that is not a mesh's is left alone."""
    if not folder.exists():
        say(f"{folder} does not exist: nothing to do")
        return 0
    if not (folder / _MARK).is_dir():
        say(f"{folder} does not look like a mesh's folder and is left as it is")
        return 1
    if ask and not typer.confirm(f"Delete {folder.resolve()} with all streams and highlights in it?"):
        return 1
    await shut_down(folder.resolve())
    shutil.rmtree(folder)
    say(f"{folder} is gone")
    return 0
