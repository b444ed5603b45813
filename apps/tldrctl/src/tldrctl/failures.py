"""Which errors a user can do something about, and the sentence that says what."""


def sentence_for(error: BaseException) -> str | None:
    """The sentence for an expected error; None for one that is ours."""
    import httpx
    from pydantic import ValidationError

    from tldr_client import ApiProblem
    from tldr_embedded import FolderInUse, ServerFailed
    from tldr_service import settings_sentence
    from tldrctl.meshes import LoopbackRefused

    if isinstance(error, ValidationError):
        return settings_sentence(error)
    if isinstance(error, ApiProblem | FolderInUse | LoopbackRefused | ServerFailed):
        return str(error)
    if isinstance(error, TimeoutError):
        return "It took too long and was given up. Look at the logs in the folder."
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
        return f"The API cannot be reached: {error or type(error).__name__}"
    if isinstance(error, OSError):
        return f"The system refused: {error}"
    return None
