"""What was written now: the text without the letters that it answers.

One walk over the lines parts them into the writer's own and quoted pieces, each line looked at a
bounded number of times; then it is decided which quotes stay:

    On Monday Ann wrote:          announces a quote: taken out
    > When?                       quoted and not answered: taken out
    -----Original Message-----    a whole letter: taken out with all that follows

Where one announced quote is answered below, it is taken out. Several that are answered each stay,
for without them the answers say little; so does one that nothing announces.

No pattern here can be made to run back and forth: every published stripper can be stopped for ten
seconds by one letter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import attributions, openpgp, quote_footers, quote_heads, quoted_lines
from sync.reading.attributions import LONGEST_LINE, Sureness
from sync.reading.margins import BLANK
from sync.reading.quote_marks import ANNOUNCING, QUOTED, SIGNED, unmarked
from sync.reading.quoted_lines import MARKS
from sync.reading.rules import RULED, skip_blanks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: So much is looked at; what lies beyond, below somebody's own lines, is their own as well.
LONGEST = 65_536
MOST_LINES = 2000

#: With these, or a colon somewhere, a line may belong to a quote or announce one.
_SIGNS = frozenset(BLANK + RULED + ">2Qq" + QUOTED + ANNOUNCING + SIGNED)
_WIDE_COLON = "\uff1a"


class Split(NamedTuple):
    """A text in two: what was written now, and what it answers."""

    new: str
    quoted: str
    footer: str = ""  # the end of what is quoted, where it is a signature or a list's footer
    signature: str = ""  # what a page marks as such, in one of the two


def split(text: str, marked: str, *, fresh: bool = False) -> Split:
    """Part a text. `marked` is the same with the marks of what a page quotes, often no other.

    A letter is `fresh` that is known to answer none: what it cites then stays.
    """
    lines, beyond = _cut(marked)
    walk = _Walk(lines, fresh)
    walk.run()
    if beyond and not walk.ended and (walk.own or not walk.quotes):
        walk.own.append(beyond)
    whole = text.strip()
    lines, footer = _staying([*walk.owns, walk.own], walk.quotes)
    signature = "" if marked is text else _signature(lines) or _signature(["", *footer])
    new = unmarked("\n".join(lines)).strip() or unmarked(marked).strip()
    below = unmarked("\n".join(footer)).strip()
    if whole.startswith(new) and whole[len(new) : len(new) + 1] in ("", "\n"):
        return Split(new, whole[len(new) :].strip(), below, signature)
    return Split(new, _rest(whole, new), below, signature)


def _cut(marked: str) -> tuple[list[str], str]:
    """Return the lines that are looked at, and all below them."""
    end = marked.find("\n", LONGEST)
    lines = marked[: None if end < 0 else end].split("\n", MOST_LINES)
    beyond = lines.pop() if len(lines) > MOST_LINES else ""
    if end < 0:
        return lines, beyond
    return lines, f"{beyond}{marked[end:]}" if beyond else marked[end + 1 :]


@dataclass(slots=True)
class _Quote:
    """Quoted lines in a row."""

    lines: list[str]
    announced: bool  # by an attribution
    marked: bool  # by the page
    cited: bool  # by somebody who answers nobody


@dataclass(slots=True)
class _Walk:
    """The way over the lines: the quotes passed, and the writer's own lines above each."""

    lines: list[str]
    fresh: bool
    quotes: list[_Quote] = field(default_factory=list)
    owns: list[list[str]] = field(default_factory=list)
    own: list[str] = field(default_factory=list)  # since the last quote
    ended: bool = False  # where a whole letter is quoted

    def run(self) -> None:
        """Pass over all lines, or to where a whole letter is quoted."""
        at, lines, total = 0, self.lines, len(self.lines)
        while at < total:
            line = lines[at]
            if not line or (":" not in line and line[0] not in _SIGNS and _WIDE_COLON not in line):
                self.own.append(line)  # Most lines are of no interest: passed in one step.
                at += 1
            else:
                at = self._pass(at, line)

    def _pass(self, at: int, line: str) -> int:
        """Look at a line, and return which one is next."""
        lines = self.lines
        head = line[:LONGEST_LINE].strip(BLANK)
        if not head or line[0] == SIGNED:
            self.own.append(line)
            return at + 1
        if head[0] == ">" or line[0] in MARKS:
            return self._quote(at, head)
        if head.startswith(openpgp.ARMOUR):
            return openpgp.armour_end(lines, at)
        end = self._attribution(at, head) if attributions.may_end(head) else 0
        if end:
            return end
        label = quote_heads.label_of(head)
        if not quote_heads.may_head(head, label):
            if head[0].isdigit() and quote_heads.is_day_of_notes(self.own, lines, at):
                return self._leave(at, 1)
            self.own.append(line)
            return at + 1
        if quote_heads.is_answer_line(lines, at, head):
            self._drop(0)  # At the very top it heads what the help desk itself writes.
            return at + 1 if self._is_first() else self._end()
        above = quote_heads.named_above(self.own, lines, at, label)
        if above or self._heads_letter(at, head, label):
            return self._leave(at, above)
        self.own.append(line)
        return at + 1

    def _leave(self, at: int, above: int) -> int:
        """Leave a whole letter out, whose head begins here or some lines above."""
        lines = self.lines
        self._drop(above)
        if self._is_first():
            return quote_heads.head_end(lines, at)  # Nothing but a letter that is passed on.
        below = quoted_lines.next_with_words(lines, at + 1)
        if below == len(lines) or not quoted_lines.is_quoted(lines[below]):
            return self._end()
        if quote_heads.is_of_groupwise(lines[below].strip(BLANK)):
            return self._end()
        return self._take(below, announced=True)

    def _quote(self, at: int, head: str) -> int:
        if head[0] == ANNOUNCING and quote_heads.is_marker(head[1:]):
            return self._end()  # Gmail marks the head of what is passed on in the same way.
        if quote_heads.is_of_groupwise(head):
            return self._leave(at, 0)
        if head[0] == ">" and attributions.is_rest(head):
            return self._attribution(at, head) or self._take(at)
        return self._take(at)

    def _heads_letter(self, at: int, head: str, label: str) -> bool:
        is_block = quote_heads.is_header_block
        if is_block(self.lines, at, label):
            cites = self.fresh and not self._has_mark()
            return not cites or is_block(self.lines, at, label, dated=True)
        return quote_heads.is_marker(head) or quote_heads.is_drawn_block(self.lines, at)

    def _has_mark(self) -> bool:
        """Tell whether a ruler or a marker ends what was said so far, or nothing was."""
        above = skip_blanks(self.own, len(self.own))
        if not above:
            return self._is_first()
        return quote_heads.is_sign_above(self.own[above - 1])

    def _attribution(self, at: int, head: str) -> int:
        """Return which line is next where one announces a quote; 0 where it does not."""
        found = attributions.find(self.own, head)
        if found.sureness is Sureness.NO or (self.fresh and found.sureness < Sureness.SURE):
            return 0
        below = quoted_lines.next_with_words(self.lines, at + 1)
        sign = quoted_lines.sign_of_quote(self.lines, below) if below < len(self.lines) else None
        if not (sign or found.sureness is Sureness.SURE):
            return 0
        self._drop(found.above)
        if found.own:
            self.own.append(found.own)
        return self._take(below, sign, announced=True) if sign else self._end()

    def _end(self) -> int:
        self.ended = True
        return len(self.lines)

    def _is_first(self) -> bool:
        return not self.quotes and not self.own

    def _drop(self, count: int) -> None:
        """Take back lines, and what else programs write above such a head: a ruler, a marker."""
        own = self.own
        del own[len(own) - count :]
        del own[len(own) - quote_heads.labels_above(own) :]
        while own and (not own[-1].strip(BLANK) or quote_heads.is_sign_above(own[-1])):
            own.pop()

    def _take(
        self, begin: int, sign: Callable[[str], bool] | None = None, *, announced: bool = False
    ) -> int:
        """Take a quote that begins somewhere, and return the line behind it."""
        lines = self.lines
        end = quoted_lines.quote_end(lines, begin, sign or quoted_lines.is_quoted)
        taken = lines[begin:end]
        marked = taken[0].startswith(MARKS)
        announced = announced or taken[0][0] == ANNOUNCING
        taken = [unmarked(line) for line in taken if line[:1] != ANNOUNCING]
        cited = self.fresh and not announced and not _is_letter(taken)
        self.quotes.append(_Quote(taken, announced, marked, cited))
        self.owns.append(self.own)
        self.own = []
        return end


