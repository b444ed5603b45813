"""Where the servers are: everything a host needs to connect to them."""

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Addresses:
    """Survives a round trip through JSON, so that a supervisor can hand it to the processes it starts."""

    kafka: str  # "127.0.0.1:PORT"
    idempotent: bool  # whether the broker has idempotent producers: Apache Kafka does, Tansu does not
    postgres: str = field(repr=False)  # the superuser's DSN
    redis: str = field(repr=False)  # URL with password
    s3_endpoint: str  # "127.0.0.1:PORT", plain HTTP
    s3_access_key: str
    s3_secret_key: str = field(repr=False)
    s3_region: str

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Addresses":
        """Raises TypeError or ValueError for text that is not one."""
        return cls(**json.loads(text))
