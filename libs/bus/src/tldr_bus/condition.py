"""How one of the bus's loops is doing."""

import logging
import time

_log = logging.getLogger(__name__)
_PATIENCE_S = 30.0


class Condition:
    """Fine, or in trouble since some time. Trouble is logged when it begins and when it ends, not at each retry."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._since: float | None = None
        self._error = ""

    @property
    def in_trouble(self) -> bool:
        """Whether it does not work now."""
        return self._since is not None

    @property
    def healthy(self) -> bool:
        """False after half a minute of trouble: shorter trouble is waited out and nobody's business."""
        return self._since is None or time.monotonic() - self._since < _PATIENCE_S

    def fine(self) -> None:
        """It works."""
        if self._since is not None:
            _log.info("%s works again", self.name)
        self._since, self._error = None, ""

    def trouble(self, error: BaseException) -> None:
        """It does not work, and is tried again."""
        if self._since is None:
            self._since = time.monotonic()
        if repr(error) != self._error:
            self._error = repr(error)
            _log.warning("%s is in trouble and waits: %s", self.name, self._error)
