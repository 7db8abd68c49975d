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
from crm.base.vault import make_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.base.settings import Settings


def complete(settings: Settings) -> Settings:
    """Return the settings with every key: from the environment, or from DATA_DIR (0600)."""
    folder = settings.data_dir / "keys"
    made = partial(_secrets.token_urlsafe, 48)
    try:
        secret = settings.secret_key or _kept(folder, "secret_key", made)
        vault = settings.vault_keys or tuple(_kept(folder, "vault_keys", make_key).split(","))
    except OSError as error:
        problem = _("DATA_DIR {folder} cannot be used: {trouble}. Choose another.")
        words = problem.format(folder=settings.data_dir, trouble=error.strerror)
        raise InvalidError(words) from error
    return dataclasses.replace(settings, secret_key=secret, vault_keys=vault)


def _kept(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Return a key, made at the first call; two processes at once get the same one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    opened, made = tempfile.mkstemp(prefix=f".{name}.", dir=folder)  # For its owner alone.
    with os.fdopen(opened, "w") as file:
        file.write(make() + "\n")
    draft = Path(made)
    try:
        path.hardlink_to(draft)  # Fails when another process was first.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
