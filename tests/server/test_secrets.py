"""Keys are made once, kept closed, and never shown."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crm.base import settings
from crm.base.errors import InvalidError
from crm.base.settings import Settings
from crm.base.vault import Vault, make_key
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


def test_who_only_looks_makes_no_key_and_finds_those_that_there_are(tmp_path):
    nothing = Settings(data_dir=tmp_path / "new")

    assert secrets.find(nothing) == nothing
    assert list(tmp_path.iterdir()) == []

    made = secrets.complete(nothing)
    assert secrets.find(nothing) == made
    (tmp_path / "new" / "keys" / "secret_key").unlink()
    assert secrets.find(nothing) == Settings(nothing.data_dir, vault_keys=made.vault_keys)


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


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("secret_key", b""),
        ("secret_key", b"\n"),
        ("secret_key", b"x" * 31),
        ("secret_key", b"\xff" * 40),
        ("vault_keys", b""),
        ("vault_keys", b" , \n"),
    ],
)
def test_a_file_that_holds_no_key_is_named(tmp_path, name, content):
    secrets.complete(Settings(data_dir=tmp_path))
    file = tmp_path / "keys" / name
    file.write_bytes(content)

    for look in (secrets.complete, secrets.find):
        with pytest.raises(InvalidError, match=str(file)):
            look(Settings(data_dir=tmp_path))

    assert file.read_bytes() == content


@pytest.mark.parametrize("between", [",", ", ", "\n", ",\n", " "])
def test_keys_in_the_file_are_parted_as_in_the_setting(tmp_path, between):
    secrets.complete(Settings(data_dir=tmp_path))
    keys = (make_key(), make_key())
    (tmp_path / "keys" / "vault_keys").write_text(between.join(keys) + between)

    assert secrets.complete(Settings(data_dir=tmp_path)).vault_keys == keys
    assert settings.read({"VAULT_KEYS": between.join(keys) + between}).vault_keys == keys


def test_a_file_that_is_somebody_elses_is_named_and_no_other_place_is_advised(
    tmp_path, monkeypatch
):
    file = tmp_path / "keys" / "secret_key"

    def refuse(path, *_words, **_options):  # Root may read everything.
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refuse)

    with pytest.raises(InvalidError, match=str(file)) as refused:
        secrets.complete(Settings(data_dir=tmp_path))
    assert "Choose another" not in str(refused.value)


def test_many_at_once_get_the_same_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secrets.complete(Settings(data_dir=tmp_path)), range(16)))

    assert len(found) == 1


def test_settings_do_not_show_their_keys(tmp_path):
    made = secrets.complete(Settings(data_dir=tmp_path))

    assert made.secret_key not in repr(made)
    assert made.vault_keys[0] not in repr(made)
