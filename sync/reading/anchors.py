"""Links in a line that kept them as a page has them: `<a href="https://acme.test">our page</a>`."""

from __future__ import annotations

import re

#: Asked once of a tag that has no other in it.
_HREF = re.compile(r"""href=["']?([^"'<> ]{1,500})""", re.IGNORECASE)


def taken_off(line: str) -> tuple[str, list[str]]:
    """Return a line without its links and their words, and where they lead."""
    first, *pieces = line.split("<")
    kept, found = [first], []
    ended = False  # whether the link that began in the piece before ends here
    for number, piece in enumerate(pieces):
        below = pieces[number + 1] if number + 1 < len(pieces) else ""
        link = _link(piece) if below[:3].lower() == "/a>" else ""
        if link:
            found.append(link)
        elif ended:
            kept.append(piece[3:])
        else:
            kept.append(f"<{piece}")
        ended = bool(link)
    return "".join(kept), found


def _link(piece: str) -> str:
    """Return where a tag leads that begins a piece; empty where it is no link."""
    tag, closed, _words = piece.partition(">")
    if not closed or tag[:1] not in ("a", "A") or not tag[1:2].isspace():
        return ""
    found = _HREF.search(tag)
    return found[1] if found else ""
