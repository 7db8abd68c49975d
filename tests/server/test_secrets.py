"""Keys are made once, kept closed, and never shown."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from crm.base.errors import InvalidError
from crm.base.settings import Settings
from crm.base.vault import Vault
from server import secrets


def test_keys_are_made_once_and_kept_closed(tmp_path):
    made = secrets.complete(Settings(data_dir=tmp_path))

    assert made == secrets.complete(Settings(data_dir=tmp_path))
    assert len(made.secret_key) >= 43
    assert Vault(made.vault_keys).open(Vault(made.vault_keys).seal("x")) == "x"
    folder = tmp_path / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["secret_key", "vault_keys"]
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keys_that_are_given_are_kept_nowhere(tmp_path):
    given = Settings(data_dir=tmp_path, secret_key="given", vault_keys=("a",))

    assert secrets.complete(given) == given
    assert not (tmp_path / "keys").exists()


def test_a_place_where_keys_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    for place in (tmp_path / "file", tmp_path / "file" / "data", tmp_path / "loop"):
        with pytest.raises(InvalidError, match=r"DATA_DIR .* Choose another"):
            secrets.complete(Settings(data_dir=place))


def test_many_at_once_get_the_same_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secrets.complete(Settings(data_dir=tmp_path)), range(16)))

    assert len(found) == 1


def test_settings_do_not_show_their_keys(tmp_path):
    made = secrets.complete(Settings(data_dir=tmp_path))

    assert made.secret_key not in repr(made)
    assert made.vault_keys[0] not in repr(made)
