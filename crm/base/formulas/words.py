"""Cut the text of a formula into words, each with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.base import digits
from crm.base.formulas.problems import FormulaError, quoted
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Signs of a formula, white space between its words not counted: writing it neatly adds but that.
MOST_SIGNS: Final = 4_000
#: With the white space.
MOST_TYPED: Final = 20_000
MOST_TEXT: Final = 500
MOST_DIGITS: Final = 15
MOST_DECIMALS: Final = 6

_DIGIT: Final = "[0-9۰-۹٠-٩]"
_NAME: Final = "[A-Za-z][A-Za-z0-9_]*"
#: No alternative can give back what it took, so that any text is read once.
_WORD: Final = re.compile(
    rf"""(?P<space>\s+)
    |(?P<day>{_DIGIT}{{4}}-{_DIGIT}{{2}}-{_DIGIT}{{2}})(?![0-9A-Za-z_])
    |(?P<number>{_DIGIT}++(?:\.{_DIGIT}++)?+)(?![A-Za-z_])
    |(?P<text>"(?:[^"\\]|\\["\\])*+")
    |(?P<name>{_NAME}(?:\.{_NAME})?)
    |(?P<sign><=|>=|!=|[=<>+\-*/%&(),])""",
    re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_]*")
#: What no database stores: NUL, and halves of surrogate pairs.
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


class Word(NamedTuple):
    """A word: its kind (day, number, text, name, sign, end), what it says, and where it begins.

    A text is without its quotes, a name in lower case, a number in Latin digits.
    """

    kind: str
    text: str
    at: int


def split(text: str) -> tuple[Word, ...]:
    """Cut a formula into words; the last one is its end. Raises FormulaError."""
    if len(text) > MOST_TYPED:
        raise _too_long(len(text))
    return tuple(_words(text))


def is_plain(text: str) -> bool:
    """Tell whether a value reads as itself without quotes, were it not a reserved word."""
    return bool(_PLAIN.fullmatch(text))


def escaped(text: str) -> str:
    """Put a text into quotes."""
    slashed = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{slashed}"'


def _words(text: str) -> Iterator[Word]:
    at = signs = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            raise _unreadable(text, at)
        kind = str(found.lastgroup)
        if kind != "space":
            signs += len(found[0])
            if signs > MOST_SIGNS:
                raise _too_long(len(text))
            yield _word(kind, found[0], at)
        at = found.end()
    yield Word("end", "", len(text))


def _word(kind: str, written: str, at: int) -> Word:
    if kind == "name":
        return Word(kind, written.lower(), at)
    if kind == "text":
        return Word(kind, _text(written, at), at)
    if kind in ("number", "day"):
        latin = digits.latin(written)
        if kind == "number":
            _check_number(latin, at)
        return Word(kind, latin, at)
    return Word(kind, written, at)


def _text(written: str, at: int) -> str:
    text = _ESCAPED.sub(r"\1", written[1:-1])
    if len(text) > MOST_TEXT:
        problem = _("A text in a formula has at most {most} signs. “{text}” has {count}.")
        counted = problem.format(most=MOST_TEXT, text=quoted(text), count=len(text))
        raise FormulaError(counted, at)
    if _UNSTORABLE.search(text):
        problem = _("A text in a formula holds a sign that cannot be stored. Type the text anew.")
        raise FormulaError(problem, at)
    return text


def _check_number(number: str, at: int) -> None:
    whole, _point, decimals = number.partition(".")
    if len(whole) > MOST_DIGITS or len(decimals) > MOST_DECIMALS:
        problem = _("A number has at most {digits} digits and {decimals} decimals, not “{number}”.")
        raise FormulaError(
            problem.format(digits=MOST_DIGITS, decimals=MOST_DECIMALS, number=quoted(number)), at
        )


def _too_long(signs: int) -> FormulaError:
    problem = _("A formula has at most {most} signs. This one has {count}. Nothing was saved.")
    return FormulaError(problem.format(most=MOST_SIGNS, count=signs), MOST_SIGNS)


def _unreadable(text: str, at: int) -> FormulaError:
    if text[at] == '"':
        problem = _(
            "The text {text} has no end: close it by a double quote."
            " A backslash stands only before a quote or another backslash."
        )
        return FormulaError(problem.format(text=quoted(text[at:])), at)
    word = re.match(r"\w+|.", text[at:], re.DOTALL)
    problem = _("“{word}” is no word of a formula. A text stands in double quotes.")
    return FormulaError(problem.format(word=quoted(word[0] if word else text[at])), at)
