"""Each service in a process of its own: one that dies is started again, all of them end with this one."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from tldr_embedded.keeping.child import die_with_parent
from tldr_embedded.keeping.log_bound import bound
from tldr_mesh.environment import Environment
from tldr_telemetry import logger

_log = logger(__name__)
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 15.0
_STEADY_S = 30.0
_READY_S = 60.0
_STOP_S = 20.0
_HOUSEKEEPING_S = 60.0


class SevenProcesses:
    """A supervisor. `environment` answers with what the services are told now."""

    def __init__(self, environment: Callable[[], Environment], logs: Path) -> None:
        self._environment = environment
        self._logs = logs
        self._services = list(environment().by_service)
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._watching: list[asyncio.Task[None]] = []

    @property
    def pids(self) -> dict[str, int]:
        """The processes there are, by service."""
        return {name: process.pid for name, process in self._processes.items() if process.returncode is None}

    async def start(self) -> None:
        """Start all of them; when this returns they answer."""
        for name in self._services:
            self._log(name).unlink(missing_ok=True)
        self._watching = [asyncio.create_task(self._keep_alive(name), name=name) for name in self._services]
        self._watching.append(asyncio.create_task(self._bound_logs(), name="bound logs"))
        async with asyncio.timeout(_READY_S), httpx.AsyncClient(trust_env=False) as http:
            await asyncio.gather(*(self._answers(http, name) for name in self._services))

    async def restart(self) -> None:
        """End all of them in order; each comes back with what it is told now."""
        for name in list(self.pids):
            self._processes[name].send_signal(signal.SIGTERM)

    async def stop(self) -> None:
        """End all of them: in order, then by force."""
        for watching in self._watching:
            watching.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        running = [process for process in self._processes.values() if process.returncode is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        await asyncio.gather(*(_ended(process) for process in running))

    async def _keep_alive(self, name: str) -> None:
        pause = _FIRST_PAUSE_S
        clock = asyncio.get_running_loop()
        while True:
            started = clock.time()
            code = await self._run(name)
            pause = _FIRST_PAUSE_S if clock.time() - started > _STEADY_S else min(pause * 2, _LONGEST_PAUSE_S)
            _log.warning("a service ended and is started again", service=name, exit_code=code, pause_s=pause)
            await asyncio.sleep(pause)

    async def _run(self, name: str) -> int | None:
        """Until it ends; its exit code, or None when it could not be started."""
        try:
            process = await self._start(name)
        except OSError as error:
            _log.warning("a service cannot be started", service=name, error=repr(error))
            return None
        return await process.wait()

    async def _start(self, name: str) -> asyncio.subprocess.Process:
        module = f"tldr_{name.replace('-', '_')}.main"
        told = self._environment()
        # Appended to: what a process said before it died stays.
        with self._log(name).open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                env=told.variables(name, os.environ),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C on the terminal is for the supervisor, which ends them in order
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self._processes[name] = process
        if self._environment() is not told:  # a server moved while it was started, and `restart` did not see it
            process.send_signal(signal.SIGTERM)
        return process

    async def _bound_logs(self) -> None:
        while True:
            await asyncio.sleep(_HOUSEKEEPING_S)
            for name in self._services:
                bound(self._log(name))

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    async def _answers(self, http: httpx.AsyncClient, name: str) -> None:
        port = self._environment().by_service[name]["http_port"]
        while True:
            try:
                await http.get(f"http://127.0.0.1:{port}/health/live", timeout=2)
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
            else:
                return


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), _STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()
