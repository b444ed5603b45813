"""What can be set for this service."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class FusionDetectorSettings(BaseSettings):
    """Read from variables that begin with `TLDR_FUSION_DETECTOR_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_FUSION_DETECTOR_", extra="ignore")

    advance_every_s: float = Field(
        default=3,
        ge=0,
        le=60,
        description="a stream is looked at again so long after something came, at the most often",
    )
    advances_at_once: int = Field(default=2, ge=1, le=64, description="streams being detected at a time")
    media_deadline_s: float = Field(
        default=15,
        ge=0,
        le=600,
        description="live, provisional results wait so long for picture and sound that are behind",
    )
    chat_deadline_s: float = Field(default=10, ge=0, le=600, description="the same for chat")
    signals_deadline_s: float = Field(default=10, ge=0, le=600, description="the same for signals that customers push")
    signals_silent_s: float = Field(
        default=60,
        ge=1,
        le=3600,
        description="live, signals that are waited for and were not pushed for so long are a gap",
    )
    training_limit_s: float = Field(
        default=4 * 3600, gt=0, description="how long the training of a scorer may take; then it has failed"
    )
    training_memory_mb: int = Field(
        default=8192, ge=512, description="what the training of a scorer may hold in memory"
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        description="how long the signals of a stream that ended are kept, and vocabularies that are not used",
    )
    sweep_interval_s: float = Field(default=3600, gt=0, description="how often retention is looked at")
