"""Encrypt what is kept of logins: whoever gets the database alone can use none of them.

`python -m bot.vault` prints a new key.
"""

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class TokenCipher:
    """Encrypt values with the first of several keys, decrypt with any: a new key is put in front of the old."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take Fernet keys; raises ValueError for anything else and for none."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, value: Any) -> str:
        """Make a text that says nothing without a key from a JSON value."""
        return self._fernet.encrypt(json.dumps(value).encode()).decode()

    def decrypt(self, sealed: str) -> Any:
        """Return the value; None where no key fits any more."""
        try:
            return json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            return None

    def rotate(self, sealed: str) -> str:
        """Encrypt a text anew with the first key; it stays as it is where no key fits any more."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken:
            return sealed


def print_key() -> None:
    """Print a new key for TOKEN_KEYS."""
    print(Fernet.generate_key().decode())  # noqa: T201  (who runs this wants to copy it)


if __name__ == "__main__":
    print_key()
