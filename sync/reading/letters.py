"""From bytes to a Letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import addresses
from crm.base.i18n import lazy
from crm.mail import identity
from crm.mail.letter import Letter
from sync.errors import UnreadableMessageError
from sync.reading import (
    attachments,
    forward_lines,
    headers,
    heads,
    meanings,
    mime,
    quoting,
    readers,
    signatures,
)
from sync.reading.clues import Clues
from sync.reading.forward_lines import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.addresses import Address
    from crm.mail.letter import LeftPart
    from sync.reading.headers import Fields
    from sync.reading.quoting import Split

#: Kept as they stand here, and said in the reader's language where they are shown.
_FAULT = lazy("a fault of ours while the message was read")


def read(raw: bytes, *, left: Sequence[LeftPart] = (), size: int | None = None) -> Letter:
    """Make a Letter of a message's bytes. Raises UnreadableMessageError, in fixed words.

    `left` says what stayed on the server where the letter came by its parts, `size` what it
    measures there. Whatever fault a module here has, it costs its letter alone: nothing else is
    raised, and the fault is the cause of what is.
    """
    try:
        return _read(raw, left, size)
    except mime.BROKEN as error:
        raise UnreadableMessageError(_FAULT) from error


def _read(raw: bytes, left: Sequence[LeftPart], size: int | None) -> Letter:
    tidy = readers.tidied(raw)
    fields = headers.scan(tidy)
    head = heads.head_of(fields)
    opened = readers.open_message(tidy, fields)
    tree, body = opened.tree, opened.body
    split = quoting.split(body.text, body.marked, fresh=_is_fresh(fields, head.subject))
    author = head.parties[0].address if head.author else None
    clues = Clues(
        fields,
        author,
        head.subject,
        body.text,
        body.attachments,
        fields.first("content-type").lower(),
    )
    # An exported letter may name its author without an address.
    writer = author or addresses.Address("", addresses.clean_name(fields.text("from", 200)))
    signature = _signature(split, writer)
    verdict, meaning = meanings.of(clues, signature, head.sent_at)
    # What hangs on a message that was passed on is what somebody wants to see of it.
    passed_on = meaning.forward is not None
    parts, more = attachments.parts_of(tidy, body.attachments, left, enclosed=passed_on)
    more_parts = more + tree.more
    sizes = (part.size for part in parts)
    return Letter(
        digest=identity.digest(raw),
        size=len(raw) if size is None else size,
        headprint=head.headprint,
        fingerprint=identity.fingerprint(
            head.author,
            head.sent_at,
            head.date_text,
            head.subject,
            head.message_id,
            body.text + body.text_digest,
            sizes,
        ),
        message_id=head.message_id,
        references=head.references,
        sent_at=head.sent_at,
        date_text=head.date_text,
        subject=head.subject,
        parties=head.parties,
        more_parties=head.more_parties,
        kind=verdict.kind,
        kind_reason=verdict.reason,
        text=f"{body.text}\n\n{body.inside}".lstrip("\n") if body.inside else body.text,
        new_text=split.new,
        html=body.html,
        parts=parts,
        more_parts=more_parts,
        whole=not (left or body.cut or more_parts or "header cut" in head.notes),
        text_digest=body.text_digest,
        signature=signature,
        quoted=split.quoted,
        meaning=meaning,
        without_domain=head.without_domain,
        reader=opened.reader,
        notes=tuple(dict.fromkeys(head.notes + tree.notes + body.notes + opened.doubts)),
    )


def _signature(split: Split, writer: Address) -> str:
    """Return what a page marks as signature, else what stands at the end of the new part."""
    found = split.signature or signatures.find(split.new, writer)
    if found or not split.footer:
        return found
    # Thunderbird's may stand below the quote.
    below = signatures.find(f"{split.new}\n\n{split.footer}", writer)
    return below if split.footer.endswith(below) else ""


def _is_fresh(fields: Fields, subject: str) -> bool:
    """Tell whether a letter is known to answer none, nor to pass one on."""
    values = fields.values
    if "date" not in values or "in-reply-to" in values or "references" in values:
        return False  # A text without a header may be anything.
    return forward_lines.subject_of(subject).intent is Intent.UNSAID
