"""When are two copies one message? The three values, and the rule that compares them.

`digest` is SHA-256 of the bytes as served and stands on every copy. `headprint` is computable from
the header alone: with RFC822.SIZE and INTERNALDATE it recognises a moved letter or a renumbered
folder. `fingerprint` adds the visible text and the attachments' sizes: the same letter, whatever
the way it took. The Message-ID alone proves nothing: anyone may choose it, and some reuse it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

#: How much a list or a gateway may add before or after a text that is otherwise the same.
BANNER = 1000

#: What `str.split` takes for white space, as far as it is ASCII.
_WHITE = bytes(sign for sign in range(128) if chr(sign).isspace())


def digest(raw: bytes) -> bytes:
    """Return SHA-256 of the bytes as served."""
    return hashlib.sha256(raw).digest()


def headprint(
    author: str, sent_at: datetime | None, date_text: str, subject: str, message_id: str
) -> bytes:
    """Return SHA-256 of what a header says of who, when, what and which."""
    return _hash(_head(author, sent_at, date_text, subject, message_id))


def fingerprint(
    author: str,
    sent_at: datetime | None,
    date_text: str,
    subject: str,
    message_id: str,
    text: str,
    attachment_sizes: Iterable[int],
) -> bytes:
    """Return SHA-256 of the header's values, the squashed text and the attachments' sizes."""
    sizes = ",".join(str(size) for size in attachment_sizes)
    return _hash((*_head(author, sent_at, date_text, subject, message_id), squash(text), sizes))


def ref(message_id: str) -> bytes:
    """Return 16 bytes that stand for a Message-ID in every key: ids of 64 KB break a B-tree.

    <"1"@acme.test> and <1@acme.test> are one id (RFC 5256, section 3).
    """
    if message_id.startswith('"'):
        local, quote, domain = message_id[1:].partition('"@')
        if quote:
            plain = local.replace("\\", "")
            message_id = f"{plain}@{domain}"
    return hashlib.blake2b(message_id.encode("utf-8", "replace"), digest_size=16).digest()


def squash(text: str) -> str:
    """Return a text without any white space, so that no gateway's folding makes a difference."""
    if text.isascii():  # Most are, and bytes are squashed in a tenth of the time.
        return text.encode().translate(None, _WHITE).decode()
    return "".join(text.split())


def differ_by_banner(one: str, other: str) -> bool:
    """Tell whether one text is the other with at most BANNER characters before or after it.

    The banner is no longer than the text: else a word that anyone can guess would be a copy.
    """
    short, long = sorted((squash(one), squash(other)), key=len)
    extra = len(long) - len(short)
    if extra > min(BANNER, len(short)):
        return False
    return bool(short) and (long.startswith(short) or long.endswith(short))


def _head(
    author: str, sent_at: datetime | None, date_text: str, subject: str, message_id: str
) -> Sequence[str]:
    when = sent_at.isoformat() if sent_at is not None else date_text.strip()
    return (author, when, " ".join(subject.split()), message_id)


def _hash(values: Iterable[str]) -> bytes:
    joined = "\x00".join(values)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()
