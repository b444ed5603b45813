"""Sealing with Fernet; keys are rotated by putting a new one first."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Sealer:
    """Seals with the first key, opens with any. Keys are separated by commas; ValueError where one is none."""

    def __init__(self, keys: str) -> None:
        self._box = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])

    def seal(self, secret: str) -> str:
        """Encrypted, as printable ASCII."""
        return self._box.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypted; ValueError where none of the keys fits."""
        try:
            return self._box.decrypt(sealed).decode()
        except InvalidToken as error:
            raise ValueError("none of the keys opens this") from error
