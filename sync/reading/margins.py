"""Signs that stand around the words of a line and are no part of them: data for `str.strip`."""

from __future__ import annotations

#: White space, and signs of direction and of no width, which nobody sees.
BLANK = " \t\xa0\u200b\u200e\u200f\u202a\u202b\u202c\ufeff"
#: Before the lines that all programs quote, and some.
MARGIN = BLANK + ">|"
#: With these a program makes a word bold or slanted where it has no other means.
STARS = "*_"
#: All that may stand around a line of a signature or of a footer.
MARKS = MARGIN + STARS + "•·"
