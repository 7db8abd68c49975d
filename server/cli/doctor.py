"""`inlay doctor`: what is wrong with the set-up, and how to mend it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.base import clock, db, queues, settings
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.base.vault import Vault, make_key
from crm.mail import mailboxes, sealing
from crm.mail.models import MailboxState
from crm.migrations import upgrading
from crm.workspace import workspaces
from server import database, secrets
from server.cli import doctor_gmail, output
from server.cli.finding import Finding, failed, not_reached
from server.embedded import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from crm.base.settings import Settings

_MAKES_TABLES = text("select has_schema_privilege('public', 'create')")
#: Who has the rights of their owner may alter them; where there are none yet, everybody would.
_ALTERS_TABLES = text(
    "select coalesce((select pg_has_role(relowner, 'usage') from pg_class"
    " where oid = to_regclass('alembic_version')), true)"
)
_SCHEDULER = ("DATABASE_SCHEDULER_URL", "inlay_scheduler")
_LETTERS = text("select lower('ŘI') = 'ři' and show_trgm('Иван') <> '{}'")


@click.command(name="doctor")
@output.json_option
def command(as_json: bool) -> None:
    """Say what is wrong with the set-up, and how to mend it. Ends with 1 when something is."""
    findings = list(_examine(settings.read()))
    if as_json:
        keys = ("what", "well", "words", "hint")
        output.document({"findings": [{k: getattr(f, k) for k in keys} for f in findings]})
    else:
        for finding in findings:
            output.line(
                f"{_('well') if finding.well else _('WRONG')}  {finding.what}  {finding.words}"
            )
            if finding.hint:
                output.line(f"       {finding.hint}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


def _examine(read: Settings) -> Iterator[Finding]:
    keyed = yield from _examine_keys(read)
    try:
        with database.served(keyed or read) as complete:
            ready = yield from _examine_database(complete, own=not read.database_url)
            if read.database_url and read.database_owner_url:
                yield _of_owner(read)
            yield from _examine_queue(complete)
            if (yield from _examine_scheduler(complete, ready=ready)) and ready:
                if keyed is not None:
                    yield from _examine_vault(complete)
                yield from _examine_mailboxes(complete)
            yield from doctor_gmail.of_refusals(complete)
    except (CRMError, EmbeddedError) as error:
        hint = getattr(error, "hint", "")
        yield Finding("servers", well=False, words=str(error), hint=hint)
    yield from _examine_addon(read)
    yield from doctor_gmail.of_settings(read)


def _examine_keys(read: Settings) -> Generator[Finding, None, Settings | None]:
    """Tell whether the keys can be read, and return the settings with them. None is made."""
    try:
        keyed = secrets.find(read)
    except CRMError as error:
        yield Finding("keys", well=False, words=str(error))
        return None
    keys = {"SECRET_KEY": keyed.secret_key, "VAULT_KEYS": keyed.vault_keys}
    missing = [name for name, value in keys.items() if not value]
    words = _("there are all")
    if missing and not _is_writable(read.data_dir / "keys"):
        words = _("{names} are missing, and none can be made in {folder}").format(
            names=", ".join(missing), folder=read.data_dir / "keys"
        )
        hint = _("Choose another DATA_DIR, or set them.")
        yield Finding("keys", well=False, words=words, hint=hint)
        return keyed
    if missing:
        words = _("the next command makes {names} in {folder}").format(
            names=", ".join(missing), folder=read.data_dir / "keys"
        )
    yield Finding("keys", well=True, words=words)
    return keyed


def _is_writable(folder: Path) -> bool:
    """Tell whether a folder can be made where it is missing, and files in it; make none."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return os.access(there, os.W_OK | os.X_OK)


