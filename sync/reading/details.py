"""What a signature tells of who wrote it: title, company, phones, links, address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.mail.meaning import Details

if TYPE_CHECKING:
    from crm.base.addresses import Address


def of_signature(signature: str, author: Address | None) -> Details | None:
    """Return what a signature tells of a person, or None where it tells nothing."""
    return None


def of_lines(text: str, author: Address | None) -> Details:
    """Return what the lines of a signature tell, of which links may stand as `<a href>`."""
    return Details()
