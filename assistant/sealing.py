"""Keeps the tokens of links out of the database: what is stored of a text has them sealed, and only sending opens them.

So a copy of the database opens no link. Sealing is by a key of the environment, and the same words seal the same.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha512

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

MEMBERS = "(?:(?<=/card/)|(?<=/join/)|(?<=/membership/))"
TOKEN = re.compile(rf"{MEMBERS}[A-Za-z0-9_-]{{43}}(?![A-Za-z0-9_-])|(?<=/console/password/)[A-Za-z0-9_.-]{{20,}}")
"""A member's secure links, and a link on which one of the staff chooses a password."""
SEALED = re.compile(rf"(?:{MEMBERS}|(?<=/console/password/))~[A-Za-z0-9_=-]+")
PATHS = ("/card/", "/join/", "/membership/", "/console/")
CLOSED = ("/card/~", "/join/~", "/membership/~", "/password/~")


@dataclass(frozen=True, slots=True)
class Seal:
    """A key, and what it closes and opens."""

    secret: str

    def close(self, words: str) -> str:
        """The same words, with every token in them sealed."""
        return (
            TOKEN.sub(lambda found: "~" + self._closed(found[0]), words)
            if any(path in words for path in PATHS)
            else words
        )

    def open(self, words: str) -> str:
        """As they are to be sent. Raises `cryptography.exceptions.InvalidTag` under another key."""
        return (
            SEALED.sub(lambda found: self._opened(found[0][1:]), words)
            if any(path in words for path in CLOSED)
            else words
        )

    def close_all(self, raw: bytes) -> str:
        """Anything at all, the whole of it."""
        return urlsafe_b64encode(self._cipher().encrypt(raw, None) if raw else b"").decode()

    def open_all(self, sealed: str) -> bytes:
        """What `close_all` closed."""
        return self._cipher().decrypt(urlsafe_b64decode(sealed), None) if sealed else b""

    def _closed(self, token: str) -> str:
        return urlsafe_b64encode(self._cipher().encrypt(token.encode(), None)).decode()

    def _opened(self, sealed: str) -> str:
        return self._cipher().decrypt(urlsafe_b64decode(sealed), None).decode()

    def _cipher(self) -> AESSIV:
        return AESSIV(sha512(b"links:" + self.secret.encode()).digest())
