"""Values that whoever holds the key can read again: `<PERSON:enc:...>`, encrypted with AES-SIV (RFC 5297).

Equal values of a document give equal tokens, so that a second run changes nothing; another document gives others, and a
token that was moved there, or altered, does not open. Lengths are rounded up to eight bytes.
"""

import base64
import binascii
import hmac
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

TOKEN = re.compile(r"<([A-Z_]+):enc:([\w-]{32,})>", re.ASCII)
BLOCK = 8


def seal(key: bytes, doc_id: str, entity_type: str, value: str) -> str:
    """The token for a value of that document.

    >>> token = seal(b"a long secret", "d1", "PERSON", "Anna")
    >>> opened(token, b"a long secret", "d1"), opened(token, b"a long secret", "d2") == (token, 0, 1)
    (('Anna', 1, 0), True)
    """
    padded = value.encode("utf-8", "surrogatepass") + b"\x80"
    padded += bytes(-len(padded) % BLOCK)
    sealed = _cipher(key).encrypt(padded, [doc_id.encode(), entity_type.encode()])
    return f"<{entity_type}:enc:{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}>"


def opened(text: str, key: bytes, doc_id: str) -> tuple[str, int, int]:
    """The text with the values back in place, how many they are, and how many tokens do not open with this key."""
    n_opened = n_closed = 0

    def original(match: re.Match[str]) -> str:
        nonlocal n_opened, n_closed
        value = _open(key, doc_id, match[1], match[2])
        if value is None:
            n_closed += 1
            return match[0]
        n_opened += 1
        return value

    return TOKEN.sub(original, text), n_opened, n_closed


def _open(key: bytes, doc_id: str, entity_type: str, token: str) -> str | None:
    from cryptography.exceptions import InvalidTag

    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        padded = _cipher(key).decrypt(sealed, [doc_id.encode(), entity_type.encode()])
    except (InvalidTag, binascii.Error):
        return None
    return padded[: padded.rindex(b"\x80")].decode("utf-8", "surrogatepass")


@lru_cache(4)
def _cipher(key: bytes) -> "AESSIV":
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(hmac.digest(key, b"corpusmill encryption", "sha512"))
