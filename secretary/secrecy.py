"""Secrets at rest: what a caller confides (a webhook's token, a password) lies in the database only as ciphertext."""

import base64
import binascii
import contextlib
import hmac
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from secretary.errors import SecretUnreadable

Sealed: TypeAlias = dict[str, str]
"""How a secret stands in JSON: an object, which no secret of a caller is, so the two cannot be taken for each other."""

_NAME: Final = "sealed"
_KEY_BYTES: Final = 32


class Secrecy:
    """Seals with the first of its keys and opens with any, so that a key is replaced by putting a new one before it.

    `keys` is asked when a secret is first met; what it raises is passed on."""

    def __init__(self, keys: Callable[[], Sequence[str]]) -> None:
        self._ask = keys

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        return tuple(map(fernet_key, self._ask()))

    @cached_property
    def _fernet(self) -> MultiFernet:
        return MultiFernet(map(Fernet, self._keys))

    def seal(self, secret: Any) -> Sealed:
        """Any JSON value as ciphertext: AES-128-CBC with HMAC-SHA256, as the Fernet specification has it."""
        return {_NAME: self._fernet.encrypt(json.dumps(secret).encode()).decode()}

    def unseal(self, value: Any) -> Any:
        """The secret again. What was written before secrets were sealed is returned as it is. Raises SecretUnreadable."""
        if not is_sealed(value):
            return value
        try:
            return json.loads(self._fernet.decrypt(value[_NAME]))
        except InvalidToken:
            raise SecretUnreadable from None

    def digests(self, text: str) -> list[str]:
        """HMAC-SHA256 of the text in hexadecimal, by each key, the one to seal with first."""
        return [hmac.digest(key, text.encode(), "sha256").hex() for key in self._keys]


def is_sealed(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {_NAME} and isinstance(value[_NAME], str)


def fernet_key(key: str) -> bytes:
    """The key as Fernet takes it; raises ValueError for anything but 32 bytes in base64, of either alphabet."""
    try:
        raw = base64.b64decode(key.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise ValueError("each key must be 32 random bytes in base64, as `openssl rand -base64 32` prints them")
    return base64.urlsafe_b64encode(raw)


def split_keys(text: str) -> tuple[str, ...]:
    """Keys separated by commas, the one to seal with first; raises ValueError for one that is no key."""
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    if not keys:
        raise ValueError("it must hold a key")
    for key in keys:
        fernet_key(key)
    return keys


def kept_keys(path: Path) -> tuple[str, ...]:
    """The keys in this file, made at the first call; raises OSError, or ValueError for a file that holds no key."""
    if not path.exists():
        write_once(path, Fernet.generate_key().decode())
    path.chmod(0o600)
    return split_keys(path.read_text(encoding="ascii"))


def write_once(path: Path, text: str) -> None:
    """Write a secret where only this user reads it: whole or not at all, and never over one that another process just made."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
