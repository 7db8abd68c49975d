"""Print what running needs of a lock file, and nothing that only developers do.

running.py PYPROJECT LOCK: the packages that the project and its embedded servers depend on, with
their versions and hashes, and those that these depend on. Which does on which stands below each
package of the lock, behind `# via`. It needs nothing but Python, for it runs before anything is
installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path


def main(pyproject: str, lock: str) -> None:
    """Print a shorter lock file."""
    project = tomllib.loads(Path(pyproject).read_text("utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["embedded"]
    wanted = {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in asked}
    packages = dict(_packages(Path(lock).read_text("utf-8")))
    missing = wanted - set(packages)
    if missing:
        sys.exit(f"{lock} has no {', '.join(sorted(missing))}.")
    while more := {name for name, text in packages.items() if _via(text) & wanted} - wanted:
        wanted |= more
    sys.stdout.write("".join(text for name, text in packages.items() if name in wanted))


def _packages(text: str) -> list[tuple[str, str]]:
    """Return each package's name, and its lines."""
    parts = re.split(r"(?m)^(?=[A-Za-z0-9])", text)
    return [(part.partition("==")[0].lower(), part) for part in parts if "==" in part]


def _via(text: str) -> set[str]:
    """Return which packages depend on this one."""
    told = re.findall(r"(?m)^ +# +(?:via +)?(\S+)", text)
    return {name for name in told if name not in ("via", "inlay")}


if __name__ == "__main__":
    main(*sys.argv[1:])
