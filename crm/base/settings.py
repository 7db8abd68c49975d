"""The settings, read once at a door and passed on. `.env.example` has a sentence for each."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from crm.base import addresses
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping


#: Where `inlay up` stands unless it is told otherwise.
DEFAULT_BASE_URL = "http://127.0.0.1:8025"
_API = "https://gmail.googleapis.com"
_IMAP = "imaps://imap.gmail.com:993"
_AUTH = "https://accounts.google.com/o/oauth2/v2/auth"
_TOKENS_AT = "https://oauth2.googleapis.com/token"
_REVOKE = "https://oauth2.googleapis.com/revoke"
_CERTS = "https://www.googleapis.com/oauth2/v1/certs"
_ISSUER = "https://accounts.google.com"
_LETTER_LIMIT = 10_000_000
#: What Gmail allows in a minute since May 2026, and what a letter costs of it. Projects of before
#: have 15,000 for each user, and pay 5.
_UNITS, _PROJECT_UNITS, _LETTER_UNITS = 6_000, 1_200_000, 20
#: As hexadecimal digits, the least that anybody writes a key with, these are 128 bits.
SHORTEST_KEY = 32
_MOST_HOPS = 10
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_REDIS = ("redis", "rediss", "unix")
_SMTP = ("smtps", "smtp")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a door needs to know of its surroundings. Empty strings stand for what is unset."""

    data_dir: Path
    database_url: str = field(default="", repr=False)
    database_owner_url: str = field(default="", repr=False)
    database_scheduler_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    vault_keys: tuple[str, ...] = field(default=(), repr=False)
    base_url: str = DEFAULT_BASE_URL
    addon_url: str = ""
    addon_service_account: str = ""
    google_client_id: str = ""
    google_client_secret: str = field(default="", repr=False)
    google_api_url: str = _API
    google_imap_url: str = _IMAP
    google_auth_url: str = _AUTH
    google_token_url: str = _TOKENS_AT
    google_revoke_url: str = _REVOKE
    google_pubsub_topic: str = ""
    google_pubsub_subscription: str = ""
    google_pubsub_service_account: str = ""
    google_pubsub_audience: str = ""
    google_units_per_user: int = _UNITS
    google_units_per_project: int = _PROJECT_UNITS
    google_units_per_letter: int = _LETTER_UNITS
    notices_smtp_url: str = field(default="", repr=False)
    notices_from: str = ""
    google_certs_url: str = _CERTS
    google_issuer: str = _ISSUER
    letter_limit: int = _LETTER_LIMIT
    allow_plain_imap: bool = False
    proxy_hops: int = 0
    allow_private_imap: bool = False

    @property
    def addon_base(self) -> str:
        """Return the address below which the add-on's functions lie."""
        return (self.addon_url or f"{self.base_url}/addon").rstrip("/")

    @property
    def push_url(self) -> str:
        """Return the address to which Google pushes: by the settings, whatever a request says."""
        return f"{self.base_url}/push/gmail"

    @property
    def push_audience(self) -> str:
        """Return what a push's token has to be made out to."""
        return self.google_pubsub_audience or self.push_url

    @property
    def takes_pushes(self) -> bool:
        """Tell whether Gmail is asked to push: to whom, and by whom a push is let in, is known."""
        known = self.google_pubsub_subscription and self.google_pubsub_service_account
        return bool(self.google_pubsub_topic and known)

    @property
    def tells(self) -> bool:
        """Tell whether owners are told by mail: by which server, and from whom, is known."""
        return bool(self.notices_smtp_url and self.notices_from)


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment. Raises InvalidError on what cannot be one."""
    env = os.environ if environ is None else environ
    return Settings(
        data_dir=_folder(env, "DATA_DIR"),
        database_url=_address(env, "DATABASE_URL", _POSTGRESQL),
        database_owner_url=_address(env, "DATABASE_OWNER_URL", _POSTGRESQL),
        database_scheduler_url=_address(env, "DATABASE_SCHEDULER_URL", _POSTGRESQL),
        redis_url=_address(env, "REDIS_URL", _REDIS),
        secret_key=_key(env, "SECRET_KEY"),
        vault_keys=split_keys(env.get("VAULT_KEYS", "")),
        base_url=_page(env, "BASE_URL", DEFAULT_BASE_URL).rstrip("/"),
        addon_url=env.get("ADDON_URL", ""),
        addon_service_account=env.get("ADDON_SERVICE_ACCOUNT", ""),
        google_client_id=env.get("GOOGLE_CLIENT_ID", ""),
        google_client_secret=env.get("GOOGLE_CLIENT_SECRET", ""),
        google_api_url=env.get("GOOGLE_API_URL", _API).rstrip("/"),
        google_imap_url=_imap(env, "GOOGLE_IMAP_URL", _IMAP),
        google_auth_url=env.get("GOOGLE_AUTH_URL", _AUTH),
        google_token_url=env.get("GOOGLE_TOKEN_URL", _TOKENS_AT),
        google_revoke_url=env.get("GOOGLE_REVOKE_URL", _REVOKE),
        google_pubsub_topic=env.get("GOOGLE_PUBSUB_TOPIC", "").strip(),
        google_pubsub_subscription=env.get("GOOGLE_PUBSUB_SUBSCRIPTION", "").strip(),
        google_pubsub_service_account=env.get("GOOGLE_PUBSUB_SERVICE_ACCOUNT", "").strip(),
        google_pubsub_audience=env.get("GOOGLE_PUBSUB_AUDIENCE", "").strip(),
        google_units_per_user=_number(env, "GOOGLE_UNITS_PER_USER", _UNITS),
        google_units_per_project=_number(env, "GOOGLE_UNITS_PER_PROJECT", _PROJECT_UNITS),
        google_units_per_letter=_number(env, "GOOGLE_UNITS_PER_LETTER", _LETTER_UNITS),
        notices_smtp_url=_address(env, "NOTICES_SMTP_URL", _SMTP),
        notices_from=_sender(env, "NOTICES_FROM"),
        google_certs_url=env.get("GOOGLE_CERTS_URL", _CERTS),
        google_issuer=env.get("GOOGLE_ISSUER", _ISSUER),
        letter_limit=_number(env, "LETTER_LIMIT", _LETTER_LIMIT),
        allow_plain_imap=_switch(env, "ALLOW_PLAIN_IMAP"),
        proxy_hops=_hops(env, "PROXY_HOPS"),
        allow_private_imap=_switch(env, "ALLOW_PRIVATE_IMAP"),
    )


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a list, with commas, blanks or lines between them."""
    return tuple(text.replace(",", " ").split())


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which a child process reads these same settings.

    The owner's address stays here: no child migrates.
    """
    return os.environ | {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": "",
        "DATABASE_SCHEDULER_URL": settings.database_scheduler_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "VAULT_KEYS": ",".join(settings.vault_keys),
        "BASE_URL": settings.base_url,
        "GOOGLE_CLIENT_ID": settings.google_client_id,
        "GOOGLE_CLIENT_SECRET": settings.google_client_secret,
        "GOOGLE_API_URL": settings.google_api_url,
        "GOOGLE_AUTH_URL": settings.google_auth_url,
        "GOOGLE_TOKEN_URL": settings.google_token_url,
        "GOOGLE_REVOKE_URL": settings.google_revoke_url,
        "GOOGLE_IMAP_URL": settings.google_imap_url,
        "GOOGLE_PUBSUB_TOPIC": settings.google_pubsub_topic,
        "GOOGLE_PUBSUB_SUBSCRIPTION": settings.google_pubsub_subscription,
        "GOOGLE_PUBSUB_SERVICE_ACCOUNT": settings.google_pubsub_service_account,
        "GOOGLE_PUBSUB_AUDIENCE": settings.google_pubsub_audience,
        "NOTICES_SMTP_URL": settings.notices_smtp_url,
        "NOTICES_FROM": settings.notices_from,
        "GOOGLE_CERTS_URL": settings.google_certs_url,
        "GOOGLE_UNITS_PER_USER": str(settings.google_units_per_user),
    }


#: Controls, and the bytes of a name that is not in UTF-8.
_UNTELLABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def default_data_dir() -> str:
    """Return where state lives unless DATA_DIR says otherwise."""
    if os.geteuid() == 0:
        return "/var/lib/inlay"
    return str(Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "inlay")


def _folder(env: Mapping[str, str], name: str) -> Path:
    """Return where state lives. Some programs cannot be told names that nobody can read."""
    try:
        text = env.get(name) or default_data_dir()
        if _UNTELLABLE.search(text):
            problem = _("{name} holds a control character, or is not in UTF-8. Choose another.")
            raise InvalidError(problem.format(name=name))
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        problem = _("{name} begins with the home of somebody who has none here. Choose another.")
        raise InvalidError(problem.format(name=name)) from error


def _address(env: Mapping[str, str], name: str, kinds: tuple[str, ...]) -> str:
    """Return a server's address. What is refused is not repeated: it may hold a password."""
    text = env.get(name, "")
    if not text:
        return ""
    try:
        parts = make_url(text)
        fits = parts.drivername in kinds and (parts.port is None or 0 < parts.port < 1 << 16)
        # A password of PostgreSQL ends at the first @, for SQLAlchemy as for libpq: its end would
        # be named as the server that is not found. Of Redis it ends at the last (redis-py).
        fits = fits and not (kinds is _POSTGRESQL and "@" in (parts.host or ""))
    except (ArgumentError, ValueError):
        fits = False
    if not fits:
        problem = _(
            "{name} is no address of a server. It looks like"
            " {kind}://USER:PASSWORD@HOST:PORT/NAME, and @ / : in a password are %40 %2F %3A."
        )
        raise InvalidError(problem.format(name=name, kind=kinds[0]))
    return text


