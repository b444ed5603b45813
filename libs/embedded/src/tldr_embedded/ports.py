"""Free TCP ports on the loopback address."""

import socket
from collections.abc import Collection, Sequence


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do: a port whose last connections are in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose(count: int, *, wanted: Sequence[int] = (), avoided: Collection[int] = ()) -> tuple[int, ...]:
    """The wanted ports when they are as many and all free, else new ones that are not among the avoided.

    Nothing reserves them: a server that finds its port taken exits, and is started again with others.
    """
    if len(wanted) == count and all(is_free(port) for port in wanted):
        return tuple(wanted)
    probes: list[socket.socket] = []
    ports: list[int] = []
    try:
        while len(ports) < count:
            probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            probes.append(probe)
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            if port not in avoided:
                ports.append(port)
    finally:
        for probe in probes:
            probe.close()
    return tuple(ports)
