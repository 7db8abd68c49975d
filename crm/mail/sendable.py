"""What a draft must be so that it can be sent, checked before anything of it is written down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import marked

if TYPE_CHECKING:
    from crm.mail.draft import Draft

#: What a message may have: most servers take 25 MB, and base64 needs a third more.
MOST_BYTES: Final = 18_000_000
MOST_FILES: Final = 50
MOST_RECIPIENTS: Final = 100
MOST_TEXT: Final = 1_000_000
MOST_SUBJECT: Final = 1_000
#: A domain that may be one: letters, digits and dashes, or an address in brackets (RFC 5321).
_DOMAIN: Final = re.compile(r"(?:[^\W_]|[.-])+\Z|\[[0-9a-f.:]+\]\Z|\[ipv6:[0-9a-f:.]+\]\Z")


class RecipientError(InvalidError):
    """Nobody can be reached in a role: to, cc or bcc."""

    def __init__(self, role: str, said: str) -> None:
        super().__init__(said)
        self.role = role


def check(draft: Draft) -> None:
    """Refuse what nobody could send. Raises InvalidError."""
    if not draft.recipients:
        raise RecipientError("to", _("Nobody is named to whom it goes. Nothing was sent."))
    if len(draft.recipients) > MOST_RECIPIENTS:
        problem = _("A message goes to {most} people at most. Nothing was sent.")
        raise InvalidError(problem.format(most=MOST_RECIPIENTS))
    for address, role in draft.roles.items():
        if not _DOMAIN.match(address.domain):
            raise no_address(role, address.email)
    if len(draft.subject) > MOST_SUBJECT:
        raise InvalidError(_("The subject is too long. Nothing was sent."))
    if len(draft.text) > MOST_TEXT or len(draft.html) > MOST_TEXT:
        raise InvalidError(_("The text is too long. Nothing was sent."))
    if len(draft.files) > MOST_FILES or sum(len(f.body) for f in draft.files) > MOST_BYTES:
        raise InvalidError(too_large())


def no_address(role: str, text: str) -> RecipientError:
    """Return the refusal of what stands among addresses and is none."""
    problem = _("“{text}” is not an address. Nothing was sent.")
    return RecipientError(role, problem.format(text=text[:100]))


def too_large() -> str:
    """Say that attachments are too large, and how large they may be."""
    problem = _("The attachments are too large: at most {most} MB together. Nothing was sent.")
    return problem.format(most=MOST_BYTES // 1_000_000)


def html_of(text: str) -> str:
    """Return a text as HTML; "" where that would be too large, and the text alone says the same."""
    html = marked.as_html(text)
    return html if len(html) <= MOST_TEXT else ""
