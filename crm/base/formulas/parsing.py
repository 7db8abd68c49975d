"""Make the tree of a formula: recursive descent, bounded in length, depth and number of parts.

    formula     = both { "or" both }                        both = denied { "and" denied }
    denied      = "not" denied | comparison
    comparison  = joined [ operator value | operator "(" values ")" | "is" ["not"] "empty" | span ]
    joined      = sum { "&" sum }         sum = product { ("+" | "-") product }
    product     = signed { ("*" | "/" | "%") signed }       signed = "-" signed | single
    single      = number | text | day | word | name | name "(" formulas ")" | "(" formula ")"
    span        = ("within" | "in" "the" "next") number ("days" | "weeks" | "months")

Comparisons do not follow each other: `a = b = c` is refused. Names are fields or bare values;
which of the two, and whether there is such a field or function, `checking` says.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from crm.base.formulas import syntax, words
from crm.base.formulas.problems import FormulaError, quoted
from crm.base.formulas.syntax import (
    Binary,
    Call,
    Day,
    Empty,
    Given,
    Listed,
    Name,
    Number,
    Several,
    Span,
    Text,
    Truth,
    Unary,
)
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.base.formulas.syntax import Node
    from crm.base.formulas.words import Word

DEEPEST: Final = 40
MOST_NODES: Final = 300
#: A century of each unit.
FARTHEST: Final = {"days": 36_525, "weeks": 5_218, "months": 1_200}

#: With these words a comparison goes on behind its left side.
_COMPARING: Final = frozenset(
    operator.split()[0] for operator in ("is", *syntax.COMPARISONS, *syntax.LISTS, *syntax.SPANS)
)
_LISTS: Final = {operator: (*operator.split(), "(") for operator in syntax.LISTS}
_COMPARISONS: Final = {operator: tuple(operator.split()) for operator in syntax.COMPARISONS}
_SINGULAR: Final = {unit.removesuffix("s"): unit for unit in syntax.UNITS}


def parse(text: str) -> Node:
    """Read a formula. Raises FormulaError, whatever the text."""
    reader = _Reader(words.split(text))
    node = reader.formula()
    reader.end()
    _check_size(node)
    return node


def _check_size(node: Node) -> None:
    for count, (part, depth) in enumerate(syntax.walk(node), start=1):
        if depth > DEEPEST:
            raise _too_deep(part.at)
        if count > MOST_NODES:
            raise _too_large(part.at)


def _too_large(at: int) -> FormulaError:
    problem = _("A formula has at most {most} parts. This one has more: split it in two.")
    return FormulaError(problem.format(most=MOST_NODES), at)


def _too_deep(at: int) -> FormulaError:
    problem = _("A formula nests at most {most} deep. This one nests deeper: split it in two.")
    return FormulaError(problem.format(most=DEEPEST), at)


class _Reader:
    """The words of a formula, and how far they are read."""

    def __init__(self, split: tuple[Word, ...]) -> None:
        self._words = split
        self._next = 0
        self._depth = 0
        self._values = 0

    def formula(self) -> Node:
        """Read all that may stand in parentheses."""
        return self._several("or", lambda: self._several("and", self._denied))

    def end(self) -> None:
        """Refuse whatever is left."""
        word = self._word
        if word.kind != "end":
            problem = _("“{word}” cannot stand here. The formula was complete before it.")
            raise FormulaError(problem.format(word=_shown(word)), word.at)

    @property
    def _word(self) -> Word:
        return self._words[self._next]

    def _take(self) -> Word:
        word = self._words[self._next]
        self._next += word.kind != "end"
        return word

    def _says(self, *names: str) -> bool:
        """Tell whether the next words are these, and none of them a text in quotes."""
        if self._word.text != names[0]:
            return False
        ahead = self._words[self._next : self._next + len(names)]
        return len(ahead) == len(names) and all(
            word.kind in ("name", "sign") and word.text == name
            for word, name in zip(ahead, names, strict=True)
        )

    def _skip(self, *names: str) -> bool:
        found = self._says(*names)
        self._next += len(names) * found
        return found

    def _need(self, name: str) -> None:
        if not self._skip(name):
            word = self._word
            if word.kind == "end":
                problem = _("The formula ends too early: “{expected}” is missing.")
            else:
                problem = _("“{word}” cannot stand here. “{expected}” fits.")
            raise FormulaError(problem.format(word=_shown(word), expected=name), word.at)

    def _deeper(self, read: Callable[[], Node]) -> Node:
        """Read something that may hold itself again."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise _too_deep(self._word.at)
        node = read()
        self._depth -= 1
        return node

    def _several(self, operator: str, read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self._skip(operator):
            parts.append(read())
        return Several(operator, tuple(parts), parts[0].at) if len(parts) > 1 else parts[0]

    def _denied(self) -> Node:
        at = self._word.at
        if self._skip("not"):
            return Unary("not", self._deeper(self._denied), at)
        return self._comparison()

    def _comparison(self) -> Node:
        left, ahead = self._joined(), self._word
        if ahead.kind not in ("name", "sign") or ahead.text not in _COMPARING:
            return left
        at = ahead.at
        if self._skip("is"):
            wanted = not self._skip("not")
            self._need("empty")
            return Empty(left, wanted, at)
        if self._skip("within"):
            return self._span("within", left, at)
        if self._skip("in", "the", "next"):
            return self._span("in the next", left, at)
        for operator, names in _LISTS.items():
            if self._skip(*names):
                return Listed(operator, left, self._separated(self._listed), at)
        for operator, names in _COMPARISONS.items():
            if self._skip(*names):
                return Binary(operator, left, self._joined(), at)
        if self._says("in") or self._says("not", "in"):
            self._next += 1 + self._says("not", "in")
            self._need("(")
        return left

    def _listed(self) -> Node:
        """Read one of several values: they are literals."""
        word = self._word
        node = self._single_or_negative()
        if not isinstance(node, syntax.Literal):
            problem = _("“{word}” cannot stand in a list. Values are written out there.")
            raise FormulaError(problem.format(word=_shown(word)), word.at)
        return node

    def _single_or_negative(self) -> Node:
        return self._signed() if self._says("-") else self._single()

    def _span(self, operator: str, left: Node, at: int) -> Node:
        number, unit = self._take(), self._take()
        plural = _SINGULAR.get(unit.text, unit.text) if number.text == "1" else unit.text
        if number.kind != "number" or unit.kind != "name" or plural not in FARTHEST:
            problem = _("After “{operator}” stands a number of days, weeks or months: 30 days.")
            raise FormulaError(problem.format(operator=operator), number.at)
        most = FARTHEST[plural]
        count = Decimal(number.text)
        if count != int(count) or count > most:
            problem = _("“{number}” is not how far “{operator}” reaches: 0 to {most} {unit}.")
            said = problem.format(number=number.text, operator=operator, most=most, unit=plural)
            raise FormulaError(said, number.at)
        return Span(operator, left, int(count), plural, at)

    def _joined(self) -> Node:
        return self._chain(("&",), self._sum)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/", "%"), self._signed)

    def _chain(self, operators: tuple[str, ...], read: Callable[[], Node]) -> Node:
        node = read()
        while self._word.kind == "sign" and self._word.text in operators:
            word = self._take()
            node = Binary(word.text, node, read(), word.at)
        return node

    def _signed(self) -> Node:
        at = self._word.at
        if not self._skip("-"):
            return self._single()
        if self._word.kind == "number":
            return Number(-Decimal(self._take().text), at)
        return Unary("-", self._deeper(self._signed), at)

    def _single(self) -> Node:
        word = self._take()
        self._values += 1
        if self._values > MOST_NODES:
            raise _too_large(word.at)
        match word.kind:
            case "number":
                return Number(Decimal(word.text), word.at)
            case "text":
                return Text(word.text, word.at)
            case "day":
                return _day(word)
            case "name":
                return self._named(word)
        if word.text == "(":
            node = self._deeper(self.formula)
            self._need(")")
            return node
        raise _no_value(word)

    def _named(self, word: Word) -> Node:
        if word.text in ("true", "false"):
            return Truth(word.text == "true", word.at)
        if word.text in syntax.GIVEN:
            return Given(word.text, word.at)
        if word.text in syntax.RESERVED:
            raise _no_value(word)
        if self._skip("("):
            if self._skip(")"):
                return Call(word.text, (), word.at)
            return Call(word.text, self._separated(lambda: self._deeper(self.formula)), word.at)
        return Name(word.text, word.at)

    def _separated(self, read: Callable[[], Node]) -> tuple[Node, ...]:
        parts = [read()]
        while self._skip(","):
            parts.append(read())
        self._need(")")
        return tuple(parts)


def _day(word: Word) -> Day:
    try:
        return Day(date.fromisoformat(word.text), word.at)
    except ValueError:
        problem = _("There is no day “{word}”. Days are written like 2026-11-24.")
        raise FormulaError(problem.format(word=word.text), word.at) from None


def _no_value(word: Word) -> FormulaError:
    if word.kind == "end":
        problem = _("The formula ends too early: a field or a value is missing.")
        return FormulaError(problem, word.at)
    problem = _("“{word}” cannot stand here. A field or a value fits.")
    return FormulaError(problem.format(word=_shown(word)), word.at)


def _shown(word: Word) -> str:
    return quoted(word.text)
