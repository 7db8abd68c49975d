"""A page on which somebody writes a letter that then arrives, as if it had come from outside.

The other end of a mailbox: who tries the product out sees what a letter leads to.
"""

from __future__ import annotations

import string
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server.demo.gmail.consent import HEAD
from server.demo.gmail.exchange import Answer, answer_html

if TYPE_CHECKING:
    from server.demo.gmail.exchange import Request
    from server.demo.gmail.world import World

PATH = "/post-office"
_FIELDS = ("from", "to", "subject", "text")
_LONGEST = 20_000


class PostOffice:
    """Shows the page, and lets what was written on it arrive."""

    def __init__(self, world: World) -> None:
        self._world = world

    def find_answer(self, request: Request) -> Answer | None:
        """Answer a request for the page; return None for any other."""
        if request.path != PATH:
            return None
        if request.verb == "GET":
            return self._show("")
        if request.verb != "POST" or not _is_own(request):
            return answer_html(_REFUSED, 403)
        typed = {name: request.form.get(name, "")[:_LONGEST].strip() for name in _FIELDS}
        box = self._world.mailboxes.get(typed["to"].lower())
        try:
            letter = _write(typed, self._world.now())
        except ValueError:
            box = None
        if box is None:
            return self._show("This did not arrive: an address is missing, or none.")
        box.deliver(letter)
        return self._show(f"It has arrived at {box.address}. Inlay looks within a minute.")

    def _show(self, said: str) -> Answer:
        options = "".join(f"<option>{escape(one)}</option>" for one in self._world.mailboxes)
        return answer_html(_PAGE.substitute(said=escape(said), addresses=options))


def _is_own(request: Request) -> bool:
    """Tell whether a form was sent from this very page, and not from somebody else's."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if urlsplit(f"//{host}").hostname not in ("127.0.0.1", "localhost", "::1"):
        return False  # A name from outside that leads to this machine.
    return origin is None or origin == f"http://{host}"


def _write(typed: dict[str, str], now: float) -> bytes:
    """Write a letter. Raises ValueError on what cannot stand in a header."""
    letter = EmailMessage()
    letter["From"], letter["To"] = typed["from"], typed["to"]
    if not letter["From"].addresses or "@" not in letter["From"].addresses[0].addr_spec:
        raise ValueError("no address")
    letter["Subject"] = typed["subject"]
    letter["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    letter["Message-ID"] = make_msgid(domain="post-office.example")
    letter.set_content(typed["text"] + "\n")
    return letter.as_bytes()


_PAGE = string.Template(
    HEAD
    + """<title>Write a letter – Demo of Gmail</title>
</head>
<body>
<p>Demo of Gmail. This is not Google, but Inlay’s stand-in for it: nothing leaves this machine.</p>
<h1>Let a letter arrive</h1>
<p role="status">$said</p>
<form method="post" action="/post-office">
<p><label>From<br><input name="from" size="40" required
 value="Jana Dvořáková &lt;jana.dvorakova@severka.example&gt;"></label></p>
<p><label>To<br><select name="to">$addresses</select></label></p>
<p><label>Subject<br><input name="subject" size="40" required></label></p>
<p><label>Text<br><textarea name="text" rows="8" cols="40" required></textarea></label></p>
<button>Let it arrive</button>
</form>
</body>
</html>
"""
)
_REFUSED = "<p>This form was sent from another page. Nothing has arrived.</p>"
