"""Run the server by itself: `python -m server.demo.gmail --port 8085 --address ANA --maildir PATH`.

It says where it listens, and ends on a signal.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from server import ending
from server.demo.gmail import App, GmailServer

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(given: Sequence[str] | None = None) -> int:
    """Serve until a signal comes."""
    words = _parser().parse_args(given)
    addresses: list[str] = words.address or ["ana@halden.example"]
    stop = ending.told()
    with GmailServer(host=words.host, port=words.port) as server:
        for address in addresses:
            server.add(address)
        held = server.add(addresses[0]).load_maildir(words.maildir) if words.maildir else 0
        if words.redirect:
            app = App(words.name, words.client_id, words.client_secret, tuple(words.redirect))
            server.register(app)
        sys.stdout.write(f"Gmail for {', '.join(addresses)} at {server.url}: {held} letters\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m server.demo.gmail", description="Serve a Gmail on this machine."
    )
    parser.add_argument("--host", default="127.0.0.1", help="an address of this machine alone")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--address", action="append", help="whose mailbox; may be repeated")
    parser.add_argument("--maildir", help="what lies in the first mailbox")
    parser.add_argument("--name", default="Inlay", help="what the consent page calls the app")
    parser.add_argument("--client-id", default="demo.apps.googleusercontent.com")
    parser.add_argument("--client-secret", default="demo")
    parser.add_argument("--redirect", action="append", help="where consent may lead back to")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
