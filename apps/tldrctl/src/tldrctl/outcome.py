"""How a command ends: its exit code, and the sentence that says what a user can do about an error."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import typer


def run_to_end(work: Coroutine[Any, Any, int]) -> None:
    """Run a command; Ctrl-C is an orderly end, an expected error one sentence."""
    from tldrctl.mesh_client import NoMesh

    try:
        code = asyncio.run(work)
    except KeyboardInterrupt:
        code = 130
    except NoMesh as error:
        typer.echo(f"tldrctl: {error}", err=True)
        code = 2
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        typer.echo(f"tldrctl: {sentence}", err=True)
        code = 1
    raise typer.Exit(code)


def sentence_for(error: BaseException) -> str | None:
    """The sentence for an expected error; None for one that is ours."""
    import httpx
    from pydantic import ValidationError

    from tldr_client import ApiProblem
    from tldr_embedded import FolderInUse, ServerFailed
    from tldr_service import settings_sentence
    from tldrctl.meshes import LoopbackRefused, MeshRuns

    if isinstance(error, ValidationError):
        return settings_sentence(error)
    if isinstance(error, ApiProblem | FolderInUse | LoopbackRefused | MeshRuns | ServerFailed):
        return str(error)
    if isinstance(error, TimeoutError):
        return "It took too long and was given up. Look at the logs in the folder."
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        return f"The API cannot be reached: {error or type(error).__name__}"
    if isinstance(error, OSError):
        return f"The system refused: {error}"
    return None
