"""What can be set for this service."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from tldr_webhook_dispatcher.domain.messages.schedule import DELAYS_S


class WebhookDispatcherSettings(BaseSettings):
    """Read from variables that begin with `TLDR_WEBHOOK_DISPATCHER_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_WEBHOOK_DISPATCHER_", extra="ignore")

    encryption_keys: SecretStr = Field(
        description="Fernet keys that seal addresses and secrets, separated by commas; the first one seals, all of them open"
    )
    deliveries_at_once: int = Field(
        default=32,
        ge=1,
        le=200,
        description="attempts under way at a time; half for one organization, one for one endpoint",
    )
    delays_s: tuple[Annotated[float, Field(ge=0)], ...] = Field(
        default=DELAYS_S, description="JSON list: the waits after the first, second, … failed attempt"
    )
    timeout_s: float = Field(default=15, gt=0, le=60, description="how long a receiver may take to answer")
    endpoints_max: int = Field(default=20, ge=1, le=1000, description="endpoints an organization may have")
    retention_days: int = Field(default=30, ge=1, description="how long the delivery log and the events are kept")
