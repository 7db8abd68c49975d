"""What has to end long before something else would, told apart by a wide margin.

A busy machine may take ten times as long for anything; a test that measures fails there without
a fault. So what is not to be waited for lasts minutes in a test, and the limit is far from both.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: In seconds: much longer than what is promised, and half of what is not to be waited for.
SOON = 30.0
LONG = 2 * SOON


@contextmanager
def soon() -> Iterator[None]:
    """Fail where the block waited for something that takes LONG."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < SOON, f"it took {took:.0f} s"