def _examine_addon(read: Settings) -> Iterator[Finding]:
    """Tell what keeps Gmail out, where somebody has begun to let it in.

    A client with its secret connects mailboxes, and says nothing of an add-on.
    """
    client_alone = read.google_client_id and not read.google_client_secret
    if not read.addon_service_account and not client_alone and not read.addon_url:
        return
    missing = [
        name
        for name, value in (
            ("ADDON_SERVICE_ACCOUNT", read.addon_service_account),
            ("GOOGLE_CLIENT_ID", read.google_client_id),
        )
        if not value
    ]
    hint = _("Set ADDON_URL, or BASE_URL, to an https address that Google can reach.")
    words = ""
    if not read.addon_base.startswith("https://"):
        said = _("Gmail does not call {url}: it is no https address.")
        words = said.format(url=read.addon_base)
    elif not read.base_url.startswith("https://"):
        said = _("What a card opens lies at {url}, which is no https address.")
        words = said.format(url=read.base_url)
        hint = _("Set BASE_URL to the https address at which people reach the web app.")
    elif missing:
        words = _("Every call of Gmail is refused: {names} is not set.").format(
            names=", ".join(missing)
        )
        hint = _("docs/connecting-gmail-addon.md says where both values come from.")
    well = _("Gmail may call {url}").format(url=read.addon_base)
    yield Finding("add-on", well=not words, words=words or well, hint=hint if words else "")


def _examine_database(complete: Settings, *, own: bool) -> Generator[Finding, None, bool]:
    """Tell whether the database is what we run on, and return whether it has all its tables."""
    engine = db.open_engine(complete.database_url, pool_size=1)
    ready = False
    try:
        at = upgrading.current(complete.database_url)
        database.refuse_unknown(at)
        ready = at == upgrading.newest()
        yield _of_revision(at, well=ready or own)
        if at is None:
            return ready
        with engine.connect() as connection:
            database.refuse_harmful(connection)
            yield Finding("role", well=True, words=_("bound by every policy"))
            letters = bool(connection.execute(_LETTERS).scalar_one())
        yield Finding(
            "letters",
            well=letters,
            words=_("Czech and Cyrillic are searched") if letters else _("search is blind to some"),
            hint="" if letters else _("The database needs lc_ctype C.UTF-8: docs/operating.md"),
        )
    except (SQLAlchemyError, CRMError) as error:
        yield failed("database", error, "DATABASE_URL", "inlay_program")
    finally:
        engine.dispose()
    return ready


def _of_revision(at: str | None, *, well: bool) -> Finding:
    """Tell of a revision that is ours or older; our own database leaves it by itself."""
    wanted = upgrading.newest()
    words = _("revision {at} of {wanted}").format(at=at or "-", wanted=wanted)
    if not well:
        hint = _("Run: {command}").format(command="inlay db upgrade")
        return Finding("database", well=False, words=words, hint=hint)
    if at != wanted:
        words = _("revision {at}: it comes to {wanted} with the next command").format(
            at=at or "-", wanted=wanted
        )
    return Finding("database", well=True, words=words)


def _of_owner(read: Settings) -> Finding:
    """Tell whether `inlay db upgrade` would get in at the right place, and may do its work."""
    engine = db.open_engine(read.database_owner_url, pool_size=1)
    try:
        with engine.connect() as connection:
            apart = _is_apart(read, connection)
            makes = bool(connection.execute(_MAKES_TABLES).scalar_one())
            alters = bool(connection.execute(_ALTERS_TABLES).scalar_one())
    except SQLAlchemyError as error:
        return failed("owner", error, "DATABASE_OWNER_URL", "inlay_owner")
    finally:
        engine.dispose()
    if apart:
        words = _("DATABASE_OWNER_URL leads to another database than DATABASE_URL")
        hint = _("Name the same server and the same database in both.")
        return Finding("owner", well=False, words=words, hint=hint)
    if makes and alters:
        return Finding("owner", well=True, words=_("may make tables"))
    words = _("does not own the tables") if makes else _("may make no tables")
    hint = _("Use the role inlay_owner in DATABASE_OWNER_URL.")
    return Finding("owner", well=False, words=words, hint=hint)


