"""What can be set for pushed streams."""

import ssl
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class PushInputSettings(BaseSettings):
    """Read from variables that begin with `TLDR_INGEST_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_INGEST_", extra="ignore")

    rtmp_listen: str = Field(
        default="127.0.0.1:1935",
        description="host:port at which encoders publish by RTMP; empty: this service takes none",
    )
    rtmp_certificate: Path | None = Field(default=None, description="PEM; with it the port speaks RTMPS")
    rtmp_private_key: Path | None = Field(default=None, description="PEM, where it is not in the certificate's file")
    rtmp_connections: int = Field(default=256, ge=1, description="connections at a time")
    rtmp_connections_of_address: int = Field(default=16, ge=1, description="the same from one address")
    rtmp_megabits: float = Field(default=50, ge=0, description="what one publisher may send in a second; 0: no limit")
    rtmp_wrong_keys: int = Field(
        default=10, ge=1, description="wrong keys an address may try at once; one more each 6 s"
    )
    push_folder: Path = Field(
        default=Path(".tldr/push"), description="where pushed streams are kept until they are read"
    )
    push_kept_s: int = Field(default=300, ge=30, description="for how long")
    push_kept_mb: int = Field(default=256, ge=16, description="how much of each stream")
    push_grace_s: int = Field(
        default=60, ge=0, le=60, description="how long an encoder that ended the stream may still come back"
    )
    push_read_back: str = Field(
        default="",
        description="address with {stream} at which MediaMTX gives a pushed stream as HLS; empty: the spool is read",
    )
    mediamtx_secret: SecretStr = Field(
        default=SecretStr(""), description="what MediaMTX shows when it asks who may publish; empty: it may not ask"
    )

    @field_validator("rtmp_listen")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if value and not (host and colon and port.isdecimal() and int(port) < 65536):
            raise ValueError("must be host:port")
        return value

    @field_validator("push_read_back")
    @classmethod
    def _names_the_stream(cls, value: str) -> str:
        if value and "{stream}" not in value:
            raise ValueError("must hold {stream}")
        return value

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port to listen at."""
        host, _, port = self.rtmp_listen.rpartition(":")
        return (host.strip("[]"), int(port)) if host else None

    def tls(self) -> ssl.SSLContext | None:
        """For RTMPS. Raises OSError for files that are none."""
        if self.rtmp_certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.rtmp_certificate, self.rtmp_private_key)
        return context
