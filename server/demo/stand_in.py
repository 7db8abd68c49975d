"""The demo's Gmail as a program: `python -m server.demo.stand_in FOLDER`.

It serves what its folder holds, and the sample mailboxes at first. Where it listens stands in
FOLDER/url once it answers: for the API in its first line, for IMAP in its second. Where it pushes
to stands in FOLDER/push-to, as soon as somebody has written it there. It ends on a signal.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from contextlib import suppress
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path
from typing import TYPE_CHECKING

from server import ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.settings import Settings
    from server.demo.gmail import GmailServer, Mailbox

#: The file that says where it pushes to.
PUSH_TO = "push-to"
_SAMPLE = Path(__file__).parent / "mailbox"
ANA = "ana@halden.example"
#: Nobody has connected this one: it holds what Ana and Sam have in common.
BESIDE = "sam@halden.example"
#: What asks for consent, and where answers are sent to: at any port of this machine.
CLIENT_ID, CLIENT_SECRET = "inlay.apps.example", "a secret of the demo alone"
BACK = "http://127.0.0.1/mailboxes/gmail/back"
#: What it pushes by, as Google's Pub/Sub does: without it a letter would be a minute late.
TOPIC, SUBSCRIPTION = "projects/demo/topics/gmail", "projects/demo/subscriptions/gmail"
ROBOT = "pushes@demo.iam.gserviceaccount.com"
#: It counts nobody's calls: at Google's pace the sample alone would take more than a minute.
_UNITS = 1_000_000


def instead_of_google(settings: Settings, url: str, imap_url: str) -> Settings:
    """Return the settings with a server's addresses in Google's place; as they are without one."""
    if not url:
        return settings
    return dataclasses.replace(
        settings,
        google_client_id=CLIENT_ID,
        google_client_secret=CLIENT_SECRET,
        google_api_url=url,
        google_auth_url=f"{url}/o/oauth2/v2/auth",
        google_token_url=f"{url}/token",
        google_revoke_url=f"{url}/revoke",
        google_imap_url=imap_url,
        google_certs_url=f"{url}/oauth2/v1/certs",
        google_pubsub_topic=TOPIC,
        google_pubsub_subscription=SUBSCRIPTION,
        google_pubsub_service_account=ROBOT,
        google_pubsub_audience="",
        google_units_per_user=_UNITS,
    )


def main(given: Sequence[str] | None = None) -> int:
    """Serve until a signal comes."""
    words = _parser().parse_args(given)
    folder: Path = words.folder
    (folder / "pid").write_text(f"{os.getpid()}\n")
    stop = ending.told()
    with opened(folder, words.port, words.imap_port) as server:
        unfinished = folder / "url.unfinished"
        unfinished.write_text(f"{server.url}\n{server.imap_url}\n", "utf-8")
        unfinished.replace(folder / "url")
        there = ""
        while not stop.wait(1):
            there = follow(server, folder, there)
    return 0


def follow(server: GmailServer, folder: Path, there: str) -> str:
    """Push to where the folder says, if that is another place than before; return the place."""
    from server.demo.gmail import Subscription

    with suppress(FileNotFoundError):
        said = (folder / PUSH_TO).read_text("utf-8").strip()
        if said != there:
            server.subscribe(Subscription(said, ROBOT, SUBSCRIPTION))
        return said
    return there


def opened(folder: Path, port: int = 0, imap_port: int = 0) -> GmailServer:
    """Return the server of a folder, filled with the sample mailboxes if it is new."""
    from server.demo.gmail import App, GmailServer

    try:
        server = GmailServer(port=port, imap_port=imap_port, keep=folder)
    except OSError:  # Somebody else has a port of these by now.
        server = GmailServer(keep=folder)
    server.add_topic(TOPIC)
    server.register(App("Inlay", CLIENT_ID, CLIENT_SECRET, (BACK,)))
    ana, sam = server.add(ANA), server.add(BESIDE)
    if not len(ana):
        ana.load_maildir(_SAMPLE)
        _share(ana, sam)
        server.save()
    return server


def _share(ana: Mailbox, sam: Mailbox) -> None:
    """Give Sam his copy of what he and Ana have written to each other."""
    for copy in ana.copies:
        letter = message_from_bytes(copy.raw)
        senders = _addresses(letter.get_all("from", []))
        if BESIDE in senders:
            sam.put(copy.letter, labels=("SENT",), arrived_ms=copy.ms)
        elif BESIDE in _addresses([*letter.get_all("to", []), *letter.get_all("cc", [])]):
            sam.put(copy.letter, labels=("INBOX",), arrived_ms=copy.ms)


def _addresses(lines: Sequence[str]) -> set[str]:
    return {email.lower() for _, email in getaddresses([str(line) for line in lines])}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server.demo.stand_in")
    parser.add_argument("folder", type=Path, help="what it holds, and where it says that it is")
    parser.add_argument("--port", type=int, default=0, help="the one to take if it is free")
    parser.add_argument("--imap-port", type=int, default=0, help="and the one for IMAP")
    return parser


if __name__ == "__main__":
    sys.exit(main())
