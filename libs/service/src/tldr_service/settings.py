"""What every service is told by its environment: where its neighbours are."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from variables that begin with `TLDR_`, for example `TLDR_KAFKA_BOOTSTRAP`."""

    # Without the input: an error about one variable would otherwise show the passwords in the others.
    model_config = SettingsConfigDict(env_prefix="TLDR_", extra="ignore", hide_input_in_errors=True)

    kafka_bootstrap: str = Field(description="host:port of a broker, several separated by commas")
    kafka_idempotent: bool = Field(default=True, description="off for brokers without idempotent producers")
    kafka_replication: int = Field(default=1, description="replication factor of topics that are created")

    database_owner_url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://… of the role that migrates, for the migration step; a service that has it migrates by itself",
    )
    database_service_url: SecretStr = Field(description="postgresql://… of the role that serves one tenant at a time")
    database_system_url: SecretStr = Field(description="postgresql://… of the role that sees several tenants")
    database_prepared_statements: bool = Field(default=True, description="off behind a pooler in transaction mode")

    redis_url: SecretStr = Field(description="redis://…")

    s3_internal_url: str = Field(description="the object store's address for services")
    s3_public_url: str = Field(default="", description="its address for customers; the internal one when empty")
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_region: str = "us-east-1"

    internal_secret: SecretStr = Field(min_length=32, description="signs the tokens between services")
    services: dict[str, str] = Field(default_factory=dict, description="JSON: service name to base address")
    service_address: str = Field(default="http://{service}:8080", description="for services not in the above")

    http_host: str = "127.0.0.1"
    http_port: int = 8080
    allow_loopback: bool = Field(default=False, description="let sources and webhooks be on this machine (development)")
    log_level: str = "INFO"
    stop_grace_s: float = Field(default=10.0, description="how long work in hand may take to end at shutdown")

    def address_of(self, service: str) -> str:
        """The base address of another service."""
        return self.services.get(service) or self.service_address.format(service=service)


class MigrationSettings(BaseSettings):
    """All that the migration step of a service is told."""

    model_config = SettingsConfigDict(env_prefix="TLDR_", extra="ignore", hide_input_in_errors=True)

    database_owner_url: SecretStr = Field(description="postgresql://… of the role that migrates")
    log_level: str = "INFO"
