"""What the next page says of what has just been done, and how one comes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, request

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

#: Before the address that takes it back, in the category of what Flask keeps for the next page.
UNDO = "undo "


def done(text: str, undo_href: str = "") -> None:
    """Keep a sentence for the next page; with an address that a form posts to, it can be undone."""
    flash(text, f"{UNDO}{undo_href}" if undo_href else "message")


def go(href: str) -> ResponseReturnValue:
    """Lead on to a page: the browser, or the page behind a dialog whose form was sent by htmx."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": href})
    return redirect(href, 303)
