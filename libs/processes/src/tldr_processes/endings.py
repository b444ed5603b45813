"""How work in a process ends when it ends badly; each of them is an answer, and the next call gets a new process."""


class WorkerEnded(Exception):
    """The process ended before its work. Which way says what may be done about it."""


class WorkerCrashed(WorkerEnded):
    """The process died, or was killed from outside: another try may succeed."""


class WorkerTimedOut(WorkerEnded):
    """The deadline passed, and the process was ended."""


class WorkerOutOfMemory(WorkerEnded):
    """The work wanted more memory than it may have: the same work will want it again."""


class WorkerOutputTooLarge(WorkerEnded):
    """The work gave more at once than it may: the same work will give it again."""


class WorkFailed(Exception):
    """The work raised what cannot be carried over to this process; the words are those of its traceback."""
