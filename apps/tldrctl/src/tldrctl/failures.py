"""Which errors a user can do something about, and the sentence that says what."""


def sentence_for(error: BaseException) -> str | None:
    """The sentence for an expected error; None for one that is ours."""
    from tldr_client import ApiProblem
    from tldr_mesh.servers import FolderInUse, ServerFailed

    if isinstance(error, ApiProblem | FolderInUse | ServerFailed):
        return str(error)
    if isinstance(error, TimeoutError):
        return "It took too long and was given up. Look at the logs in the folder."
    if isinstance(error, OSError):
        return f"The system refused: {error}"
    return None
