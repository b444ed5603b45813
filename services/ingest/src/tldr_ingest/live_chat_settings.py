"""What can be set for the chat of live streams, and of pages."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class LiveChatSettings(BaseSettings):
    """Read from variables that begin with `TLDR_INGEST_`."""

    model_config = SettingsConfigDict(env_prefix="TLDR_INGEST_", extra="ignore")

    live_chats_at_once: int = Field(
        default=200, ge=1, le=2000, description="chats of live streams being read at a time by a process"
    )
    live_chat_window_s: int = Field(default=2, ge=1, le=5, description="the least that a window of a live chat covers")
    live_chat_grace_s: float = Field(
        default=1.5, ge=0, le=10, description="how long a window is held back, so that messages can be taken back"
    )
    pushed_chat_grace_s: float = Field(
        default=5, ge=0, le=60, description="the same of chat that is pushed: later messages are left out"
    )
    twitch_irc: str = Field(
        default="ircs://irc.chat.twitch.tv:6697",
        pattern=r"^ircs?://[^/]+$",
        description="Twitch's chat; irc:// without TLS",
    )
    twitch_gql: str = Field(
        default="https://gql.twitch.tv/gql", description="what tells the chat of Twitch's recordings"
    )
    youtube: str = Field(default="https://www.youtube.com", description="YouTube's pages")

    @property
    def window_ms(self) -> int:
        """In milliseconds."""
        return 1000 * self.live_chat_window_s

    @property
    def grace_ms(self) -> int:
        """In milliseconds."""
        return round(1000 * self.live_chat_grace_s)

    @property
    def pushed_grace_ms(self) -> int:
        """In milliseconds."""
        return round(1000 * self.pushed_chat_grace_s)
