"""The signed word that leads from Gmail to our page: who at Google asks to be known.

It lives ten minutes and serves once. Whoever follows it is asked, with both names before their
eyes: a word that somebody else sent them would open their workspace to that somebody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from crm.base import directory

if TYPE_CHECKING:
    from crm.base.db import Session

#: Seconds for which a word may be used.
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody at Google who asks, and the word's own number."""

    subject: str
    email: str
    number: str

    def spend(self, session: Session) -> bool:
        """Use the word up; False where somebody has used it."""
        return directory.spend(session, self.number)


def word(subject: str, email: str) -> str:
    """Sign who asks."""
    return _signer().dumps([subject, email[:254], secrets.token_urlsafe(16)])


def read(word: str) -> Stranger | None:
    """Return whom a word names; None where it is not ours, or too old."""
    try:
        subject, email, number = _signer().loads(word, max_age=LONGEST)
    except (BadSignature, ValueError, TypeError):
        return None
    return Stranger(str(subject), str(email), str(number))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="google subject")
