"""How many processes are worth having."""

import os


def usable_cores() -> int:
    """The cores this process may use; a container is often given fewer than there are."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
