"""The keys that are made into DATA_DIR where the environment names none."""

from __future__ import annotations

import dataclasses
import os
import secrets as _secrets
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.settings import SHORTEST_KEY, split_keys
from crm.base.vault import make_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.base.settings import Settings

    _Make = Callable[[], str]


def complete(settings: Settings) -> Settings:
    """Return the settings with every key: from the environment, or from DATA_DIR (0600)."""
    return _filled(settings, partial(_secrets.token_urlsafe, 48), make_key)


def find(settings: Settings) -> Settings:
    """Return the settings with every key that there is, and make none."""
    return _filled(settings, None, None)


def _filled(settings: Settings, make_secret: _Make | None, make_vault: _Make | None) -> Settings:
    folder = settings.data_dir / "keys"
    try:
        secret = settings.secret_key or _kept_key(folder / "secret_key", make_secret)
        vault = settings.vault_keys or _kept_keys(folder / "vault_keys", make_vault)
    except OSError as error:
        problem = _("DATA_DIR {folder} cannot be used: {trouble}. Choose another.")
        words = problem.format(folder=settings.data_dir, trouble=error.strerror)
        raise InvalidError(words) from error
    return dataclasses.replace(settings, secret_key=secret, vault_keys=vault)


def _kept_key(path: Path, make: _Make | None) -> str:
    """Return the one key that a file keeps, "" without a file; refuse one that is none."""
    found = _kept(path, make)
    if found is None:
        return ""
    if len(found) < SHORTEST_KEY:
        problem = _(
            "{file} is empty or too short: a key has {least} characters or more. Put it back from a"
            " backup; or remove the file, and a new key is made: pages that are open then have to"
            " be loaded again."
        )
        raise InvalidError(problem.format(file=path, least=SHORTEST_KEY))
    return found


def _kept_keys(path: Path, make: _Make | None) -> tuple[str, ...]:
    """Return the keys that a file keeps, () without a file; refuse a file of none."""
    text = _kept(path, make)
    if text is None:
        return ()
    found = split_keys(text)
    if not found:
        problem = _(
            "{file} holds no key. Put it back from a backup: without it no mailbox's password is"
            " opened. Where there is no mailbox yet, remove the file, and a new key is made."
        )
        raise InvalidError(problem.format(file=path))
    return found


def _kept(path: Path, make: _Make | None) -> str | None:
    """Return what a file keeps, made at the first call; two processes at once get the same.

    Without a way to make it, nothing is made: None.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        if make is None:
            return None
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)  # For its owner alone.
    with os.fdopen(opened, "w") as file:
        file.write(make() + "\n")
        file.flush()
        os.fsync(file.fileno())  # A power cut leaves no empty key behind.
    draft = Path(made)
    try:
        path.hardlink_to(draft)  # Fails when another process was first.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except PermissionError as error:
        problem = _(
            "{file} cannot be read: {trouble}. Run this as the user whom it belongs to, or give it"
            " to the one who runs Inlay."
        )
        raise InvalidError(problem.format(file=path, trouble=error.strerror)) from error
    except UnicodeDecodeError as error:
        problem = _("{file} is no text, and so no key. Put it back from a backup.")
        raise InvalidError(problem.format(file=path)) from error
