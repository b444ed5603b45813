"""Apache Kafka's jars, fetched once from Maven Central into a cache, and the Java to run them."""

import asyncio
import fcntl
import os
import re
import shutil
import tempfile
from pathlib import Path

from tldr_embedded.errors import ServerFailed
from tldr_embedded.servers.command import run_command

KAFKA_VERSION, LOG4J_VERSION = "4.1.0", "2.25.1"
OLDEST_JAVA = 17
FETCH_SECONDS = 600.0
DEPENDENCIES = (
    ("org.apache.kafka", "kafka_2.13", KAFKA_VERSION),
    ("org.apache.logging.log4j", "log4j-slf4j-impl", LOG4J_VERSION),
    ("org.apache.logging.log4j", "log4j-core", LOG4J_VERSION),
)


def cache_folder() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(caches) / "tldr" / f"kafka-{KAFKA_VERSION}"


async def find_java() -> str:
    """Raises ServerFailed when there is no Java, or an old one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        raise ServerFailed(
            f"Apache Kafka needs Java {OLDEST_JAVA} or newer, and there is none on the path or in JAVA_HOME."
        )
    text = await run_command([java, "-version"], purpose="Asking Java for its version", seconds=30)
    version = re.search(r'version "(\d+)', text)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise ServerFailed(f"Apache Kafka needs Java {OLDEST_JAVA} or newer; {java} is\n{text}")
    return java


async def fetch_jars() -> Path:
    """The folder of the jars. Made under another name and renamed, so that it is complete when it is there."""
    cache = cache_folder()
    jars = cache / "lib"
    if jars.exists():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise ServerFailed("Apache Kafka is fetched with Maven, and mvn is not on the path: install maven.")
    cache.mkdir(parents=True, exist_ok=True)
    lock = os.open(cache / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        if not jars.exists():
            with tempfile.TemporaryDirectory(dir=cache) as work:
                pom, fresh = Path(work) / "pom.xml", Path(work) / "lib"
                pom.write_text(_pom())
                words = [
                    maven,
                    "-B",
                    "-q",
                    "-f",
                    str(pom),
                    "dependency:copy-dependencies",
                    f"-DoutputDirectory={fresh}",
                ]
                await run_command(words, purpose="Fetching Apache Kafka from Maven Central", seconds=FETCH_SECONDS)
                os.rename(fresh, jars)
    finally:
        os.close(lock)
    return jars


def _pom() -> str:
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
        for group, name, version in DEPENDENCIES
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>tldr</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )
