"""What can be set for this service."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ChatSentimentSettings(BaseSettings):
    """Read from variables that begin with `TLDR_CHAT_SENTIMENT_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_CHAT_SENTIMENT_", extra="ignore")

    streams_at_once: int = Field(default=2, ge=1, le=32, description="streams whose chat is measured at a time")
    arrivals_at_once: int = Field(default=128, ge=1, le=1000, description="windows measured and published at a time")
    failed_chat_hours: float = Field(
        default=24, gt=0, description="how long chat of a failed stream waits for a retry before it is deleted"
    )
    retention_days: int = Field(default=30, ge=3, description="how long a stream's row outlives the last word of it")
    sweep_interval_s: float = Field(default=3600, gt=0, description="how often retention is looked at")