def _is_apart(read: Settings, other: Connection) -> bool:
    """Tell whether a connection leads elsewhere than DATABASE_URL, which may be away."""
    engine = db.open_engine(read.database_url, pool_size=1)
    try:
        with engine.connect() as program:
            return not database.is_same(program, other)
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def _examine_queue(complete: Settings) -> Iterator[Finding]:
    try:
        with queues.connect(complete.redis_url) as queue:
            queue.ping()
            safe = _is_locked(complete.redis_url)
        hint = "" if safe else _("Give it a password: redis://:PASSWORD@HOST:PORT")
        words = _("answers") if safe else _("answers anybody on the network: it has no password")
        yield Finding("queue", well=safe, words=words, hint=hint)
    except redis.AuthenticationError as error:
        words = _("answers, and does not take our password: {words}").format(words=error)
        hint = _("Set REDIS_URL with the password that it has: redis://:PASSWORD@HOST:PORT")
        yield Finding("queue", well=False, words=words, hint=hint)
    except (redis.RedisError, ValueError):
        words = _("does not answer: no mail comes in until it is back; nothing is lost")
        hint = not_reached("REDIS_URL")
        yield Finding("queue", well=False, words=words, hint=hint)


def _is_locked(redis_url: str) -> bool:
    """Tell whether the queue asks for more than an address; a user's name alone is no lock."""
    parts = urlsplit(redis_url)
    return parts.scheme == "unix" or bool(parts.password)


def _examine_scheduler(complete: Settings, *, ready: bool) -> Generator[Finding, None, bool]:
    """Tell whether the workspaces are found, in which all that follows is looked for."""
    try:
        database.refuse_without_scheduler(complete)
        words = _("will see every workspace")
        with database.scheduler(complete) as session:
            finder = session.connection()
            database.refuse_blind(finder, apart=_is_apart(complete, finder))
            if ready:
                count = len(workspaces.everywhere(session))
                words = _("sees every workspace: {count}").format(count=count)
    except CRMError as error:
        hint = _("docs/operating.md makes the roles, and the addresses for your settings.")
        yield Finding("scheduler", well=False, words=str(error), hint=hint)
        return False
    except SQLAlchemyError as error:
        yield failed("scheduler", error, *_SCHEDULER)
        return False
    yield Finding("scheduler", well=True, words=words)
    return True


def _examine_vault(complete: Settings) -> Iterator[Finding]:
    """Tell whether the keys are keys, and open what was sealed."""
    try:
        vault = Vault(complete.vault_keys or [make_key()])  # A new key opens nothing either.
        with database.scheduler(complete) as session:
            everywhere = [one.id for one in workspaces.everywhere(session)]
            closed = [
                name for one in everywhere for name in sealing.key_missing(session, one, vault)
            ]
    except CRMError as error:
        hint = _("Write the keys as `inlay vault key` makes them, with commas between them.")
        yield Finding("vault", well=False, words=str(error), hint=hint)
        return
    except SQLAlchemyError as error:
        yield failed("vault", error, *_SCHEDULER)
        return
    words, hint = _("every password opens"), ""
    if closed:
        words = _("no key in VAULT_KEYS opens the password of: {names}").format(
            names=", ".join(closed)
        )
        hint = _(
            "Put the key that sealed it behind the others. Where it is lost, give the password"
            " anew: inlay mailbox resume ADDRESS --password-stdin"
        )
    yield Finding("vault", well=not closed, words=words, hint=hint)


def _examine_mailboxes(complete: Settings) -> Iterator[Finding]:
    """Tell of each mailbox that does not come in, why."""
    try:
        with database.scheduler(complete) as session:
            for workspace in workspaces.everywhere(session):
                for box in mailboxes.everyone(session, workspace.id):
                    well = box.state not in (MailboxState.FAILING, MailboxState.NEEDS_LOGIN)
                    words = box.state if well else f"{box.trouble}: {box.last_error}"
                    needs = box.state == MailboxState.NEEDS_LOGIN
                    hint = doctor_gmail.way_in(complete, box) if needs else ""
                    yield Finding(f"mailbox {box.address}", well, words, hint)
                    yield from doctor_gmail.of_mailbox(complete, box, clock.now())
    except SQLAlchemyError as error:
        yield failed("mailboxes", error, *_SCHEDULER)
