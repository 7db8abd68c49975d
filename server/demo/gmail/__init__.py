"""A Gmail on this machine: the API, its OAuth and its faults, for tests, benchmarks and the demo.

    with GmailServer() as google:
        ana = google.add("ana@halden.example")
        id_ = ana.deliver(letter)

        gmail = build_from_document(google.document(), credentials=Credentials(google.token(
            "ana@halden.example")), static_discovery=False)
        gmail.users().messages().get(userId="me", id=id_, format="raw").execute()

        google.plan(Fault("429", method="users.messages.get", times=2, retry_after=1.0))
        google.chaos(seed=7, fail=0.05, cut=0.01)
        google.heal()
        ana.label(id_, remove=["UNREAD"])
        assert google.units("ana@halden.example") == 20

    ana.shown.enabled = False  # No IMAP, which is at google.imap_url, for this mailbox.

It speaks HTTP on the loopback interface alone, holds its mailboxes in memory (with `keep`, in a
folder too, from which the next one goes on), and learns routes, parameters and scopes from Google's
discovery document. `google.token_url` and its sisters take the
place of Google's addresses; `google.register(App(...))` lets an app ask for consent. By hand:

    python -m server.demo.gmail --port 8085 --maildir PATH --address ana@halden.example

It knows nothing of the product, and needs neither the web framework nor a database.
"""

from server.demo.gmail.apps import App
from server.demo.gmail.faults import Fault
from server.demo.gmail.mailbox import Mailbox
from server.demo.gmail.pushing import Pushed, Subscription
from server.demo.gmail.quota import Quota
from server.demo.gmail.server import GmailServer
from server.demo.gmail.world import Call

__all__ = ["App", "Call", "Fault", "GmailServer", "Mailbox", "Pushed", "Quota", "Subscription"]
