"""What Gmail answers, out of its JSON, with a letter's base64 cut out of it as it is.

A letter is nearly all of its answer, and the parser of JSON would look at each of its bytes and
copy it: that is six times as much work.
"""

from __future__ import annotations

import re
from typing import Any, Final

from googleapiclient.model import JsonModel

#: In a text of JSON a quotation mark is escaped: what ends a name with one is a name.
_RAW: Final = re.compile(rb'"raw"\s*:\s*"')


class Answers(JsonModel):  # type: ignore[misc]  # It has no types.
    """Reads answers as the library does, but for `raw`, which stays bytes."""

    def deserialize(self, content: bytes) -> Any:
        """Return what an answer says; what is no JSON, as it came."""
        found = _RAW.search(content)
        end = content.find(b'"', found.end()) if found is not None else -1
        if found is not None and end > 0:
            raw = content[found.end() : end]
            said = self._read(content[: found.end()] + content[end:])
            # Base64 needs no escape, but nobody is forbidden to write one.
            if isinstance(said, dict) and said.get("raw") == "" and b"\\" not in raw:
                said["raw"] = raw
                return said
        return self._read(content)

    def _read(self, content: bytes) -> Any:
        """Read JSON, with a mark for what is no UTF-8: the library would drop a whole batch for it.

        A letter's bytes are all ASCII here: only what is said about it can be marked.
        """
        return super().deserialize(content.decode("utf-8", "replace"))
