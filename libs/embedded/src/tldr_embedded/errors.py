"""What can go wrong with the embedded servers, said in sentences a person can act on."""


class ServerFailed(RuntimeError):
    """A server or one of its tools did not do what was asked; the message ends with the tail of its log."""


class FolderInUse(RuntimeError):
    """Another host is connected to the keeper of this folder."""

    def __init__(self, folder: str, pid: int) -> None:
        super().__init__(f"Another mesh runs on {folder} (process {pid}). Stop it first, or use another folder.")
        self.pid = pid
