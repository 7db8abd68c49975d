"""Fetch messages of Gmail by their ids: together, and alone for each that was not answered then."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sync.errors import MessageGoneError, QuotaError, SourceUnavailableError
from sync.source import Place, RawMessage, Way
from sync.sources.gmail import letters, listing
from sync.sources.gmail.letters import FOLDER, NUMBERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.sources.gmail.client import Client

#: Why there are no bytes of a letter that is listed.
UNGIVEN: Final = "Gmail lists it and does not give it"


def whole(client: Client, uids: Sequence[int], way: int) -> dict[int, RawMessage]:
    """Fetch letters. One that Gmail does not give, though it answers, stops no other."""
    found: dict[int, RawMessage] = {}
    for uid, said in together(client, uids, "full" if way == Way.BY_PARTS else "raw").items():
        try:
            if said is None:
                found[uid] = _ungiven(uid)
            elif way == Way.BY_PARTS:
                found[uid] = letters.by_parts(said, partial(attachment, client, uid))
            else:
                found[uid] = letters.whole(said)
        except QuotaError:
            raise
        except (MessageGoneError, SourceUnavailableError):  # Of a text that is asked for apart.
            if together(client, [uid], "minimal"):
                found[uid] = _ungiven(uid)
        except letters.UNREADABLE:
            found[uid] = _ungiven(uid)
    return found


def together(client: Client, uids: Sequence[int], form: str) -> dict[int, dict[str, Any] | None]:
    """Ask for messages together, and alone for each that was not answered then.

    None stands for one that Gmail does not give, while it answers otherwise. What is gone is left
    out. Raises the errors of `sync.errors`.
    """
    found: dict[int, dict[str, Any] | None] = {}
    answers: dict[str, Any] = {}
    if len(uids) > 1:
        asked = {listing.name(uid): client.message(listing.name(uid), form) for uid in uids}
        answers = client.ask_together(asked, client.letter_units)
    failed = {name: said for name, said in answers.items() if isinstance(said, Exception)}
    for name in client.pause(failed, 1):
        del answers[name]
    for uid in uids:
        try:
            found[uid] = _settle(client, uid, form, answers.get(listing.name(uid)))
        except MessageGoneError:
            continue
        except QuotaError:
            raise
        except SourceUnavailableError:
            listing.profile(client)  # Where that fails too, it is not the letter's fault.
            found[uid] = None
    return found


def one(client: Client, uid: int, form: str) -> dict[str, Any]:
    """Ask for one message. Raises MessageGoneError, and the other errors of `sync.errors`."""
    said: dict[str, Any] = client.ask(client.message(listing.name(uid), form), client.letter_units)
    return said


def attachment(client: Client, uid: int, name: str) -> bytes:
    """Return the bytes of an attachment, by the id that the message has just said."""
    asked = client.messages.attachments()
    request = asked.get(userId="me", messageId=listing.name(uid), id=name)
    return letters.unwrapped(client.ask(request, client.letter_units).get("data", ""))


def _settle(client: Client, uid: int, form: str, answer: Any) -> dict[str, Any]:
    """Return what was answered, or ask alone. Raises the errors of `sync.errors`."""
    if isinstance(answer, Exception):
        with client.plain_words():
            raise answer
    return answer if isinstance(answer, dict) else one(client, uid, form)


def _ungiven(uid: int) -> RawMessage:
    return RawMessage(Place(FOLDER, NUMBERED, uid), b"", trouble=UNGIVEN)
