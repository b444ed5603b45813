"""Ways out for letters: a mail server, or a folder of the embedded mesh."""

import asyncio
import os
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

import aiosmtplib
import uuid_utils

from tldr_gateway.application.members.ports import Letter, MailUnavailable
from tldr_service import Clock

_TIMEOUT_S = 20
_MOST_IN_FOLDER = 1000


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Hands letters to a mail server. `tls`: `starttls`, `tls` from the first byte, or `none` for one on this machine."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    sender: str
    clock: Clock

    async def send(self, letter: Letter) -> None:
        """Hand it over; MailUnavailable, without a word of the letter."""
        try:
            await aiosmtplib.send(
                _message(letter, self.sender, self.clock),
                hostname=self.host,
                port=self.port,
                username=self.user or None,
                password=self.password or None,
                use_tls=self.tls == "tls",
                start_tls=self.tls == "starttls",
                timeout=_TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailUnavailable(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class FolderMail:
    """Puts letters into a folder that only this user reads, the newest thousand of them."""

    folder: Path
    sender: str
    clock: Clock

    async def send(self, letter: Letter) -> None:
        """Write a file."""
        await asyncio.to_thread(self._write, bytes(_message(letter, self.sender, self.clock)))

    def _write(self, content: bytes) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Names sort by time, so the first are the oldest.
            kept = sorted(self.folder.glob("*.eml"))
            for old in kept[: max(0, len(kept) - _MOST_IN_FOLDER + 1)]:
                old.unlink(missing_ok=True)
            path = self.folder / f"{uuid_utils.uuid7().hex}.eml"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
        except OSError as error:
            raise MailUnavailable(type(error).__name__) from None


class NoMail:
    """Nothing is set up: whatever needs a letter is refused before one is asked for."""

    async def send(self, letter: Letter) -> None:
        """MailUnavailable."""
        raise MailUnavailable("no mail is set up")


def _message(letter: Letter, sender: str, clock: Clock) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable" if not letter.text.isascii() else "7bit")
    return message
