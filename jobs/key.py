"""The secret behind pseudonyms, keyed hashes and encryption.

From the recipe's `anonymise.key`, the environment, or a file of the user's own.
"""

import hashlib
import os
import secrets
from pathlib import Path

from corpusmill.schemas.errors import UserError

MINIMUM_BYTES = 16


def resolve(setting: str | None, make: bool = True) -> tuple[bytes, str]:
    """The key and where it came from. `setting`: env:NAME, file:PATH, secret:SCOPE/KEY or None for the default.

    make: a key of the user's own is made where the default finds none.
    Raises UserError where the named place holds none, or one of under 16 bytes.
    """
    if setting is None:
        if os.environ.get("CORPUSMILL_KEY"):
            return _long_enough(os.environ["CORPUSMILL_KEY"].encode(), "the variable CORPUSMILL_KEY")
        return _own_file(make)
    kind, _, place = setting.partition(":")
    if kind == "env":
        value = os.environ.get(place)
        if not value:
            raise UserError(f"anonymise.key: the environment variable {place} is not set. Set it to a long secret.")
        return _long_enough(value.encode(), f"the variable {place}")
    if kind == "file":
        if not Path(place).is_file():
            raise UserError(f"anonymise.key: there is no file {place}. Put a long secret in it.")
        return _long_enough(Path(place).read_bytes().strip(), f"the file {place}")
    scope, _, key = place.partition("/")
    return _long_enough(_databricks_secret(scope, key), f"the Databricks secret {place}")


def key_id(key: bytes) -> str:
    """Eight hex digits that tell keys apart and tell nothing about them."""
    return hashlib.sha256(b"corpusmill key id\0" + key).hexdigest()[:8]


def _own_file(make: bool) -> tuple[bytes, str]:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "corpusmill"
    path = folder / "key"
    if not path.exists():
        if not make:
            raise UserError(f"there is no key: neither a variable CORPUSMILL_KEY nor a file {path}.")
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as sink:
            sink.write(secrets.token_hex(32))
    return _long_enough(path.read_bytes().strip(), f"the file {path}")


def _databricks_secret(scope: str, key: str) -> bytes:
    try:
        from databricks.sdk.runtime import dbutils
    except ImportError:
        raise UserError("anonymise.key: secret:SCOPE/KEY works on Databricks only; here use env: or file:") from None
    return dbutils.secrets.get(scope, key).encode()


def _long_enough(key: bytes, place: str) -> tuple[bytes, str]:
    if len(key) < MINIMUM_BYTES:
        raise UserError(f"anonymise.key: {place} holds {len(key)} bytes; a key has at least {MINIMUM_BYTES}.")
    return key, place
