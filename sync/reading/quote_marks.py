"""How the text of a page says which of its lines the page marks as a quote, or as a signature.

The marks are noncharacters, which Unicode (section 23.7) keeps for use inside of a program: no
letter has a use for them, and none keeps those that it comes with.
"""

from __future__ import annotations

#: Before each line of a quote, before one that announces it, and before one of the signature.
QUOTED, ANNOUNCING, SIGNED = "\ufdd0", "\ufdd1", "\ufdd2"
#: Where these open in the text of a page, and where any of them closes; from the last on all is
#: quoted.
OPEN, ANNOUNCE, SIGN, CLOSE, REST = "\ufdd3", "\ufdd4", "\ufdd5", "\ufdd6", "\ufdd7"

_CONTROLS = frozenset((OPEN, ANNOUNCE, SIGN, CLOSE, REST))
_SIGNS = (QUOTED, ANNOUNCING, SIGNED, *sorted(_CONTROLS))
_ALL = dict.fromkeys(map(ord, _SIGNS))


def unmarked(text: str) -> str:
    """Return a text without any mark."""
    if text.isascii() or not any(sign in text for sign in _SIGNS):
        return text
    return text.translate(_ALL)


def marked_lines(text: str) -> tuple[str, str]:
    """Return a text in which quotes open and close without these marks, and with each line's."""
    plain: list[str] = []
    marked: list[str] = []
    opened: list[str] = []
    mark = ""
    rest = False
    for line in text.split("\n"):
        if line in _CONTROLS:
            if line == REST:
                rest = True
            elif line != CLOSE:
                opened.append(line)
            elif opened:
                opened.pop()
            mark = QUOTED if rest else _mark(opened)
            continue
        if not line and not (plain and plain[-1]):
            continue  # Two gaps that only a mark parted are one.
        plain.append(unmarked(line))
        marked.append(mark + plain[-1] if plain[-1] else "")
    return "\n".join(plain).strip("\n"), "\n".join(marked).strip("\n")


def _mark(opened: list[str]) -> str:
    """Return the mark of a line by what is open there; the outermost two tell."""
    if not opened:
        return ""
    if opened[0] == SIGN:
        return SIGNED if len(opened) == 1 or opened[1] == SIGN else QUOTED
    return ANNOUNCING if opened[0] == ANNOUNCE else QUOTED
