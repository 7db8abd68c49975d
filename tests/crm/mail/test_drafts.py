"""A row holds its draft: twice the same row is twice the same draft."""

from __future__ import annotations

from crm.base.addresses import Address
from crm.mail import drafts, outgoing
from crm.mail.draft import File
from tests import make
from tests.sync.sending import draft


def test_a_draft_comes_back_as_it_was_written(session, ana):
    box = make.mailbox(session, ana)
    written = draft(
        "Dobrý den",
        cc=(Address("bo@halden.test", "Bo"),),
        bcc=(Address("boss@halden.test"),),
        files=(File("a.txt", "text/plain", b"1"), File("b.txt", "text/plain", b"22")),
    )
    made = outgoing.write(session, box, written, by=ana, at=make.NOW)
    session.expire_all()

    found = drafts.of(session, made, box)

    assert (found.to, found.cc, found.bcc) == (written.to, written.cc, written.bcc)
    assert (found.text, found.files, found.at) == ("Dobrý den", written.files, make.NOW)
    assert (found.author.email, found.author.name) == ("ana@halden.test", "Ana Kovač")
    assert found == drafts.of(session, made, box)
    assert [file.size for file in drafts.files(session, made)] == [1, 2]


def test_who_writes_for_support_does_not_write_by_their_own_name(session, ana, workspace):
    bo = make.user(session, workspace, "bo@halden.test")
    box = make.mailbox(session, bo, "help@halden.test", purpose="support")

    made = outgoing.write(session, box, draft(), by=ana, at=make.NOW)

    assert drafts.of(session, made, box).author.name == ""
