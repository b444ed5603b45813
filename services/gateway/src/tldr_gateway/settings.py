"""What can be set for this service."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class GatewaySettings(BaseSettings):
    """Read from variables that begin with `TLDR_GATEWAY_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_GATEWAY_", extra="ignore")

    registration_token: SecretStr = Field(
        default=SecretStr(""), description="when set, registering an organization needs it in `X-Registration-Token`"
    )
    default_plan: str = Field(default="team", description="the plan of a newly registered organization")
    stalled_after_s: float = Field(default=1800, gt=0, description="a stream that does not move for so long has failed")
    idempotency_hours: int = Field(default=24, ge=1, description="how long a repeated request gets the first answer")
