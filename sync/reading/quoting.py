"""What was written now: the text without the letters that it answers.

One walk over the lines, each looked at a bounded number of times. No pattern here can be made to
run back and forth: every published stripper can be stopped for ten seconds by one letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.reading.quote_words import (
    ATTRIBUTION_STARTS,
    ATTRIBUTION_VERBS,
    FROM_LABELS,
    MARKERS,
    OTHER_LABELS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 65_536
MOST_LINES = 2000
#: So much of one line is looked at.
LONGEST_LINE = 500
LONGEST_ATTRIBUTION = 3

#: With these, or a colon somewhere, a line may belong to a quote or announce one.
_SIGNS = " \t>-_=*\u200e\u200f\u202a\u202b\xa0"
_STRIPPED = " \t*>-_=\u200e\u200f\u202a\u202c"


class Split(NamedTuple):
    """A text in two: what was written now, and what it answers."""

    new: str
    quoted: str


def split(text: str, fresh: str) -> Split:
    """Part a text. `fresh` is the text without what HTML marks as a quote, often the same."""
    new = new_part(fresh)
    return Split(new, text.strip().removeprefix(new).strip() if text.strip() != new else "")


def new_part(text: str) -> str:
    """Return what was written now, or the whole text where nothing else would remain."""
    lines = text[:LONGEST].split("\n", MOST_LINES)[:MOST_LINES]
    kept: list[str] = []
    for number, line in enumerate(lines):
        if not line or (":" not in line and line[0] not in _SIGNS):
            kept.append(line)  # Most lines are of no interest: they are passed in one step.
            continue
        if line[0] == ">":
            continue
        head = line[:LONGEST_LINE].strip()
        if not head:
            kept.append("")
            continue
        if head[0] == ">":
            continue
        taken = _attribution(kept, head) if head[-1] == ":" else 0
        if taken:
            quoted = _next_is_quoted(lines, number)
            if quoted or (taken > 0 and quoted is not None):
                _drop(kept, abs(taken) - 1)
                if quoted:
                    continue
                break
        if _is_marker(head):
            break
        if _is_header_block(lines, number, head):
            _drop_rule(kept)
            break
        kept.append(line)
    new = "\n".join(kept).strip()
    return new or text.strip()


def _attribution(kept: Sequence[str], head: str) -> int:
    """Return how many lines, this one the last, announce a quote; negative where it is doubtful."""
    lower = head.lower()
    joined = lower
    before: list[str] = []
    for line in reversed(kept[-(LONGEST_ATTRIBUTION - 1) :]):
        if not line:
            break
        before.append(line[:LONGEST_LINE].strip().lower())
    best = 0
    for count in range(len(before) + 1):
        if count:
            joined = f"{before[count - 1]} {joined}"
        if _begins(joined) and _announces(joined):
            best = count + 1
    if best:
        return best
    return -1 if _announces(lower) and _ends_with_verb(lower) and "@" in lower else 0


def _begins(text: str) -> bool:
    return text[0].isdigit() or text.startswith(ATTRIBUTION_STARTS)


def _announces(text: str) -> bool:
    """Tell whether a line that ends with a colon names a writer and a day."""
    text = text[-2 * LONGEST_LINE :]
    if not any(sign.isdigit() for sign in text) and "@" not in text:
        return False
    if text.endswith(">:") and "@" in text:
        return True  # Gmail in languages without a verb: "2025-05-01 10:00 GMT+02:00 Ann <a@b>:"
    if _ends_with_verb(text):
        return True
    # In German the verb stands before the name.
    return " schrieb " in text or " schreibt " in text


def _ends_with_verb(text: str) -> bool:
    return text.rstrip(": \u00a0").endswith(ATTRIBUTION_VERBS)


def _next_is_quoted(lines: Sequence[str], number: int) -> bool | None:
    """Tell whether the next line with words is a quoted one; None where there is none."""
    for line in lines[number + 1 : number + 6]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False if number + 6 < len(lines) else None


def _is_marker(head: str) -> bool:
    core = head.strip(_STRIPPED + ":").lower()
    if core not in MARKERS:
        return False
    return head[0] in "-_=*" or head[-1] == ":"


def _is_header_block(lines: Sequence[str], number: int, head: str) -> bool:
    """Tell whether From stands here with at least two of its kin in the next lines."""
    if _label(head) not in FROM_LABELS:
        return False
    kin = 0
    seen = 0
    for line in lines[number + 1 : number + 14]:
        stripped = line[:LONGEST_LINE].strip()
        if not stripped:
            continue
        kin += _label(stripped) in OTHER_LABELS
        seen += 1
        if kin >= 2:
            return True
        if seen >= 6:
            break
    return False


def _label(head: str) -> str:
    return head.partition(":")[0].strip(_STRIPPED + "\u00a0").lower()[:40]


def _drop(kept: list[str], count: int) -> None:
    if count:
        del kept[-count:]


def _drop_rule(kept: list[str]) -> None:
    """Take away the line of underscores or dashes that Outlook draws above its block."""
    while kept and not kept[-1].strip(_STRIPPED):
        kept.pop()
