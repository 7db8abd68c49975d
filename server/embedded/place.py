"""Where the embedded servers live, and as whom.

    DATA_DIR/      0700, or 0711 of root, so that the servers' user can pass and nobody can look
      run/         0700  locks, the name of the roles' edition
      secrets/     0700  postgresql.json, 0600
      log/         0700  what the servers say
      postgresql/  0700  the cluster                                 of the servers' user
      valkey/      0700  its working directory                       of the servers' user
      google/      0700  the demo's Gmail, where there is one: mailboxes, consents, its address
      sockets/     0700  or /tmp/inlay-… where this name will not do of the servers' user
      programs/    0755  as root, where the servers' user cannot reach those of the environment

PostgreSQL refuses to be root, and Valkey should not be. Started as root, both run as the owner of
an existing cluster, else `postgres`, else `inlay`, which is made. No mode of a directory above
DATA_DIR is ever changed: where one is closed to the servers' user, we refuse and say which.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from server.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Sequence

# The kernel takes 108 bytes on Linux and 104 on macOS, the final zero included.
LONGEST_SOCKET = 99
SOCKET = ".s.PGSQL.5432"
# PostgreSQL and libpq take lists of directories: commas and quotes end a name there.
PLAIN = re.compile(r"[\w /.+=~@:-]+")


@dataclass(frozen=True, slots=True)
class Keeper:
    """The system user that runs the servers and owns their files."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """A DATA_DIR that is ours, and the user its servers run as."""

    root: Path
    keeper: Keeper
    sockets: Path

    @property
    def run(self) -> Path:
        """Where the locks are."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """Where the passwords are."""
        return self.root / "secrets"

    def furnish(self) -> None:
        """Make what the servers need inside. Safe to repeat."""
        _keep(self.secrets, os.geteuid(), os.getegid())
        _keep(self.root / "log", os.geteuid(), os.getegid())
        _keep(self.root / "valkey", self.keeper.uid, self.keeper.gid)
        _keep(self.sockets, self.keeper.uid, self.keeper.gid)

    def tidy(self) -> None:
        """Take away what was made outside, once nothing runs."""
        if self.sockets.parent != self.root:
            with suppress(OSError):
                if self.sockets.lstat().st_uid == self.keeper.uid:
                    self.sockets.rmdir()

    def reachable(self, program: Path, base: Path, parts: Sequence[str], label: str) -> Path:
        """Return a program that the servers' user can run: this one, or a copy.

        `parts` are the directories under `base` that it needs.
        """
        if os.geteuid() != 0 or _closed(program.resolve()) is None:
            return program
        copy = self.root / "programs" / label
        if not copy.exists():
            _copy_programs(base, parts, copy)
        return copy / program.relative_to(base)


def claim(data_dir: Path) -> Path:
    """Make DATA_DIR, or see that it is ours and closed to others. Safe to repeat.

    Raises EmbeddedError, and has changed nothing then.
    """
    try:
        root = data_dir.resolve()
    except RuntimeError as error:  # So Python says it before 3.13.
        what = f"DATA_DIR {data_dir} is a link that leads to itself."
        raise EmbeddedError(what, hint="Choose another.") from error
    if os.geteuid() == 0 and (closed := _closed(root.parent)) is not None:
        raise EmbeddedError(
            f"DATA_DIR is {root}, and {closed} is closed to the user that PostgreSQL runs as: "
            "it refuses to be root, and we do not open your directories.",
            hint="Choose a place that others may pass through, such as DATA_DIR=/var/lib/inlay, "
            "or run Inlay as an ordinary user.",
        )
    wanted = 0o711 if os.geteuid() == 0 else 0o700
    try:
        for missing in [p for p in reversed(root.parents) if not p.exists()]:
            _add(missing, wanted)
        if root.exists():
            _check(root, wanted)
        else:
            _add(root, wanted)
    except OSError as error:
        raise EmbeddedError(
            f"DATA_DIR {root} cannot be used: {error.strerror}.", hint="Choose another."
        ) from error
    return root


def settle(data_dir: Path) -> Place:
    """Return the place of a DATA_DIR, made if need be."""
    root = claim(data_dir)
    keeper = _find_keeper(root)
    sockets = root / "sockets"
    if len(os.fsencode(sockets / SOCKET)) > LONGEST_SOCKET or not PLAIN.fullmatch(str(sockets)):
        # Not XDG_RUNTIME_DIR: a command that cron starts does not know it, and it goes at sign-out.
        name = hashlib.blake2b(os.fsencode(root), digest_size=10).hexdigest()
        sockets = Path("/tmp") / f"inlay-{name}"  # noqa: S108 - _keep() checks whose it is.
    place = Place(root, keeper, sockets)
    _keep(place.run, os.geteuid(), os.getegid())
    return place


def _closed(path: Path) -> Path | None:
    """Find the uppermost part of a path that others cannot pass through."""
    for part in reversed([path, *path.parents]):
        with suppress(FileNotFoundError):
            if not part.stat().st_mode & stat.S_IXOTH:
                return part
    return None


def _add(path: Path, mode: int) -> None:
    with suppress(FileExistsError):  # Another command was quicker.
        path.mkdir(mode)
        path.chmod(mode)  # Whatever the umask.


def _check(root: Path, wanted: int) -> None:
    found = root.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise EmbeddedError(f"DATA_DIR {root} is not a directory.", hint="Choose another.")
    if found.st_uid != os.geteuid():
        owner = _name(found.st_uid)
        raise EmbeddedError(
            f"DATA_DIR {root} belongs to {owner}, and you are {_name(os.geteuid())}.",
            hint=f"Run this as {owner}, or choose another DATA_DIR.",
        )
    if stat.S_IMODE(found.st_mode) == wanted:
        return
    if not _is_ours(root):
        raise EmbeddedError(
            f"DATA_DIR {root} is used for other things too, and we would have to change its mode.",
            hint=f"Choose a directory of its own, such as DATA_DIR={root / 'inlay'}.",
        )
    root.chmod(wanted)


def _is_ours(root: Path) -> bool:
    """Tell whether nothing but Inlay suffers from a changed mode."""
    if (root / "run").is_dir() and (root / "secrets").is_dir():
        return True
    return not any(entry.lstat().st_mode & 0o077 for entry in root.iterdir())


def _find_keeper(root: Path) -> Keeper:
    if os.geteuid() != 0:
        return Keeper(_name(os.geteuid()), os.geteuid(), os.getegid())
    with suppress(FileNotFoundError):
        found = (root / "postgresql").stat()
        if found.st_uid != 0:
            return Keeper(_name(found.st_uid), found.st_uid, found.st_gid)
    for name in ("postgres", "inlay"):
        with suppress(KeyError):
            return _known(name)
    _add_system_user("inlay")
    return _known("inlay")


def _known(name: str) -> Keeper:
    entry = pwd.getpwnam(name)
    return Keeper(name, entry.pw_uid, entry.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _add_system_user(name: str) -> None:
    ways = (
        ("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name),
        ("adduser", "-S", "-D", "-H", "-s", "/bin/false", name),  # BusyBox, as in Alpine.
    )
    for way in ways:
        with suppress(FileNotFoundError):
            subprocess.run(way, check=False, capture_output=True)  # noqa: S603 - Fixed words.
            with suppress(KeyError):
                pwd.getpwnam(name)  # Made by us, or by another command at the same time.
                return
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and no system user could be made for it.",
        hint=f"Make one: useradd --system {name}. Or run Inlay as an ordinary user.",
    )


def _keep(path: Path, uid: int, gid: int) -> None:
    """Make a directory private to somebody; refuse one that somebody else put there."""
    with suppress(FileExistsError):
        path.mkdir(0o700)
    try:
        opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise EmbeddedError(f"{path}: {error.strerror}.", hint="Look at what it is.") from error
    try:
        found = os.fstat(opened)
        if found.st_uid not in {os.geteuid(), uid}:
            raise EmbeddedError(
                f"{path} belongs to {_name(found.st_uid)}.",
                hint="Remove it, or choose another DATA_DIR.",
            )
        if stat.S_IMODE(found.st_mode) != 0o700:
            os.fchmod(opened, 0o700)
        if found.st_uid != uid:
            os.fchown(opened, uid, gid)
    finally:
        os.close(opened)


def _copy_programs(base: Path, parts: Sequence[str], copy: Path) -> None:
    copy.parent.mkdir(mode=0o755, exist_ok=True)
    copy.parent.chmod(0o755)
    for old in copy.parent.glob(f"{copy.name.partition('-')[0]}-*"):
        shutil.rmtree(old)
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    for part in parts:
        shutil.copytree(base / part, unfinished / part)
    for path in [unfinished, *unfinished.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    unfinished.rename(copy)
