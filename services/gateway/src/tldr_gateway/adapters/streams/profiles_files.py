"""The presets: detection profiles in JSON files beside this package's code."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from google.protobuf import json_format

from tldr.streams.v1.streams_pb2 import DetectionProfile
from tldr_contracts.signals import is_known
from tldr_gateway.domain.streams.submission import Profile


def published(document: dict[str, Any]) -> DetectionProfile:
    """A preset in the published language: modes by their full names, weights that sum to 1.

    Raises ParseError for what is not a profile, ValueError for a signal that nobody measures.
    """
    for dimension in document["dimensions"]:
        for part in dimension.get("signals", ()):
            if not is_known(part["signal"]):
                raise ValueError(f"dimension {dimension['name']} asks for {part['signal']}, which nobody measures")
    total = sum(dimension["weight"] for dimension in document["dimensions"])
    dimensions = [
        {
            **dimension,
            "weight": dimension["weight"] / total,
            "mode": f"SCORING_MODE_{dimension['mode'].upper()}",
        }
        for dimension in document["dimensions"]
    ]
    processing = document["processing"]
    processing = {**processing, "fusion": f"FUSION_MODE_{processing['fusion'].upper()}"}
    whole = {**document, "dimensions": dimensions, "processing": processing}
    return json_format.ParseDict(whole, DetectionProfile())


@dataclass(frozen=True, slots=True)
class FileProfiles:
    """Presets read once; a file that is not a DetectionProfile fails the start, not a request."""

    profiles: dict[str, Profile]

    @classmethod
    def read(cls) -> "FileProfiles":
        """Read and check every preset."""
        found = {}
        for path in sorted(files("tldr_gateway.presets").iterdir(), key=lambda path: path.name):
            if path.name.endswith(".json"):
                message = published(json.loads(path.read_text(encoding="utf-8")))
                document = json.loads(json_format.MessageToJson(message, preserving_proto_field_name=True))
                found[message.dimension_set] = Profile(message.dimension_set, message.version, document)
        return cls(found)

    def named(self, name: str) -> Profile | None:
        """The preset of that name."""
        return self.profiles.get(name)

    def all(self) -> Sequence[Profile]:
        """All of them, in order of their names."""
        return [self.profiles[name] for name in sorted(self.profiles)]
