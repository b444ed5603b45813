"""What can be set for this service."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class HighlightStoreSettings(BaseSettings):
    """Read from variables that begin with `TLDR_HIGHLIGHT_STORE_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_HIGHLIGHT_STORE_", extra="ignore")

    cutters: int = Field(default=2, ge=1, le=32, description="processes that cut clips")
    cuts_at_once: int = Field(default=2, ge=1, le=64, description="clips being fetched, cut and stored at a time")
    cut_limit_s: float = Field(default=120, gt=0, description="the longest one clip may take")
    cutter_memory_mb: int = Field(default=2048, ge=512, description="what cutting one clip may hold in memory")
    url_lifetime_s: int = Field(default=300, ge=10, le=86_400, description="how long a signed address works")
    trim_interval_s: float = Field(default=60, gt=0, description="how often live streams are cut down to their windows")
    sweep_interval_s: float = Field(default=3600, gt=0, description="how often retention is looked at")
