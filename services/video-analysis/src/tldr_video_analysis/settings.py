"""What can be set for this service."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from tldr_processes import usable_cores


class VideoAnalysisSettings(BaseSettings):
    """Read from variables that begin with `TLDR_VIDEO_ANALYSIS_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_VIDEO_ANALYSIS_", extra="ignore")

    processes: int = Field(default_factory=usable_cores, ge=1, le=256, description="processes that analyse")
    window_s: int = Field(default=32, ge=4, le=600, description="seconds of a recording analysed at once")
    live_window_s: int = Field(default=2, ge=2, le=600, description="the same of a live stream")
    live_patience_s: float = Field(
        default=5, gt=0, le=60, description="a live window's sound is released by itself when both take longer"
    )
    window_limit_s: float = Field(default=120, gt=0, le=600, description="the longest one analysis may take")
    examined_share: float = Field(default=0.1, ge=0, le=1, description="share of the time looked at beyond keyframes")
    process_memory_mb: int = Field(default=2048, ge=512, description="what one analysis may hold in memory")
    idle_s: float = Field(default=60, ge=0, description="idle processes end after so long")
    retention_days: int = Field(default=30, ge=3, description="how long a stream's rows outlive its end")
    sweep_interval_s: float = Field(default=3600, gt=0, description="how often retention is looked at")
