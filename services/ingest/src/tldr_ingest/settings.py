"""What can be set for this service."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from tldr_processes import usable_cores


class IngestSettings(BaseSettings):
    """Read from variables that begin with `TLDR_INGEST_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_INGEST_", extra="ignore")

    source_keys: SecretStr = Field(
        validation_alias="TLDR_SOURCE_KEYS",
        description="Fernet keys that open the addresses of sources, separated by commas: those of the gateway",
    )
    # One reading is many times faster than the analysis of what it read; more would only take from others' analysis.
    uploads_at_once: int = Field(
        default_factory=lambda: max(1, usable_cores() // 2),
        ge=1,
        le=64,
        description="uploads of one organization being read at a time",
    )
    addresses_at_once: int = Field(default=4, ge=1, le=64, description="the same of recordings at addresses")
    chats_at_once: int = Field(default=2, ge=1, le=64, description="the same of chat replays")
    spare_readings: int = Field(
        default=2, ge=0, le=64, description="how many more of each, while several organizations wait"
    )
    open_limit_s: float = Field(default=30, gt=0, description="how long a source may take to say what it is")
    stall_limit_s: float = Field(default=60, gt=0, description="how long a source may take for the next 64 kB")
    silence_limit_s: float = Field(default=1800, gt=0, description="the longest a reading may go on without a result")
    longest_hours: float = Field(default=48, gt=0, le=48, description="what lies behind is not read")
    chat_window_s: int = Field(default=10, ge=1, le=3600, description="the length of a window of chat")
    chat_limit_mb: int = Field(default=512, ge=1, description="a larger file is no chat replay")
    process_memory_mb: int = Field(default=1024, ge=256, description="what one reading may hold in memory")
    process_idle_s: float = Field(default=30, gt=0, description="how long an idle reading process is kept")
    kept_days: float = Field(default=30, gt=0, description="how long streams that ended are remembered")
    sweep_interval_s: float = Field(default=3600, gt=0, description="how often retention is looked at")
