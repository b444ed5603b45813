"""What can be set for this service."""

import re

from pydantic import Field, SecretStr, field_validator
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
    live_at_once: int = Field(
        default=32, ge=1, le=1024, description="live streams of one organization being read at a time, 100 MB each"
    )
    live_look_s: float = Field(default=45, gt=0, description="how often a source is looked for that is not live yet")
    live_silence_s: float = Field(
        default=300,
        ge=10,
        description="a live source that gives nothing for so long has ended, where nothing else was asked for",
    )
    live_height: int = Field(
        default=720, ge=0, description="of a live source's renditions the highest not taller is read"
    )
    live_memory_mb: int = Field(default=512, ge=256, description="what one live reading may hold in memory")
    open_limit_s: float = Field(default=30, gt=0, description="how long a source may take to say what it is")
    stall_limit_s: float = Field(default=60, gt=0, description="how long a source may take for the next 64 kB")
    silence_limit_s: float = Field(default=1800, gt=0, description="the longest a reading may go on without a result")
    longest_hours: float = Field(default=48, gt=0, le=48, description="what lies behind is not read")
    chat_window_s: int = Field(default=10, ge=1, le=3600, description="the length of a window of chat")
    chat_limit_mb: int = Field(default=512, ge=1, description="a larger file is no chat replay")
    process_memory_mb: int = Field(default=1024, ge=256, description="what one reading may hold in memory")
    process_idle_s: float = Field(default=30, gt=0, description="how long an idle reading process is kept")
    resolves_at_once: int = Field(default=4, ge=1, le=64, description="pages of sites being looked at at a time")
    resolve_limit_s: float = Field(
        default=20, gt=0, description="how long finding out where a page's stream lies may take"
    )
    resolve_memory_mb: int = Field(default=512, ge=192, description="what that may hold in memory")
    recording_height: int = Field(
        default=720,
        ge=0,
        le=4320,
        description="of a page's recording the highest rendition that is not taller is read; 0: any",
    )
    javascript: dict[str, str] = Field(
        default_factory=dict,
        description='the program that runs YouTube\'s scripts for yt-dlp, for example {"deno": "/usr/bin/deno"}; none without',
    )
    sites: dict[str, str] = Field(
        default_factory=dict, description="tests only: where hosts of sites are played on this machine"
    )
    kept_days: float = Field(default=30, gt=0, description="how long streams that ended are remembered")
    sweep_interval_s: float = Field(default=3600, gt=0, description="how often retention is looked at")

    @field_validator("sites")
    @classmethod
    def _played_here(cls, sites: dict[str, str]) -> dict[str, str]:
        for base in sites.values():
            if not re.fullmatch(r"http://127\.0\.0\.1:\d{1,5}", base):
                raise ValueError("sites are played on http://127.0.0.1 only")
        return sites

    @field_validator("javascript")
    @classmethod
    def _known_runtime(cls, runtime: dict[str, str]) -> dict[str, str]:
        for name, path in runtime.items():
            if name not in ("deno", "node", "bun", "quickjs") or not path.startswith("/"):
                raise ValueError("a runtime is deno, node, bun or quickjs, with the whole path of its program")
        return runtime
