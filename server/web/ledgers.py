"""The ledger of a mailbox in plain words: the sum, its parts, folder by folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crm.base.i18n import gettext as _
from crm.base.i18n import lazy, ngettext
from crm.base.showing import listing, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.mail.copies import FolderLedger

#: The bar is drawn in so many units, of which a gap takes two and a sliver at least four.
WIDE: Final = 1000
_GAP, _SLIVER = 3, 5
_RULES: Final = {
    "spam": lazy("spam"),
    "trash": lazy("trash"),
    "draft": lazy("drafts"),
    "folder_excluded": lazy("folders left out"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the ledger: how many, in which words and why; and its place in the bar."""

    kind: str
    count: int
    x: int = 0
    width: int = 0
    words: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder of the ledger, in words."""

    name: str
    server: int
    stored: int
    skipped: int
    failed: int
    why_skipped: str
    check: str
    tone: str
    balanced: bool


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger of a mailbox: the sum in one sentence, its parts, its folders."""

    server: int
    sum: str
    parts: tuple[Part, ...]
    folders: tuple[FolderLine, ...]
    balanced: bool
    check: str
    tone: str


def of_mailbox(folders: Sequence[FolderLedger], failures: Mapping[str, int]) -> LedgerView:
    """Say what the server has and what became of it. `failures` counts quarantine by its reason."""
    stored = sum(a.stored for a in folders)
    failed = sum(a.failed for a in folders)
    skipped: dict[str, int] = {}
    for a in folders:
        for name, count in a.skipped.items():
            skipped[name] = skipped.get(name, 0) + count
    pending = sum(_waiting(a) for a in folders)
    counts = (
        ("stored", stored),
        ("skipped", sum(skipped.values())),
        ("failed", failed),
        ("pending", pending),
    )
    words = {
        "stored": (_("stored"), ""),
        "skipped": (_("skipped by a rule"), rules(skipped) if any(skipped.values()) else ""),
        "failed": (_("could not be read"), _failures(failures)),
        "pending": (_("waiting"), ""),
    }
    balanced = bool(folders) and all(a.balanced for a in folders)
    return LedgerView(
        server=sum(a.folder.server for a in folders),
        sum=_sum(sum(a.folder.server for a in folders), stored, skipped, failed, pending),
        parts=tuple(
            Part(part.kind, part.count, part.x, part.width, *words[part.kind])
            for part in parts(*counts)
        ),
        folders=tuple(map(_line, sorted(folders, key=lambda a: first((a.folder.name, 0))))),
        balanced=balanced,
        check=_check(folders, pending, balanced=balanced),
        tone=_tone(folders, balanced=balanced),
    )


def parts(*counts: tuple[str, int]) -> tuple[Part, ...]:
    """Give each part its place in the bar; what is there is never thinner than a sliver."""
    shown = [count for _kind, count in counts if count]
    total = sum(shown)
    room = WIDE - _GAP * max(len(shown) - 1, 0)
    spare = room - _SLIVER * len(shown)
    found: list[Part] = []
    x = 0
    for kind, count in counts:
        width = _SLIVER + spare * count // total if count else 0
        found.append(Part(kind, count, x, width))
        x += width + _GAP if count else 0
    return tuple(found)


def rules(skipped: Mapping[str, int]) -> str:
    """Say by which rules how many were skipped: spam 500, drafts 12."""
    said = [f"{rule(name)} {number(n)}" for name, n in sorted(skipped.items()) if n]
    return listing(said) or _("none")


def rule(name: str) -> str:
    """Name a rule by which something is skipped."""
    return _(_RULES.get(name, name))


def first(line: tuple[str, int]) -> tuple[bool, str]:
    """Give the order of folders: the inbox, then by name."""
    return line[0].upper() != "INBOX", line[0]


def folder(name: str) -> str:
    """Name a folder as people do: protocols write INBOX, and Gmail has one for all."""
    known = {"INBOX": _("Inbox"), "ALL MAIL": _("All Mail")}
    return known.get(name.upper(), name)


def _waiting(a: FolderLedger) -> int:
    """Return how many are not here yet: as compared, or before that as the server counted."""
    if a.folder.compared_at is not None:
        return a.folder.pending
    return max(0, a.folder.server - a.stored - a.failed - sum(a.skipped.values()))


def _tone(folders: Sequence[FolderLedger], *, balanced: bool) -> str:
    """Return good where it adds up, and warn where it does not though it was compared."""
    if balanced:
        return "good"
    compared = all(a.folder.compared_at is not None or a.folder.trouble for a in folders)
    return "warn" if folders and compared else "second"


def _line(a: FolderLedger) -> FolderLine:
    skipped = sum(a.skipped.values())
    return FolderLine(
        name=folder(a.folder.name),
        server=a.folder.server,
        stored=a.stored,
        skipped=skipped,
        failed=a.failed,
        why_skipped=rule(a.folder.skips) if a.folder.skips else "",
        check=_check([a], a.folder.pending, balanced=a.balanced),
        tone=_tone([a], balanced=a.balanced),
        balanced=a.balanced,
    )


def _sum(server: int, stored: int, skipped: Mapping[str, int], failed: int, pending: int) -> str:
    """Write the sum out: 12,431 = 11,902 stored + 512 skipped + 17 that could not be read."""
    terms = [_("{n} stored").format(n=number(stored))]
    if any(skipped.values()):
        said = _("{n} skipped ({rules})")
        terms.append(said.format(n=number(sum(skipped.values())), rules=rules(skipped)))
    if failed:
        said = ngettext("{n} that could not be read", "{n} that could not be read", failed)
        terms.append(said.format(n=number(failed)))
    if pending:
        terms.append(ngettext("{n} waiting", "{n} waiting", pending).format(n=number(pending)))
    known = stored + sum(skipped.values()) + failed + pending
    if known != server:  # Between two comparisons: no sum is written that is none.
        said = _("{n} on the server, {terms}")
        return said.format(n=number(server), terms=" + ".join(terms))
    return f"{number(server)} = {' + '.join(terms)}"


def _check(folders: Sequence[FolderLedger], pending: int, *, balanced: bool) -> str:
    """Say whether a sum adds up, and what is done where it does not."""
    stray = sum(a.folder.stray for a in folders)
    trouble = next((a.folder.trouble for a in folders if a.folder.trouble), "")
    if balanced:
        return _("Adds up")
    if trouble:
        return trouble if len(folders) == 1 else _("A folder could not be opened")
    if any(a.folder.compared_at is None for a in folders):
        return _("Not compared yet")
    if pending:
        said = ngettext("{n} missing: comparing now", "{n} missing: comparing now", pending)
        return said.format(n=number(pending))
    if stray:
        said = ngettext(
            "{n} gone meanwhile: comparing now", "{n} gone meanwhile: comparing now", stray
        )
        return said.format(n=number(stray))
    return _("Changed meanwhile: comparing now") if folders else _("Not compared yet")


def _failures(failures: Mapping[str, int]) -> str:
    """Say why letters are in quarantine, the usual reasons first."""
    if not failures:
        return ""
    usual = sorted(failures.items(), key=lambda item: -item[1])[:3]
    kept = _("They are kept whole.")
    return f"{kept} " + " · ".join(f"{number(count)} × {_(why)}" for why, count in usual)