def _page(env: Mapping[str, str], name: str, default: str) -> str:
    """Return an address that a browser can go to."""
    text = env.get(name, "").strip() or default
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        fits = fits and not (parts.query or parts.fragment or "@" in parts.netloc or " " in text)
    except ValueError:
        fits = False
    if not fits or not text.isprintable():
        problem = _("{name} is no address of a web page. It looks like https://crm.example.com.")
        raise InvalidError(problem.format(name=name))
    return text


def _imap(env: Mapping[str, str], name: str, default: str) -> str:
    """Return the address of a server of IMAP (RFC 5092): with TLS, or without on this machine."""
    text = env.get(name, "").strip() or default
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("imap", "imaps") and bool(parts.hostname) and parts.port != 0
        fits = fits and parts.path in ("", "/") and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or not text.isprintable():
        problem = _("{name} is no address of an IMAP server. It looks like {like}.")
        raise InvalidError(problem.format(name=name, like=_IMAP))
    return text.rstrip("/")


def _sender(env: Mapping[str, str], name: str) -> str:
    """Return the address that mail of ours is from."""
    text = env.get(name, "").strip()
    found = addresses.parse(text)
    if text and found is None:
        problem = _("{name} is no mail address. It looks like crm@example.com.")
        raise InvalidError(problem.format(name=name))
    return found.email if found is not None else ""


def _key(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "")
    if text and len(text) < SHORTEST_KEY:
        problem = _(
            "{name} is too short: it has to have {least} characters or more. Where it is not set, a"
            " key is made into DATA_DIR/keys."
        )
        raise InvalidError(problem.format(name=name, least=SHORTEST_KEY))
    return text


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) <= 0:
        raise InvalidError(f"{name} is a whole number above 0, and {text!r} is none.")
    return int(text)


def _hops(env: Mapping[str, str], name: str) -> int:
    text = env.get(name, "") or "0"
    if not text.isdecimal() or int(text) > _MOST_HOPS:
        raise InvalidError(f"{name} is a number from 0 to {_MOST_HOPS}, and {text!r} is none.")
    return int(text)


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").lower()
    if text not in ("", "0", "1", "no", "yes", "false", "true"):
        raise InvalidError(f"{name} is yes or no, and {text!r} is neither.")
    return text in ("1", "yes", "true")
