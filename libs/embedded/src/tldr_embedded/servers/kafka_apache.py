"""Apache Kafka in KRaft mode: one node that is broker and controller, with its log and its cluster id in the folder."""

import base64
import os
import signal
import uuid
from dataclasses import dataclass
from pathlib import Path

from tldr_embedded.server_spec import ServerSpec
from tldr_embedded.servers.command import run_command
from tldr_embedded.servers.kafka_jars import fetch_jars, find_java
from tldr_embedded.servers.kafka_probe import probe_kafka
from tldr_embedded.servers.provider import log_path

FORMAT_SECONDS = 60.0
SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:1
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:1
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""
LOGGING = """\
status=warn
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
"""


@dataclass(frozen=True, slots=True)
class ApacheKafka:
    folder: Path
    title: str = "Apache Kafka"
    patience: float = 60.0
    idempotent: bool = True

    async def prepare(self) -> ServerSpec:
        java, jars = await find_java(), await fetch_jars()
        data, settings, logging = (
            self.folder / "kafka",
            self.folder / "kafka.properties",
            self.folder / "log4j2.properties",
        )
        data.mkdir(mode=0o700, exist_ok=True)
        settings.write_text(SETTINGS.format(data=data))
        logging.write_text(LOGGING)
        run_java = (java, "-Xms64m", "-XX:+UseSerialGC", f"-Dlog4j2.configurationFile={logging}", "-cp", f"{jars}/*")
        if not (data / "meta.properties").exists():
            await run_command(
                [*run_java, "kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", str(settings)],
                purpose="Formatting the data folder of Apache Kafka",
                seconds=FORMAT_SECONDS,
                environment={"PATH": os.environ.get("PATH", os.defpath)},
            )
        broker, controller = "127.0.0.1:{port}", "127.0.0.1:{port2}"
        overrides = (
            f"listeners=PLAINTEXT://{broker},CONTROLLER://{controller}",
            f"controller.quorum.voters=1@{controller}",
        )
        return ServerSpec(
            name="kafka",
            command=(
                *(*run_java, "-Xmx512m", "kafka.Kafka", str(settings)),
                *(word for override in overrides for word in ("--override", override)),
            ),
            environment={},
            log=str(log_path(self.folder, "kafka")),
            stop_signal=signal.SIGTERM,
            stop_seconds=15.0,
            keep_port=True,
        )

    async def probe(self, port: int) -> None:
        await probe_kafka(port)


def _cluster_id() -> str:
    """Kafka's form of a UUID: 22 characters of base64, which may not begin with a dash."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
