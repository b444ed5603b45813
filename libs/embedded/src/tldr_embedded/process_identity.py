"""Which process a pid file means: the pid alone is given to another process sooner or later."""

from dataclasses import dataclass

import psutil

# Start times are derived from the boot time, which follows corrections of the clock by up to about a second.
TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    pid: int
    created: float  # seconds since the epoch

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity":
        """Raises psutil.NoSuchProcess."""
        return cls(pid, psutil.Process(pid).create_time())

    @property
    def alive(self) -> bool:
        return self._process() is not None

    def send(self, signal_number: int) -> None:
        """Does nothing to a process that is gone, or is another one by now."""
        if (process := self._process()) is not None:
            process.send_signal(signal_number)

    def wait_gone(self, seconds: float) -> bool:
        """Blocks; False when it still lives after this time. Reaps it when it is our child."""
        if (process := self._process()) is not None:
            try:
                process.wait(timeout=max(0.0, seconds))
            except psutil.TimeoutExpired:
                return False
        return True

    def _process(self) -> psutil.Process | None:
        """None for a zombie too: it holds nothing any more."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < TOLERANCE_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


def runs_with(pid: int, name: str, word: str) -> bool:
    """Whether the process has a program of this name and this word in its command line."""
    try:
        process = psutil.Process(pid)
        return bool(process.name().startswith(name) and word in process.cmdline())
    except psutil.Error:
        return False
