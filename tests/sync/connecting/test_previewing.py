"""What would come in, told by headers: all of it, or a taste for somebody who waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base.vault import Vault
from crm.mail import mailboxes
from crm.mail.models import MailboxKind
from sync.connecting import previewing
from sync.connecting.previewing import Taste
from sync.errors import SourceUnavailableError
from tests import make


@pytest.fixture
def scanned(session, ana, shared, dovecot):
    """Preview a mailbox of Ana's that nothing has connected."""

    def scan(login, taste=None):
        vault = Vault(shared.vault_keys)
        place = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "login": login}
        box = mailboxes.propose(
            session,
            ana,
            "ana@halden.test",
            kind=MailboxKind.IMAP,
            place=place,
            secret=vault.seal(dovecot.password),
            by=ana,
            at=make.NOW,
        )
        return previewing.scan(box, previewing.our_side(session, box), shared, vault, taste)

    return scan


def test_whom_an_alias_stands_beside_would_be_met(scanned, session, ana, dovecot):
    make.mailbox(session, ana, "info@halden.test", place={"aliases": ["ana.k@severka.test"]})
    dovecot.deliver("pre-alias", make.raw("Jana <jana@severka.test>"))
    dovecot.deliver("pre-alias", make.raw("Ana <ana.k@severka.test>"))

    found = scanned("pre-alias")

    assert list(found.contacts) == ["jana@severka.test"]


def test_it_counts_what_would_come_and_names_who_would_be_met(scanned, dovecot):
    for n in range(3):
        at = make.NOW - timedelta(days=100 * n)
        dovecot.deliver("pre1", make.raw(subject=f"Matter {n}", at=at), at=at)
    dovecot.deliver("pre1", make.raw("Ana <ana@halden.test>", "Petr <petr@severka.test>"), "Sent")
    dovecot.deliver("pre1", make.raw("News <news@severka.test>", List_Unsubscribe="<mailto:x@y>"))
    dovecot.deliver("pre1", make.raw("Win <win@spam.test>"), "Junk")

    found = scanned("pre1")

    assert (found.total, found.messages, found.automatic, found.whole) == (5, 5, 1, True)
    assert {m.email: (m.name, m.messages) for m in found.contacts.values()} == {
        "jana@severka.test": ("Jana", 3),
        "petr@severka.test": ("Petr", 1),
    }
    assert found.left_out["Junk"] == ("spam", 1)
    assert found.left_out["Trash"] == ("trash", 0)
    assert found.skipped == {"spam": 1}
    assert found.oldest == make.NOW - timedelta(days=200)


def test_the_address_that_is_not_connected_yet_is_ours_already(scanned, dovecot):
    dovecot.deliver("pre2", make.raw("Bo <bo@halden.test>", "ana@halden.test"))

    found = scanned("pre2")

    assert (found.internal, found.contacts) == (1, {})


def test_a_taste_looks_at_the_newest_and_the_first_and_counts_the_rest(scanned, dovecot):
    for n in range(9):
        at = make.NOW - timedelta(days=n)
        dovecot.deliver("pre3", make.raw(f"p{n}@severka.test"), at=at)
    whole = scanned("pre3")

    found = scanned("pre3", Taste(messages=3))

    assert (found.total, found.messages, found.whole) == (9, 4, False)
    assert (found.oldest, found.newest) == (whole.oldest, whole.newest)
    assert len(found.contacts) == 4


def test_a_taste_ends_when_its_time_is_up_and_the_counts_are_whole(scanned, dovecot):
    dovecot.deliver("pre4", make.raw())

    found = scanned("pre4", Taste(seconds=0))

    assert (found.total, found.messages, found.whole) == (1, 0, False)


def test_folders_that_there_is_no_time_for_are_named(scanned, dovecot):
    dovecot.deliver("pre5", make.raw())
    dovecot.create("pre5", "Work")
    everything = scanned("pre5")

    found = scanned("pre5", Taste(counting=-1))

    assert "Work" in found.unasked
    assert (set(found.unasked), found.total, found.whole) == (set(everything.folders), 0, False)


def test_a_server_that_takes_all_the_time_there_is_is_left(scanned, dovecot):
    dovecot.deliver("pre6", make.raw())

    with pytest.raises(SourceUnavailableError, match="takes too long"):
        scanned("pre6", Taste(longest=0))


def test_where_the_time_ends_while_headers_come_what_was_counted_is_told(
    scanned, dovecot, monkeypatch
):
    dovecot.deliver("pre7", make.raw())

    def slowly(*_args):
        raise SourceUnavailableError("it takes too long over its answer")

    monkeypatch.setattr(previewing, "_look", slowly)

    found = scanned("pre7", Taste(seconds=0.000_001))

    assert (found.total, found.messages) == (1, 0)
    with pytest.raises(SourceUnavailableError):
        scanned("pre7", Taste(seconds=60))
