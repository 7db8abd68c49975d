"""The `inlay` command, run as its users run it: in this process, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from crm.base import db, i18n
from crm.base.settings import Settings
from tests.conftest import environment

COMMAND = Path(sys.executable).parent / "inlay"


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """Return what was printed."""
        return self.raw.decode()

    @property
    def json(self) -> Any:
        """Return the one document that was printed."""
        return json.loads(self.raw)

    @property
    def error(self) -> dict[str, str]:
        """Return the error that was told to a machine."""
        found = json.loads(self.err)
        assert set(found) == {"error"}
        assert set(found["error"]) == {"kind", "message", "hint"}
        return found["error"]


@dataclass
class Inlay:
    """The command in the environment of one house."""

    house: Settings
    more: dict[str, str]

    def __call__(self, *words: str, stdin: bytes = b"") -> Ended:
        """Run a command in this process."""
        from server.cli import main

        bound = db.sessions.kw.get("bind")
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        code = 0
        given = {"sys.argv": ["inlay", *words], "sys.stdin": io.TextIOWrapper(io.BytesIO(stdin))}
        try:
            with (
                patch.dict(os.environ, environment(self.house) | self.more, clear=True),
                patch("sys.argv", given["sys.argv"]),
                patch("sys.stdin", given["sys.stdin"]),
                redirect_stdout(out),
                redirect_stderr(err),
            ):
                main()
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            db.sessions.configure(bind=bound)
            i18n.speak("en")
        out.flush()
        return Ended(code, out.buffer.getvalue(), err.getvalue())  # type: ignore[attr-defined]

    def apart(self, *words: str, stdin: bytes = b"", shell: str = "") -> Ended:
        """Run a command in a process of its own; `shell` says where its streams lead."""
        command = [str(COMMAND), *words]
        done = subprocess.run(
            ["sh", "-c", f'exec "$0" "$@" {shell}', *command] if shell else command,
            input=stdin,
            capture_output=True,
            env=environment(self.house) | self.more,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr.decode())
