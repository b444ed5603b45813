"""Signing secrets, sealed with Fernet; keys can be rotated by putting a new one first."""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class FernetSecrets:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: str) -> None:
        self._box = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])

    def new(self) -> str:
        """A fresh secret of 32 bytes in the form that Standard Webhooks 1.0 gives it."""
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()

    def seal(self, secret: str) -> bytes:
        """Encrypted."""
        return self._box.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypted; ValueError where none of the keys fits."""
        try:
            return self._box.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError("none of the encryption keys opens this secret") from error
