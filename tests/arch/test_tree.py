"""Every service has the same shape, and every topic its golden messages."""

from pathlib import Path

import pytest
from google.protobuf import json_format

from tldr_contracts.topics import SERVICES, TOPICS, Topic

ROOT = Path(__file__).parents[2]
LAYERS = ("domain", "application", "adapters", "entrypoints", "migrations")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_shape_of_all_services(service: str) -> None:
    folder = ROOT / "services" / service
    package = folder / "src" / f"tldr_{service.replace('-', '_')}"
    assert (folder / "README.md").is_file()
    assert [layer for layer in LAYERS if not (package / layer).is_dir()] == []
    assert [name for name in ("bootstrap.py", "main.py", "settings.py") if not (package / name).is_file()] == []


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_fact_of_a_topic_has_a_golden_message(topic: Topic) -> None:
    samples = {path.stem: path for path in (ROOT / "proto/samples" / topic.name).glob("*.json")}
    facts = {field.name for field in topic.message.DESCRIPTOR.oneofs_by_name["event"].fields}
    assert facts - set(samples) == set()
    for name in facts:
        message = json_format.Parse(samples[name].read_text(encoding="utf-8"), topic.message())
        assert message.WhichOneof("event") == name


def test_no_test_folder_has_an_init_file() -> None:
    folders = [ROOT / "tests", *ROOT.glob("[a-z]*/*/tests")]
    assert [path for folder in folders for path in folder.rglob("__init__.py")] == []
