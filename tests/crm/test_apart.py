"""Two workspaces with the same people and the same mail never see each other.

Every public function of crm that reads for a viewer, a user or a workspace is called, generated
from the modules themselves: a new one is called too, or has to be named among those that write.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy
from sqlalchemy import make_url

import crm
from crm.base import bulk, db, ids
from crm.base.addresses import Address
from crm.base.db import Base, Session
from crm.base.errors import CRMError
from crm.base.events import EventKind, Happened
from crm.base.money import Money
from crm.base.settings import Settings
from crm.base.vault import Vault, make_key
from crm.filing import linking, suggestions
from crm.mail import awaited, folders, messages, outgoing, stretches, visibility
from crm.mail.draft import Draft
from crm.mail.letter import Arrival, Unreadable
from crm.mail.meaning import Meaning
from crm.mail.models import BounceRow, Mailbox, Message
from crm.migrations.tables import metadata
from crm.people import contacts
from crm.people.models import DetailKind
from crm.sales import deals
from crm.sales.models import Deal
from crm.segments import listing, views
from crm.segments.listing import Asked
from crm.work import links, notes, objects, relations, tasks
from crm.work.models import Record
from crm.workspace import fields as record_fields
from crm.workspace import object_types, roles, sign_ins, tags, teams
from crm.workspace.changing import How
from crm.workspace.fields import FieldType
from crm.workspace.models import AuditEntry, User, UserRole
from crm.workspace.permissions import ROLES, Deed
from tests import make
from tests.conftest import Cluster
from tests.crm.filing.telling import suggest

#: Functions that write, or stand below what reads for somebody.
WRITES = {
    "crm.base.bulk.insert",
    "crm.base.db.enter",
    "crm.base.directory.add",
    "crm.base.directory.claim",
    "crm.base.directory.remove",
    "crm.base.directory.remove_hashed",
    "crm.base.events.append",
    "crm.filing.bouncing.write",
    "crm.filing.by_hand.choose_shares",
    "crm.filing.doubting.settle",
    "crm.filing.doubting.trust",
    "crm.filing.copy_rows.forget_raw",
    "crm.filing.copy_rows.insert_raw",
    "crm.filing.known.lock",
    "crm.filing.known.mention",
    "crm.mail.sealing.renew",
    "crm.work.timeline.forget",
    "crm.filing.linking.link",
    "crm.filing.linking.link_threads",
    "crm.filing.linking.share",
    "crm.filing.linking.unfile",
    "crm.filing.linking.unlink_thread",
    "crm.filing.refusing.relink",
    "crm.filing.refusing.unlink",
    "crm.filing.sharing.tell",
    "crm.filing.meeting_rows.stand",
    "crm.filing.meeting.meet",
    "crm.filing.meeting.touch_contacts",
    "crm.filing.pulling.pull_in",
    "crm.filing.message_rows.add_blind",
    "crm.filing.recognising.recognise",
    "crm.filing.recognising.recognise_quicker",
    "crm.filing.suggestions.ignore",
    "crm.filing.suggestions.suggest_again",
    "crm.filing.suggestions.undo",
    "crm.filing.suggestions.use",
    "crm.filing.thread_rows.write_inbox",
    "crm.filing.thread_rows.write_threads",
    "crm.mail.copies.ask_again",
    "crm.mail.inbox.choose_shares",
    "crm.mail.pushed.call",
    "crm.mail.telling.claim",
    "crm.mail.telling.put_back",
    "crm.mail.watched.call",
    "crm.mail.stretches.claim",
    "crm.mail.outbox.claim",
    "crm.sales.pipelines.add_first",
    "crm.workspace.password_links.end",
    "crm.workspace.password_links.use",
    "crm.workspace.sign_ins.begin",
    "crm.workspace.sign_ins.end_all",
    "crm.workspace.sign_ins.end_one",
    "crm.workspace.subjects.bind",
    "crm.workspace.subjects.unbind",
    "crm.workspace.users.add",
    "crm.workspace.users.hold",
    "crm.segments.terms.of",
    "crm.workspace.tags.resolve",
    "crm.work.records.check",
    "crm.workspace.reaching.check",
    "crm.workspace.reaching.owners",
    "crm.workspace.reaching.reaches",
    "crm.workspace.reaching.within",
}
FOR_SOMEBODY = {"viewer", "user", "workspace_id"}
#: Parameters that mean the same thing in both workspaces.
TEXTS = {"name", "email", "emails", "words", "refs", "address"}


def readers() -> Iterator[tuple[str, Callable[..., Any]]]:
    for info in pkgutil.walk_packages(crm.__path__, "crm."):
        if info.name.startswith("crm.migrations"):
            continue
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != info.name or name.startswith("_"):
                continue
            names = list(inspect.signature(function).parameters)
            if names[:1] == ["session"] and FOR_SOMEBODY & set(names) and "by" not in names:
                yield f"{info.name}.{name}", function


READERS = {name: function for name, function in readers() if name not in WRITES}


def furnish(session: Session, name: str) -> User:
    """Found a workspace with the same people and the same mail as every other."""
    ana = make.user(session, make.workspace(session, name), "ana@halden.test", role="admin")
    sign_ins.begin(session, ana, agent="", at=make.NOW)
    box = make.mailbox(session, ana, secret=Vault([make_key()]).seal("lost"), kind="gmail")
    broken = Unreadable(b"d" * 32, b"raw", "too deep", 3)
    ours = make.raw("ana@halden.test", "jana@severka.test", message_id="ours@halden.test")
    later = make.NOW + timedelta(hours=1)
    back = make.bounce("jana@severka.test", about="ours@halden.test", at=later)
    meant = Meaning(forward=make.forward(), meetings=(make.meeting(),), returns_on=date(2029, 1, 1))
    letter = make.raw("Jana <jana@severka.test>", message_id="same@severka.test", text="steel")
    more = make.raw("Jana <jana@severka.test>", message_id="more@severka.test", text="wood")
    arrivals = [make.arrival(letter, uid=1, meaning=meant), Arrival(2, broken, make.NOW)]
    arrivals += [make.arrival(more, uid=3), replace(make.arrival(ours), labels=("SENT",)), back]
    message_id, *_more, bounce = make.filed_arrivals(session, box, arrivals).new
    for of, position, about in ((bounce, 1, message_id), (message_id, 0, None)):
        session.add(
            BounceRow(
                workspace_id=ana.workspace_id,
                message_id=of,
                position=position,
                recipient="ana@halden.test",
                status="",
                diagnostic="",
                about_id=about,
            )
        )
    stretches.cut(session, make.folder(session, box), [stretches.Piece(n, n, 0) for n in (1, 2)])
    todo = stretches.unfinished(session, ana.workspace_id, box.id)
    stretches.claim(session, ana.workspace_id, todo[0])
    inbox = make.folder(session, box)
    awaited.single_out(session, inbox, 7, way=0, at_once=1)
    jana = contacts.get_named(session, ana, "jana@severka.test")
    message = session.get_one(Message, (ana.workspace_id, message_id))
    message.means += " returned"
    suggest(session, box, message)
    suggest(session, box, message, "Director")
    director = suggestions.key_of(DetailKind.TITLE, "Director")
    viewer = visibility.viewer(session, ana)
    suggestions.ignore(session, viewer, jana, director, at=make.NOW)
    notes.write(session, "Hello", by=ana, at=make.NOW, on=[(Record.CONTACT, jana.id)])
    deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)
    deals.make(session, "Idle", Money(100, "EUR"), by=ana, at=make.NOW)
    deals.add_contact(session, deal, jana.id, by=ana)
    deals.link_thread(session, deal, message.thread_id, by=ana, at=make.NOW)
    linking.link_threads(session, ana.workspace_id, [message.thread_id], since=make.NOW)
    about = tasks.About(jana.id, deal.id, message.thread_id, message_id)
    due_on = make.NOW.date() - timedelta(days=1)
    tasks.make(session, "Call", by=ana, at=make.NOW, about=about, due_on=due_on)
    links.take_off(session, message_id, Record.DEAL, deal.id, by=ana, at=make.NOW)
    seen = messages.get(session, visibility.viewer(session, ana), message_id)
    draft = Draft("", Address(box.address), (Address("jana@severka.test"),), "Re", "Yes", make.NOW)
    made = outgoing.write(session, box, draft, answers=seen, by=ana, at=make.NOW)
    made.message_id, made.state = message_id, "failed"
    sent = outgoing.write(session, box, draft, answers=seen, by=ana, at=make.NOW)
    sent.message_id, sent.state, sent.rfc_id = message_id, "sent", message.rfc_id
    sent.dated_at = jana.last_out_at = make.NOW
    box.state = "needs_login"
    roles.make(session, "Guest", ROLES[UserRole.READER], by=ana, at=make.NOW)
    team = teams.make(session, "North", by=ana, at=make.NOW)
    teams.add(session, team, ana.id, by=ana, at=make.NOW)
    tags.put(session, "contact", [jana.id], "Expo", by=ana, at=make.NOW)
    size = record_fields.Draft("Size", FieldType.NUMBER)
    record_fields.add(session, "contact", size, standard=(), by=ana, at=make.NOW)
    contacts.change(session, jana, {"size": ["12"]}, How(ana, make.NOW))
    machines = object_types.make(session, "Machine", "Machines", by=ana, at=make.NOW)
    press = objects.make(session, machines, "Press", by=ana, at=make.NOW)
    session.flush()
    relations.relate(session, jana.id, press.id, by=ana, at=make.NOW)
    sort = listing.sort_of(session, ana, "contact", at=make.NOW)
    views.save(session, sort, "Big ones", Asked("size > 3"), by=ana, at=make.NOW)
    choice = "update inbox_thread set shares = 2 where workspace_id = %s"
    bulk.run(session, choice, (ana.workspace_id,))
    session.flush()
    return ana


class Things:
    """What functions may be asked about, by the names of their parameters."""

    def __init__(self, session: Session, user: User) -> None:
        def one(model: type[Base], what: str = "id") -> Any:
            column = model.__table__.c
            query = sqlalchemy.select(column[what]).where(column.workspace_id == user.workspace_id)
            first = query.order_by(column.id) if "id" in column else query
            return session.scalars(first.limit(1)).one()

        models = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
        thread_id = one(Message, "thread_id")
        self.mailbox = session.scalars(
            sqlalchemy.select(Mailbox).where(Mailbox.workspace_id == user.workspace_id)
        ).one()
        viewer = visibility.viewer(session, user)
        seen = messages.get(session, viewer, one(Message))
        ref = one(Message, "ref")
        self.somebody = {
            "viewer": viewer,
            "user": user,
            "workspace_id": user.workspace_id,
        }
        deal = session.scalars(
            sqlalchemy.select(Deal).where(
                Deal.workspace_id == user.workspace_id, Deal.name == "Steel"
            )
        ).one()
        self.object_id = one(models["ObjectRecord"])
        self.things: dict[str, Any] = {
            "contact_id": one(models["Contact"]),
            "contact_ids": [one(models["Contact"])],
            "thread_id": thread_id,
            "thread_ids": [thread_id],
            "message_id": seen.message.id,
            "message_ids": [seen.message.id],
            "record_id": one(models["Contact"]),
            "record_ids": [one(models["Contact"])],
            "deal_id": deal.id,
            "deal_ids": [deal.id],
            "deal": deal,
            "contact": contacts.get_named(session, user, "jana@severka.test"),
            "key": suggestions.key_of(DetailKind.TITLE, "Head of Sales"),
            "task_id": one(models["Task"]),
            "stage_id": one(models["Stage"]),
            "pipeline_id": one(models["Pipeline"]),
            "user_id": user.id,
            "mailbox_id": self.mailbox.id,
            "folder_id": one(models["Folder"]),
            "outgoing_id": one(models["Outgoing"]),
            "form": one(models["Outgoing"]),
            "folder": folders.of_mailbox(session, self.mailbox)["INBOX"],
            "seen": seen,
            "refs": [ref],
            "longest": 1000,
            "emails": ["jana@severka.test"],
            "email": "jana@severka.test",
            "address": "ana@halden.test",
            "authors": ["ana@halden.test"],
            "moments": [make.NOW],
            "author": "jana@severka.test",
            "moment": make.NOW,
            "until": date(2030, 1, 1),
            "at": make.NOW,
            "words": "steel",
            "record": Record.CONTACT,
            "uids": [1, 2],
            "uid": 1,
            "today": make.NOW.date(),
            "stretch_id": one(models["StretchRow"]),
            "vault": Vault([make_key()]),
            "since": "1:1:",
            "act_id": one(AuditEntry, "act_id"),
            "tag_id": one(models["Tag"]),
            "team_id": one(models["Team"]),
            "field_id": one(models["CustomField"]),
            "company_id": one(models["Company"]),
            "company": session.get_one(
                models["Company"], (user.workspace_id, one(models["Company"]))
            ),
            "subject": "contact",
            "sort": listing.sort_of(session, user, "contact", at=make.NOW),
            "asked": Asked(),
            "filter_": "",
            "most": 1000,
            "columns": ("size",),
            "setting": listing.setting(session, user, at=make.NOW),
            "view_id": one(models["SavedView"]),
            "kind": session.get_one(
                models["ObjectType"], (user.workspace_id, one(models["ObjectType"]))
            ),
            "on": [(Record.CONTACT, one(models["Contact"]))],
            "deed": Deed.SEE,
            "owner_id": None,
            "happened": (Happened(EventKind.CHANGED, None, (thread_id,)),),
        }

    #: What a name is of differs by the module that is asked.
    NAMES: Mapping[str, str] = {
        "crm.mail.messages.named": "same@severka.test",
        "crm.people.contacts.get_named": "jana@severka.test",
        "crm.mail.mailboxes.get_named": "ana@halden.test",
        "crm.workspace.users.get_named": "ana@halden.test",
        "crm.workspace.users.find_by_email": "ana@halden.test",
        "crm.workspace.roles.get": "own_guest",
        "crm.workspace.object_types.get": "machine",
    }

    def call(self, name: str, session: Session, somebody: Mapping[str, Any]) -> Any:
        """Call a reader for somebody, about the things of this workspace."""
        values: dict[str, Any] = {"session": session}
        for parameter in inspect.signature(READERS[name]).parameters.values():
            if parameter.name in somebody:
                values[parameter.name] = somebody[parameter.name]
            elif parameter.name in ("name", "email", "key") and name in self.NAMES:
                values[parameter.name] = self.NAMES[name]
            elif parameter.name in self.things:
                values[parameter.name] = self.things[parameter.name]
            elif parameter.default is parameter.empty and parameter.name != "session":
                pytest.fail(f"{name} wants {parameter.name}: say here what that is")
        if name == "crm.work.objects.get":
            values["record_id"] = self.object_id
        try:
            with session.begin_nested():
                return READERS[name](**values)
        except CRMError:
            return None
        except sqlalchemy.exc.NoResultFound:
            return None


def ids_in(value: Any) -> set[UUID]:
    """Collect every id in an answer, however deep."""
    if isinstance(value, UUID):
        return {value}
    if isinstance(value, Base):
        loaded = sqlalchemy.inspect(value).dict
        return ids_in([v for k, v in loaded.items() if not k.startswith("_")])
    if is_dataclass(value) and not isinstance(value, type):
        return ids_in([getattr(value, field.name) for field in fields(value)])
    if isinstance(value, Mapping):
        return ids_in([*value.keys(), *value.values()])
    if isinstance(value, list | tuple | set | frozenset):
        return set().union(*map(ids_in, value))
    return set()


def is_nothing(value: Any) -> bool:
    """Tell whether an answer says nothing: None, nought, or nothing in anything."""
    if is_dataclass(value) and not isinstance(value, type):
        return all(is_nothing(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return all(map(is_nothing, value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_nothing, value))
    return not value


def everything_of(session: Session, workspace_id: UUID) -> set[UUID]:
    """Return every id that stands in any row of a workspace."""
    found = {workspace_id}
    for table in metadata.sorted_tables:
        if table.name in ("directory", "attempt", "workspace"):
            continue
        rows = session.execute(sqlalchemy.select(table).where(table.c.workspace_id == workspace_id))
        found |= {value for row in rows for value in row if isinstance(value, UUID)}
    return found - {ids.EVERYONE}


class Two:
    """Two workspaces that are alike: what is ours, and what is theirs."""

    def __init__(self) -> None:
        with db.transaction() as session:
            self.theirs = furnish(session, "Theirs").workspace_id
        with db.transaction() as session:
            self.ours = furnish(session, "Ours").workspace_id
        self.things, everything = {}, {}
        for workspace_id in (self.theirs, self.ours):
            with db.transaction(workspace_id) as session:
                user = session.scalars(sqlalchemy.select(User)).one()
                self.things[workspace_id] = Things(session, user)
                everything[workspace_id] = everything_of(session, workspace_id)
                session.expunge_all()
        #: Their ids. What stands for a Message-ID is the same wherever it stands.
        self.secret = everything[self.theirs] - everything[self.ours]

    def ask(self, where: UUID, about: UUID, as_: UUID) -> dict[str, Any]:
        """Call every reader in one workspace, about the things of one, as somebody of one."""
        with db.transaction(where) as session:
            things = self.things[about]
            somebody = self.things[as_].somebody
            return {name: things.call(name, session, somebody) for name in READERS}


@pytest.fixture
def two(house: Settings) -> Two:
    return Two()


def test_there_is_something_to_call() -> None:
    assert len(READERS) > 30
    assert WRITES - {name for name, _ in readers()} == set()


def test_each_sees_their_own_and_nothing_of_the_other(two: Two) -> None:
    said = two.ask(two.ours, two.ours, two.ours)

    assert {name for name, answer in said.items() if is_nothing(answer)} == set()
    assert {name for name, answer in said.items() if ids_in(answer) & two.secret} == set()


def test_asking_for_what_is_theirs_is_asking_for_what_is_not_there(two: Two) -> None:
    said = two.ask(two.ours, two.theirs, two.ours)

    assert {name for name, answer in said.items() if ids_in(answer) & two.secret} == set()
    by_id = {name for name in said if asks_by_id(name)}
    assert len(by_id) > 20
    assert {name for name in by_id if not is_nothing(said[name])} == set()


def asks_by_id(name: str) -> bool:
    names = set(inspect.signature(READERS[name]).parameters) - FOR_SOMEBODY
    things = {n for n in names if n.endswith(("_id", "_ids")) or n == "deal"}
    return bool(things) and not names & TEXTS


def test_the_policy_alone_keeps_them_apart(two: Two) -> None:
    said = two.ask(two.ours, two.theirs, two.theirs)

    known = ids_in(list(two.things[two.theirs].somebody.values()))
    told = {name for name, answer in said.items() if ids_in(answer) & (two.secret - known)}
    assert told == set()


def test_the_queries_alone_keep_them_apart(two: Two, house: Settings, cluster: Cluster) -> None:
    name = make_url(house.database_url).database
    admin = db.open_engine(
        make_url(db.normal_url(cluster.admin_url)).set(database=name).render_as_string(False)
    )
    db.bind(admin)

    said = two.ask(two.ours, two.theirs, two.ours)
    own = two.ask(two.ours, two.ours, two.ours)

    admin.dispose()
    assert {name for name, answer in said.items() if ids_in(answer) & two.secret} == set()
    assert {name for name, answer in own.items() if ids_in(answer) & two.secret} == set()
