"""How the text of a page says which of its lines the page marks as a quote.

The marks are noncharacters, which Unicode (section 23.7) keeps for use inside of a program: no
letter has a use for them.
"""

from __future__ import annotations

#: Before each line of a quote, and before one that announces it.
QUOTED, ANNOUNCING = "\ufdd0", "\ufdd1"
#: Where a quote opens and closes in the text of a page; from the third on all is quoted.
OPEN, ANNOUNCE, CLOSE, REST = "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"

_ALL = dict.fromkeys(map(ord, (QUOTED, ANNOUNCING, OPEN, ANNOUNCE, CLOSE, REST)))
_CONTROLS = frozenset((OPEN, ANNOUNCE, CLOSE, REST))


def unmarked(text: str) -> str:
    """Return a text without any mark."""
    return text if text.isascii() else text.translate(_ALL)


def marked_lines(text: str) -> tuple[str, str]:
    """Return a text in which quotes open and close without these marks, and with each line's."""
    plain: list[str] = []
    marked: list[str] = []
    depth = announcing = 0
    rest = False
    for line in text.split("\n"):
        if line in _CONTROLS:
            if line == REST:
                rest = True
            elif line == CLOSE:
                depth = max(depth - 1, 0)
                announcing = min(announcing, depth)
            else:
                depth += 1
                announcing = depth if line == ANNOUNCE and depth == 1 else announcing
            continue
        if not line and not (plain and plain[-1]):
            continue  # Two gaps that only a mark parted are one.
        plain.append(unmarked(line))
        mark = ANNOUNCING if announcing else QUOTED if depth or rest else ""
        marked.append(mark + plain[-1])
    return "\n".join(plain).strip("\n"), "\n".join(marked).strip("\n")
