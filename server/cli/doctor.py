"""`inlay doctor`: what is wrong with the set-up, and how to mend it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
import redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crm.base import db, queues, settings
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.base.vault import Vault
from crm.mail import mailboxes, sealing
from crm.mail.models import MailboxState
from crm.migrations import upgrading
from crm.workspace import workspaces
from server import database
from server.cli import output
from server.embedded import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from crm.base.settings import Settings

_MAKES_TABLES = text("select has_schema_privilege('public', 'create')")
_LETTERS = text("select lower('ŘI') = 'ři' and show_trgm('Иван') <> '{}'")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, and if not, what to do."""

    what: str
    well: bool
    words: str = ""
    hint: str = ""


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
    try:
        with database.served(database.with_keys(read)) as complete:
            ready = yield from _examine_database(complete, own=not read.database_url)
            if read.database_url and read.database_owner_url:
                yield _of_owner(read)
            yield from _examine_queue(complete)
            if (yield from _examine_scheduler(complete, ready=ready)) and ready:
                yield from _examine_vault(complete)
                yield from _examine_mailboxes(complete)
    except (CRMError, EmbeddedError) as error:
        hint = getattr(error, "hint", "")
        yield Finding("servers", well=False, words=str(error), hint=hint)
    yield from _examine_addon(read)


def _examine_addon(read: Settings) -> Iterator[Finding]:
    """Tell what keeps Gmail out, where somebody has begun to let it in."""
    if not read.addon_service_account and not read.google_client_id and not read.addon_url:
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
        database.refuse_newer(at)
        ready = at == upgrading.newest()
        yield _of_revision(at, well=ready or own)
        if at is None:
            return ready
        database.refuse_harmful(engine)
        yield Finding("role", well=True, words=_("bound by every policy"))
        with engine.connect() as connection:
            letters = bool(connection.execute(_LETTERS).scalar_one())
        yield Finding(
            "letters",
            well=letters,
            words=_("Czech and Cyrillic are searched") if letters else _("search is blind to some"),
            hint="" if letters else _("The database needs lc_ctype C.UTF-8: docs/operating.md"),
        )
    except (SQLAlchemyError, CRMError) as error:
        swapped = isinstance(error, DBAPIError) and database.is_forbidden(error)
        hint = _("Use the role inlay_program in DATABASE_URL.") if swapped else ""
        yield Finding("database", well=False, words=_first_line(error), hint=hint)
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
    """Tell whether `inlay db upgrade` would get in, and might make tables."""
    engine = db.open_engine(read.database_owner_url, pool_size=1)
    try:
        with engine.connect() as connection:
            well = bool(connection.execute(_MAKES_TABLES).scalar_one())
    except SQLAlchemyError as error:
        return Finding("owner", well=False, words=_first_line(error))
    finally:
        engine.dispose()
    words = _("may make tables") if well else _("may make no tables")
    hint = "" if well else _("Use the role inlay_owner in DATABASE_OWNER_URL.")
    return Finding("owner", well=well, words=words, hint=hint)


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
        yield Finding("queue", well=False, words=words)


def _is_locked(redis_url: str) -> bool:
    """Tell whether the queue asks for more than an address; a user's name alone is no lock."""
    parts = urlsplit(redis_url)
    return parts.scheme == "unix" or bool(parts.password)


def _examine_scheduler(complete: Settings, *, ready: bool) -> Generator[Finding, None, bool]:
    """Tell whether the workspaces are found, in which all that follows is looked for."""
    try:
        database.refuse_without_scheduler(complete)
        database.refuse_blind(complete)
        words = _("will see every workspace")
        if ready:
            with database.scheduler(complete) as session:
                count = len(workspaces.everywhere(session))
            words = _("sees every workspace: {count}").format(count=count)
    except CRMError as error:
        hint = _("docs/operating.md makes the roles, and the addresses for your settings.")
        yield Finding("scheduler", well=False, words=str(error), hint=hint)
        return False
    except SQLAlchemyError as error:
        yield Finding("scheduler", well=False, words=_first_line(error))
        return False
    yield Finding("scheduler", well=True, words=words)
    return True


def _examine_vault(complete: Settings) -> Iterator[Finding]:
    """Tell whether the keys are keys, and open what was sealed."""
    try:
        vault = Vault(complete.vault_keys)
        with database.scheduler(complete) as session:
            everywhere = [one.id for one in workspaces.everywhere(session)]
            closed = [name for one in everywhere for name in sealing.locked(session, one, vault)]
    except CRMError as error:
        hint = _("Write the keys as `inlay vault key` makes them, with commas between them.")
        yield Finding("vault", well=False, words=str(error), hint=hint)
        return
    except SQLAlchemyError as error:
        yield Finding("vault", well=False, words=_first_line(error))
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
                    hint = f"inlay mailbox resume {box.address} --password-stdin"
                    needs = box.state == MailboxState.NEEDS_LOGIN
                    yield Finding(f"mailbox {box.address}", well, words, hint if needs else "")
    except SQLAlchemyError as error:
        yield Finding("mailboxes", well=False, words=_first_line(error))


def _first_line(error: Exception) -> str:
    """Return what somebody can read of an error, without the statement below it."""
    if isinstance(error, DBAPIError):
        return database.words_of(error)
    return str(error).splitlines()[0]
