"""A plain letter in the order it was written in: what is new, what it quotes, and its signature.

What was written now is known by its lines, which stand in the text in their order. So an answer
between the lines of a quote stays between them, and long stretches of quote are folded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

#: A short quote is what somebody answers to, line by line: it stays in sight.
_LINES, _LETTERS = 3, 240


class Part(StrEnum):
    """What a stretch of a letter is."""

    NEW = "new"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of lines that are the same sort of thing."""

    part: Part
    text: str
    last: bool = False

    @property
    def lines(self) -> int:
        """Return how many of its lines have words."""
        return sum(1 for line in self.text.split("\n") if line.strip())

    @property
    def folds(self) -> bool:
        """Tell whether it is shown folded."""
        long = self.last or self.lines > _LINES or len(self.text) > _LETTERS
        return self.part is Part.QUOTE and long


def of(text: str, new: str, signature: str) -> tuple[Segment, ...]:
    """Part a text; where its new part does not stand in it line by line, all of it is the quote."""
    body, sign = _without(new.strip("\n"), signature)
    wanted = [(Part.NEW, line.strip()) for line in body.split("\n") if line.strip()]
    wanted += [(Part.SIGNATURE, line.strip()) for line in sign.split("\n") if line.strip()]
    found = _stretches(text.split("\n"), wanted)
    if found is None:
        found = [Segment(Part.NEW, body), Segment(Part.SIGNATURE, sign), Segment(Part.QUOTE, text)]
    shown = [segment for segment in found if segment.text.strip()]
    if len(shown) > 1:  # Below a quote at the end nothing is answered.
        shown[-1] = replace(shown[-1], last=True)
    return tuple(shown)


def _without(new: str, signature: str) -> tuple[str, str]:
    """Return the new part before its signature, and the signature: at its end, or below a quote."""
    at = new.rfind(signature) if signature else -1
    if at < 0:
        return new, signature
    if new[at + len(signature) :].strip():
        return new, ""
    return new[:at].rstrip("\n"), new[at:]


def _stretches(lines: list[str], wanted: list[tuple[Part, str]]) -> list[Segment] | None:
    """Return the lines in stretches, or None where what is wanted does not stand among them."""
    found: list[Segment] = []
    part, stretch, at = Part.NEW, list[str](), 0
    for line in lines:
        plain, now = line.strip(), part
        if plain:
            now = Part.QUOTE
            if at < len(wanted) and wanted[at][1] == plain:
                # Between the answers stand the lines that they answer.
                now, at = (Part.QUOTE if plain[0] == ">" else wanted[at][0]), at + 1
        if now is not part:
            found.append(Segment(part, "\n".join(stretch).strip("\n")))
            part, stretch = now, []
        stretch.append(line)
    found.append(Segment(part, "\n".join(stretch).strip("\n")))
    return found if at == len(wanted) else None
