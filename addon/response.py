"""What we answer: a card, a word, a page, text for the draft; or that we must first be allowed.

A verb returns an Answer, which knows no address: `answer.to_json(links)` is what Gmail gets,
`answer.card`, `.notice`, `.link` and `.draft` are what the panel shows. So one dispatch serves
both. Google's names are those of its guides (docs: add-ons, alternate runtimes).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from addon.widgets import OpenLink
from addon.widgets.shape import Json, present

if TYPE_CHECKING:
    from addon.widgets import Card, Links


class Move(Enum):
    """How a card comes on the stack of cards. A host has one for homepages, one for messages."""

    PUSH = "push"
    UPDATE = "update"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Draft:
    """What goes into the open draft. Text and HTML are inserted, the rest is set."""

    text: str = ""
    html: str = ""
    subject: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """Say it as Gmail's action on the open draft."""
        contents = [
            {"content": content, "contentType": kind}
            for content, kind in ((self.html, "MUTABLE_HTML"), (self.text, "TEXT"))
            if content
        ]
        body = {"insertContents": contents, "type": "IN_PLACE_INSERT"} if contents else None
        changes = present(
            updateBody=body,
            updateSubject={"subject": self.subject} if self.subject else None,
            updateToRecipients=_recipients("toRecipients", self.to),
            updateCcRecipients=_recipients("ccRecipients", self.cc),
            updateBccRecipients=_recipients("bccRecipients", self.bcc),
        )
        return {"updateDraftActionMarkup": changes}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader sees next. `changed` says that cards shown elsewhere are out of date.

    `wrong` names the input that a notice is about; Gmail has no place beside an input for it.
    """

    card: Card | None = None
    move: Move = Move.UPDATE
    notice: str = ""
    link: OpenLink | None = None
    draft: Draft | None = None
    changed: bool = False
    wrong: str = ""

    def to_json(self, links: Links) -> Json:
        """Say it to Gmail: as RenderActions, or as SubmitFormResponse when more than that."""
        action = present(
            navigations=_navigations(self.card, self.move, links) if self.card else None,
            notification={"text": self.notice} if self.notice else None,
            link=self.link and self.link.to_link_json(links),
        )
        hosted = self.draft and {"gmailAction": self.draft.to_json()}
        rendered = present(action=action or None, hostAppAction=hosted)
        if hosted is None and not self.changed:
            return rendered
        return present(renderActions=rendered, stateChanged=self.changed)


@dataclass(frozen=True, slots=True)
class ScopesNeeded:
    """Google must ask its user for these scopes, or for all; then it asks us again."""

    scopes: tuple[str, ...] = ()

    def to_json(self, _links: Links) -> Json:
        """Say it to Gmail."""
        asked = {"scopes": list(self.scopes)} if self.scopes else {"all_scopes": True}
        return {"requesting_google_scopes": asked}


@dataclass(frozen=True, slots=True)
class SignInNeeded:
    """Nobody of ours yet: a card whose button opens our sign-in and reloads when it is closed."""

    card: Card

    def to_json(self, links: Links) -> Json:
        """Say it to Gmail. Its basic prompt is not for add-ons that are published."""
        pushed = _navigations(self.card, Move.PUSH, links)
        return {"custom_authorization_prompt": {"action": {"navigations": pushed}}}


Response: TypeAlias = Answer | ScopesNeeded | SignInNeeded


def push(card: Card, *, notice: str = "") -> Answer:
    """Show a card on top of the one that is shown."""
    return Answer(card=card, move=Move.PUSH, notice=notice)


def update(card: Card, *, notice: str = "", changed: bool = False) -> Answer:
    """Show a card in place of the one that is shown. What was typed stays in equal inputs."""
    return Answer(card=card, move=Move.UPDATE, notice=notice, changed=changed)


def go_back(card: Card, *, notice: str = "", changed: bool = False) -> Answer:
    """Go back to the card of this name, renewed: what was pushed above it is gone."""
    return Answer(card=card, move=Move.BACK, notice=notice, changed=changed)


def notify(notice: str, *, changed: bool = False, wrong: str = "") -> Answer:
    """Say what happened and leave the card as it is. `wrong` names the input that it is about."""
    return Answer(notice=notice, changed=changed, wrong=wrong)


def open_link(url: str, *, overlay: bool = False, reload: bool = False) -> Answer:
    """Open a page. Raises UnsafeLinkError."""
    return Answer(link=OpenLink(url, overlay=overlay, reload=reload))


def insert_into_draft(draft: Draft, *, notice: str = "") -> Answer:
    """Put text into the draft that is open. Values from records go in as text, never as HTML."""
    return Answer(draft=draft, notice=notice)


def ask_for_scopes(*scopes: str) -> ScopesNeeded:
    """Let Google ask its user for scopes; without any, for all that the manifest names."""
    return ScopesNeeded(scopes)


def ask_to_sign_in(card: Card) -> SignInNeeded:
    """Show the card that leads to our sign-in."""
    return SignInNeeded(card)


def _navigations(card: Card, move: Move, links: Links) -> list[Json]:
    shown = card.to_json(links)
    if move is Move.PUSH:
        return [{"pushCard": shown}]
    if move is Move.BACK:
        return [{"popToCard": card.name}, {"updateCard": shown}]
    return [{"updateCard": shown}]


def _recipients(name: str, addresses: tuple[str, ...]) -> Json | None:
    return {name: [{"email": address} for address in addresses]} if addresses else None
