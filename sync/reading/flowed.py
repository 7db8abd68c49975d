"""Lines that were broken for the road are joined again: format=flowed (RFC 3676)."""

from __future__ import annotations

#: Beyond so many lines a text stays as it is: nobody typed them.
MOST_LINES = 50_000


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the flowed lines of a text, each quote level for itself."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return text
    out: list[str] = []
    pieces: list[str] = []
    depth = 0
    for line in lines:
        level, content = _split(line)
        flows = content.endswith(" ") and content != "-- "
        if pieces and (level != depth or content == "-- "):
            # RFC 3676, section 4.5: a change of depth, or a signature, ends a paragraph.
            out.append(_joined(depth, pieces))
            pieces = []
        depth = level
        pieces.append(content[:-1] if flows and delete_space else content)
        if not flows:
            out.append(_joined(depth, pieces))
            pieces = []
    if pieces:
        out.append(_joined(depth, pieces))
    return "\n".join(out)


def _split(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    # Section 4.4: one space before a line is stuffing.
    return len(line) - len(content), content.removeprefix(" ")


def _joined(depth: int, pieces: list[str]) -> str:
    text = "".join(pieces)
    return f"{'>' * depth} {text}" if depth else text
