"""Whoever sent what failed, or what nobody can tell of, is told without looking for it."""

from __future__ import annotations

from datetime import timedelta

from crm.mail import messages, outgoing, undecided, visibility
from crm.mail.models import OutgoingState
from tests import make
from tests.sync.sending import draft


def test_its_author_alone_is_told_of_what_they_must_decide(session, ana, workspace):
    box = make.mailbox(session, ana)
    make.filed(session, box, make.raw(message_id="first@severka.test"))
    [seen] = messages.named(session, visibility.viewer(session, ana), "first@severka.test")
    made = [
        outgoing.write(
            session,
            box,
            draft(subject=state),
            answers=seen if state == "failed" else None,
            by=ana,
            at=make.NOW + timedelta(minutes=minute),
        )
        for minute, state in enumerate(OutgoingState)
    ]
    for one in made:
        one.state = one.subject
    session.flush()

    def told(user):
        return [(o.state, o.thread_id) for o in undecided.of_author(session, user)]

    # Of what is unknown and still looked for nobody is asked yet.
    assert told(ana) == [("failed", seen.message.thread_id)]
    made[4].due_at = None
    session.flush()
    assert told(ana) == [("failed", seen.message.thread_id), ("unknown", None)]
    assert told(make.user(session, workspace, "bo@halden.test")) == []
