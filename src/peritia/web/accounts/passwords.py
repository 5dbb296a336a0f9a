"""Passwords: what is asked of one, and its argon2id hash.

The rules follow NIST SP 800-63B as recalled: length decides, no forced mixtures, no expiry, refused if common or made from the
account's own name. Hashing costs the same time for a name that does not exist.
"""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from peritia.web.language import _

LEAST, MOST = 12, 200
_COMMON = (
    "password", "passwort", "123456", "qwert", "azert", "letmein", "welcome", "iloveyou", "abc123", "admin", "changeme", "monkey", "dragon",
    "sommer", "winter", "summer", "hospital", "clinic", "pipac", "hipec", "peritia",
)  # fmt: skip


def weakness(password: str, *own: str) -> str:
    """Why a password is refused, or an empty text. ``own`` are the account's id and name."""
    if len(password) < LEAST:
        return _("Found {found} characters; at least {least} are needed. A sentence that you can remember does well.").format(
            found=len(password), least=LEAST
        )
    if len(password) > MOST:
        return _("Longer than {most} characters.").format(most=MOST)
    plain = password.casefold()
    left = plain
    for word in (*_COMMON, *(part for text in own for part in text.casefold().split() if len(part) > 2)):
        left = left.replace(word, "")
    if len(left) < LEAST // 2 + 2:
        return _("Mostly a common word or your own name. Put words together that nobody else would.")
    if len(set(plain)) < 5:
        return _("Too few different characters.")
    return ""


class Passwords:
    """argon2id. At most two hashes at once, so that many sign-ins cannot use up the memory."""

    def __init__(self, memory_kib: int) -> None:
        self._hasher = PasswordHasher(memory_cost=memory_kib)
        self._room = BoundedSemaphore(2)
        self._nobody = self.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to keep."""
        with self._room:
            return self._hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether the password is the one. An empty ``kept`` costs the same and is never right."""
        with self._room:
            try:
                self._hasher.verify(kept or self._nobody, password[: MOST + 1])
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept)

    def is_old(self, kept: str) -> bool:
        """Whether the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(kept)
