"""What can be set for this service."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tldr_gateway.domain.accounts.networks import network_of
from tldr_gateway.domain.accounts.plans import PLANS, plan_named


class Registering(StrEnum):
    """Who may register an organization besides the operator."""

    CLOSED = "closed"
    EMAIL = "email"
    OPEN = "open"


class GatewaySettings(BaseSettings):
    """Read from variables that begin with `TLDR_GATEWAY_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_GATEWAY_", extra="ignore")

    source_keys: SecretStr = Field(
        validation_alias="TLDR_SOURCE_KEYS",
        description="Fernet keys that seal the addresses of sources, separated by commas; the first one seals",
    )
    registration_token: SecretStr = Field(
        default=SecretStr(""), description="when set, registering an organization needs it in `X-Registration-Token`"
    )
    registration: Registering = Field(
        default=Registering.CLOSED,
        description="who may register besides who has that token: nobody (`closed`), whoever proves an address (`email`), "
        "or anybody at once as well (`open`, for development)",
    )
    smtp_host: str = Field(default="", description="the mail server; letters go nowhere without")
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`tls` from the first byte, usually on port 465; `none` on this machine alone"
    )
    smtp_user: str = Field(default="", description="empty: it is not logged in to")
    smtp_password: SecretStr = Field(default=SecretStr(""))
    mail_from: str = Field(default="TL;DR Highlights <noreply@localhost>", description="who letters are from")
    mail_folder: str = Field(default="", description="without a mail server: a folder for letters, for development")
    console_url: str = Field(default="", description="where people go on in a browser with the token of a letter")
    secure_cookies: bool = Field(
        default=True, description="browsers send cookies over HTTPS alone; off only without it, for development"
    )
    trusted_proxies: str = Field(
        default="",
        description="networks of proxies whose `X-Forwarded-For` is believed, separated by commas; nobody else's is",
    )
    default_plan: str = Field(default="professional", description="the plan of a newly registered organization")
    instances: int = Field(
        default=2, ge=1, description="among how many gateways the rates are shared out while Redis is away"
    )
    wrong_keys_per_minute: int = Field(
        default=30, ge=1, description="wrong keys that are taken from one address before it has to wait"
    )
    stalled_after_s: float = Field(
        default=1800, gt=0, description="a stream at work that does not move for so long has failed"
    )
    waiting_limit_s: float = Field(
        default=86_400, gt=0, description="a stream whose work has not begun after so long has failed"
    )
    look_every_s: float = Field(default=30, gt=0, description="how often stalled streams are looked for")
    idempotency_hours: int = Field(default=24, ge=1, description="how long a repeated request gets the first answer")
    unused_upload_days: float = Field(default=7, ge=0, description="how long an upload that no stream uses is kept")
    audit_kept_days: int = Field(default=1095, ge=366, description="how long an entry of the audit log is kept")
    rtmp_url: str = Field(
        default="rtmp://127.0.0.1:1935/live", description="where encoders send streams to, as customers are told"
    )
    feed_viewers: int = Field(
        default=300, ge=1, le=450, description="viewers of feeds that one process serves at a time"
    )
    feed_kept_hours: int = Field(default=48, ge=1, description="how long news of a stream can be read again")
    feed_longest_s: float = Field(default=3600, gt=0, description="a viewer connects again after so long")
    sweep_every_s: float = Field(default=600, gt=0, description="how often old records are deleted")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: str) -> str:
        for proxy in filter(None, proxies.split(",")):
            network_of(proxy.strip())
        return proxies

    @model_validator(mode="after")
    def _with_a_way_out(self) -> Self:
        if self.registration is Registering.EMAIL and not self.letters:
            raise ValueError("registering with a proof of the address needs SMTP_HOST, or MAIL_FOLDER for development")
        return self

    @property
    def letters(self) -> bool:
        """Whether there is a way out for letters."""
        return bool(self.smtp_host or self.mail_folder)

    @field_validator("default_plan")
    @classmethod
    def _known(cls, plan: str) -> str:
        try:
            return plan_named(plan).name
        except KeyError:
            raise ValueError(f"there is no plan {plan!r}, only {', '.join(PLANS)}") from None
