"""What is due is sent once, and never again by itself, whatever the server does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base import bulk, clock
from crm.base.addresses import Address
from crm.base.db import transaction
from crm.base.settings import Settings
from crm.base.vault import Vault, make_key
from crm.workspace import workspaces
from sync import outbox
from sync.connecting import submitting
from sync.sources.imap import ImapLogin
from sync.transports.dialogue import SmtpLogin
from sync.transports.smtp import SmtpTransport
from tests import make
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import DROP, DROP_AFTER_ANSWER, DROP_BEFORE_ANSWER, Smtp
from tests.sync import rig, sending
from tests.sync.sending import Post


@pytest.fixture
def post(town: Settings, dovecot: Dovecot, smtp: Smtp) -> Post:
    return sending.connect(town, dovecot, smtp)


def test_a_message_arrives_once_and_lies_in_sent(post, smtp, dovecot):
    sent = post.write("Good morning.\nHow are you?")

    assert post.work(sent)

    row = post.row(sent)
    assert (row.state, row.due_at) == ("sent", None)
    [letter] = smtp.received
    assert letter.sender == "ana@halden.test"
    assert letter.recipients == ("jana@severka.test",)
    assert b"Good morning.\r\nHow are you?\r\n" in letter.raw
    assert b"Good morning.<br>\r\nHow are you?</div>" in letter.raw
    assert sending.in_sent(dovecot) == [row.rfc_id]


def test_nothing_is_sent_twice_by_working_twice(post, smtp, dovecot):
    sent = post.write()

    post.work(sent)
    post.hurry()

    assert not post.work(sent)
    assert len(smtp.received) == 1


def test_a_sent_message_stands_in_its_thread_at_once_and_its_copy_is_the_same(post, smtp, dovecot):
    sent = post.write()
    post.work(sent)

    assert post.lines() == 1
    before = post.row(sent).message_id
    assert before is not None
    rig.expire(post.box)
    rig.bring(post.box)

    assert post.lines() == 1
    assert post.row(sent).message_id == before
    rig.assert_exact(post.box, rig.served(dovecot, "ana"))


@pytest.mark.parametrize("how", [DROP_BEFORE_ANSWER, DROP_AFTER_ANSWER])
def test_a_lost_answer_is_unknown_and_is_not_sent_again(post, smtp, dovecot, how):
    smtp.plan("BODY", how)
    sent = post.write()

    for _ in range(5):
        post.work(sent)
        post.hurry()

    assert len(smtp.received) == 1
    assert post.state(sent) == ("unknown" if how == DROP_BEFORE_ANSWER else "sent")
    assert post.lines() == 1


def test_what_the_server_puts_off_is_sent_later(post, smtp):
    smtp.plan("RCPT", "451 4.7.1 Greylisted")
    sent = post.write()

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble, row.tries) == ("waiting", "deferred", 1)
    assert row.due_at > clock.now()
    post.hurry()
    post.work(sent)
    assert post.state(sent) == "sent"
    assert len(smtp.received) == 1


@pytest.mark.parametrize(
    "change",
    [
        'update "user" set active = false',
        """update "user" set role = 'reader'""",
        "update mailbox set user_id = (select id from \"user\" where email = 'bo@halden.test')",
    ],
)
def test_nothing_leaves_whose_author_may_not_send_any_more(post, smtp, change):
    sent = post.write()
    with transaction(post.box.workspace_id) as session:
        workspace = workspaces.get(session, post.box.workspace_id)
        make.user(session, workspace, "bo@halden.test")
        session.flush()
        bulk.run(session, change, ())

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble) == ("failed", "not_allowed")
    assert smtp.commands == []


def test_what_the_server_turns_down_waits_for_its_author(post, smtp):
    smtp.plan("AUTH", "535 5.7.8 Authentication failed")
    sent = post.write()

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble, row.due_at) == ("failed", "login", None)
    assert "Authentication failed" in row.said
    post.send_again(sent)
    post.work(sent)
    assert post.state(sent) == "sent"


def test_who_was_refused_of_several_is_said(post, smtp):
    smtp.plan("RCPT", "550 5.1.1 No such user")
    sent = post.write(cc=(Address("petr@severka.test"),))

    post.work(sent)

    row = post.row(sent)
    assert (row.state, list(row.refused)) == ("sent", ["jana@severka.test"])


def test_what_is_unknown_is_sent_once_it_is_found(post, smtp, dovecot):
    smtp.plan("BODY", DROP_BEFORE_ANSWER)
    sent = post.write()
    post.work(sent)
    assert post.state(sent) == "unknown"

    dovecot.deliver("ana", smtp.received[0].raw)
    post.hurry()
    post.work(sent)

    assert post.state(sent) == "sent"
    assert len(smtp.received) == 1
    assert sending.in_sent(dovecot) == [post.row(sent).rfc_id]


def test_what_is_unknown_is_sent_once_its_copy_comes_in(post, smtp, dovecot):
    smtp.plan("BODY", DROP_BEFORE_ANSWER)
    sent = post.write()
    post.work(sent)

    dovecot.deliver("ana", smtp.received[0].raw, "Sent")
    rig.expire(post.box)
    rig.bring(post.box)

    assert post.state(sent) == "sent"
    assert post.lines() == 1


def test_nobody_is_asked_before_ten_minutes_are_over(post, smtp):
    smtp.plan("BODY", DROP_BEFORE_ANSWER)
    sent = post.write()
    post.work(sent)
    post.hurry()
    post.work(sent)
    assert post.row(sent).due_at is not None

    post.time_passes()
    post.hurry()
    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.due_at) == ("unknown", None)
    assert len(smtp.received) == 1


def test_a_mailbox_that_refuses_the_login_is_not_looked_into_again_and_again(post, smtp, dovecot):
    smtp.plan("BODY", DROP_BEFORE_ANSWER)
    sent = post.write()
    out = SmtpLogin("127.0.0.1", smtp.port, "none", "ana", "secret")
    wrong = ImapLogin("127.0.0.1", dovecot.port, "none", "ana", "wrong")

    def opener(*_):
        return SmtpTransport(out, wrong, allow_plain=True)

    outbox.work(post.box.workspace_id, sent, post.box.settings, post.box.vault, opener)

    row = post.row(sent)
    assert (row.state, row.due_at) == ("unknown", None)


def test_its_author_may_send_it_again_and_it_stands_once(post, smtp, dovecot):
    smtp.plan("BODY", DROP)
    sent = post.write()
    post.work(sent)
    assert (post.state(sent), smtp.received) == ("unknown", [])

    post.send_again(sent)
    post.work(sent)

    assert post.state(sent) == "sent"
    assert (len(smtp.received), post.lines()) == (1, 1)
    assert sending.in_sent(dovecot) == [post.row(sent).rfc_id]


def test_a_copy_that_cannot_be_kept_is_tried_again_and_nothing_is_sent_by_it(post, smtp, dovecot):
    sent = post.write()
    dovecot.stop()
    try:
        post.work(sent)
    finally:
        dovecot.start()
    assert post.state(sent) == "sent"
    assert post.row(sent).due_at is not None
    assert post.lines() == 1

    post.hurry()
    post.work(sent)

    assert post.row(sent).due_at is None
    assert len(smtp.received) == 1
    assert sending.in_sent(dovecot) == [post.row(sent).rfc_id]


def test_out_of_a_sandbox_nothing_leaves(post, smtp, dovecot):
    post.box.ask("update workspace set sandbox = true where id = %s", post.box.workspace_id)
    sent = post.write()

    post.work(sent)

    row = post.row(sent)
    assert (row.state, row.trouble, row.due_at) == ("sent", "kept_here", None)
    assert (smtp.commands, smtp.received) == ([], [])
    assert sending.in_sent(dovecot) == []
    assert post.lines() == 1


def test_without_its_key_a_mailbox_waits(post, smtp):
    sent = post.write()
    other = Vault([make_key()])

    outbox.work(post.box.workspace_id, sent, post.box.settings, other)

    assert (post.state(sent), post.row(sent).trouble) == ("waiting", "key_missing")
    assert smtp.commands == []


def test_what_is_undone_is_never_sent(post, smtp):
    sent = post.write(due_at=clock.now() + timedelta(minutes=5))
    post.undo(sent)

    post.hurry()

    assert not post.work(sent)
    assert (post.state(sent), smtp.received) == ("cancelled", [])


def test_an_answer_stands_in_the_thread_of_what_it_answers(post, smtp, dovecot):
    dovecot.deliver("ana", make.raw(message_id="first@severka.test"))
    rig.expire(post.box)
    rig.bring(post.box)

    sent = post.write(answers="first@severka.test")
    post.work(sent)

    threads = post.box.ask(
        "select count(distinct thread_id), count(*) from message where workspace_id = %s",
        post.box.workspace_id,
    )
    assert threads == [(1, 2)]
    assert b"In-Reply-To: <first@severka.test>" in smtp.received[0].raw


def test_two_workers_at_once_send_it_once(post, smtp):
    sent = [post.write(f"Message {n}") for n in range(4)]

    workers = [post.start() for _ in range(3)]
    for worker in workers:
        assert rig.finish(worker) == 0

    assert set(smtp.ids.values()) == {1}
    assert [post.state(one) for one in sent] == ["sent"] * 4


def test_no_log_says_what_is_written_or_to_whom(post, smtp, caplog):
    smtp.plan("RCPT", "550 5.1.1 jana@severka.test does not live here")
    with caplog.at_level("DEBUG"):
        post.work(post.write("A secret."))

    told = [one.getMessage() for one in caplog.records if one.name.startswith(("sync", "crm"))]
    assert told
    assert not [line for line in told if "jana" in line or "secret" in line]


def test_where_it_sends_is_proposed_and_kept_once_it_has_worked(post, smtp, monkeypatch):
    post.box.ask("update mailbox set place = place - 'smtp'")
    place = ("127.0.0.1", smtp.port, "none")
    monkeypatch.setitem(submitting.BY_IMAP_HOST, "127.0.0.1", (*place[:1], 1, "none"))
    sent = post.write()
    post.work(sent)
    assert (post.state(sent), "smtp" in post.box.row().place) == ("waiting", False)

    monkeypatch.setitem(submitting.BY_IMAP_HOST, "127.0.0.1", place)
    post.hurry()
    post.work(sent)

    assert post.state(sent) == "sent"
    assert tuple(post.box.row().place["smtp"].values()) == place
