"""Secrets come under the first key, and nothing else about their mailboxes changes."""

from __future__ import annotations

from sqlalchemy import LargeBinary

from crm.base.vault import Vault, make_key
from crm.mail import sealing
from crm.mail.models import Mailbox
from crm.migrations.tables import metadata
from tests import make
from tests.rows import changed, checksums

OLD, NEW = make_key(), make_key()

#: Bytes that nobody sealed: hashes, and letters as they came.
NOT_SECRETS = {
    "attempt.key",
    "copy.digest",
    "copy.headprint",
    "directory.key",
    "message.fingerprint",
    "outgoing_file.body",
    "password_link.token",
    "raw_letter.body",
    "raw_letter.digest",
    "sign_in.token",
    "user.google_key",
}


def boxes(session, ana, *secrets):
    made = [make.mailbox(session, ana, f"box{i}@halden.test") for i, _ in enumerate(secrets)]
    for box, secret in zip(made, secrets, strict=True):
        box.secret = secret
    session.flush()
    return made


def test_a_secret_under_an_old_key_comes_under_the_first(session, ana):
    before, both = Vault([OLD]), Vault([NEW, OLD])
    old, new, none = boxes(session, ana, before.seal("åne"), both.seal("two"), None)
    kept = new.secret

    sealed = sealing.renew(session, ana.workspace_id, both)

    assert sealed == sealing.Sealed(count=2, renewed=1, key_missing=())
    session.expire_all()
    assert Vault([NEW]).open(old.secret) == "åne"
    assert (new.secret, none.secret) == (kept, None)


def test_twice_is_once(session, ana):
    boxes(session, ana, Vault([OLD]).seal("one"))
    sealing.renew(session, ana.workspace_id, Vault([NEW, OLD]))
    session.commit()
    before = checksums(session, ana.workspace_id)

    again = sealing.renew(session, ana.workspace_id, Vault([NEW, OLD]))

    assert again == sealing.Sealed(count=1, renewed=0, key_missing=())
    assert changed(before, checksums(session, ana.workspace_id)) == []


def test_what_no_key_opens_is_named_and_the_others_are_renewed(session, ana):
    lost, found = boxes(session, ana, Vault([make_key()]).seal("x"), Vault([OLD]).seal("y"))
    shut = lost.secret

    sealed = sealing.renew(session, ana.workspace_id, Vault([NEW, OLD]))

    assert sealed == sealing.Sealed(count=2, renewed=1, key_missing=("box0@halden.test",))
    assert lost.secret == shut
    assert Vault([NEW]).open(found.secret) == "y"


def test_no_other_column_holds_what_is_sealed():
    """Whoever adds one lets it be renewed too, or says here that it is no secret."""
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }

    assert columns == NOT_SECRETS | {f"{Mailbox.__tablename__}.secret"}


def test_what_no_key_opens_is_named(session, ana):
    make.mailbox(session, ana, "open@halden.test", secret=Vault([NEW]).seal("one"))
    make.mailbox(session, ana, "shut@halden.test", secret=Vault([OLD]).seal("other"))
    make.mailbox(session, ana, "none@halden.test")

    assert sealing.key_missing(session, ana.workspace_id, Vault([NEW])) == ["shut@halden.test"]
    assert sealing.key_missing(session, ana.workspace_id, Vault([NEW, OLD])) == []