def _is_letter(lines: Sequence[str]) -> bool:
    """Tell whether quoted lines begin with what heads a whole letter."""
    at = next((number for number, line in enumerate(lines) if line.strip(BLANK)), None)
    if at is None:
        return False
    head = lines[at][:LONGEST_LINE].strip(BLANK)
    if quote_heads.is_marker(head):
        return True
    if attributions.may_end(head) and attributions.find([], head).sureness is Sureness.SURE:
        return True
    return quote_heads.is_header_block(lines, at, quote_heads.label_of(head))


def _staying(owns: Sequence[list[str]], quotes: Sequence[_Quote]) -> tuple[list[str], list[str]]:
    """Return the lines that stay, and the footer below the last quote, which goes with it.

    There is one piece of the writer's own lines above the first quote, and one below each.
    """
    answered = [quote_footers.answers(below) for below in owns[1:]]
    heard = [quote for quote, answer in zip(quotes, answered, strict=True) if answer]
    stay = len(heard) > 1 or not any(quote.announced or quote.marked for quote in heard)
    kept = list(owns[0])
    for at, quote in enumerate(quotes):
        last = at + 1 == len(quotes)
        cited = quote.cited or (not last and _is_cited(owns, quotes, at))
        if cited or (stay and answered[at]):
            kept += quote.lines
        if last and not (answered[at] or cited):
            return kept, owns[-1]
        kept += owns[at + 1]
    return kept, []


def _is_cited(owns: Sequence[list[str]], quotes: Sequence[_Quote], at: int) -> bool:
    """Tell whether a quote is a part of what somebody says above the letter that they answer."""
    own = any(map(str.strip, owns[at])) and not any(map(str.strip, owns[at + 1]))
    return own and quotes[at + 1].announced and not quotes[at].announced


def _signature(lines: Sequence[str]) -> str:
    """Return the last lines that a page marks as signature, with the dashes above them."""
    end = len(lines)
    while end and not lines[end - 1].startswith(SIGNED):
        end -= 1
    begin = at = end
    while at and (not lines[at - 1] or lines[at - 1].startswith(SIGNED)):
        at -= 1
        begin = at if lines[at] else begin  # Empty lines within are marked by nothing.
    if begin and quote_heads.is_footer(lines[begin - 1]):
        begin -= 1
    return unmarked("\n".join(lines[begin:end])).strip() if begin else ""


def _rest(whole: str, new: str) -> str:
    """Return the lines of a text that are not among those of its new part, in their order."""
    kept = iter(new.split("\n"))
    wanted: str | None = next(kept).strip()
    rest: list[str] = []
    for line in whole.split("\n"):
        if line.strip() == wanted:
            following = next(kept, None)
            wanted = None if following is None else following.strip()
        else:
            rest.append(line)
    return "\n".join(rest).strip()
