"""A private Dovecot 2.3 on 127.0.0.1: any user, one password, nothing shared with the machine's.

    with Dovecot() as server:
        server.deliver("ann", raw, folder="Sent", flags=["seen"])
        ImapSource(ImapLogin("127.0.0.1", server.port, "none", "ann", server.password))

Runs as root (mail belongs to the user `mail`) and as an ordinary user. `tls=True` opens a second
port with a certificate for `localhost` that signs itself; it stands in `server.certificate`.
STARTTLS is offered on the first port then.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import imaplib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cryptography.hazmat.primitives.asymmetric import ec
from imapclient import imap_utf7

from tests.servers import certificates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BINARY = "/usr/sbin/dovecot"
PASSWORD = "secret"
#: The letters of a Maildir file name's flags.
LETTERS = {"draft": "D", "flagged": "F", "answered": "R", "seen": "S", "deleted": "T"}
SPECIAL = ("Sent", "Archive", "Drafts", "Trash", "Junk")
_CONFIG = """\
base_dir = {run}
state_dir = {run}
instance_name = {name}
log_path = {top}/dovecot.log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_cache_size = 0
auth_username_chars =
auth_failure_delay = 0 secs
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 400
mail_location = maildir:{mail}/%u/Maildir
mail_fsync = never
mailbox_list_index = no
maildir_very_dirty_syncs = no
{users}
{tls}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={mail}/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
{special}
}}
service imap-login {{
  process_limit = 512
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
  }}
}}
service imap {{
  process_limit = 512
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
_UNPRIVILEGED = """\
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  process_limit = 512
  chroot =
}}
service stats {{
  chroot =
}}"""


def available() -> str | None:
    """Return None if Dovecot can run here, or else the reason why not."""
    if not Path(BINARY).exists():
        return f"{BINARY} is not installed (Debian: apt-get install dovecot-imapd)"
    return None


class Dovecot:
    """One Dovecot with its own folder, ports and users."""

    def __init__(self, *, tls: bool = False, password: str = PASSWORD) -> None:
        self.password = password
        # Sockets have paths of at most 107 characters, and `mail` must pass through every folder.
        self._top = Path(tempfile.mkdtemp(prefix="inlay-dovecot-", dir="/tmp"))
        self._top.chmod(0o755)
        self._mail = self._top / "mail"
        self._mail.mkdir()
        self._owner = pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._own(self._mail)
        self._gone = self._top / "gone"
        self._gone.mkdir()
        self._serial = itertools.count(1)
        self.port = _free_port()
        self.tls_port = _free_port() if tls else 0
        self.certificate = self._top / "certificate.pem"
        if tls:
            _certify(self.certificate, self._top / "key.pem")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._top, ignore_errors=True)

    def start(self) -> None:
        """Start and wait until it answers."""
        (self._top / "dovecot.conf").write_text(self._config())
        subprocess.run([BINARY, "-c", self._top / "dovecot.conf"], check=True, timeout=30)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"Dovecot did not come up: {self.log()[-2000:]}")

    def stop(self) -> None:
        """Stop, and return only when every process of it has gone."""
        file = self._top / "run" / "master.pid"
        if not file.exists():
            return
        ours = self.processes()
        os.kill(int(file.read_text()), signal.SIGTERM)
        for turn in range(400):
            ours = [pid for pid in ours if _lives(pid)]
            if not ours:
                return
            if turn == 10:  # Whoever holds a connection would stay for ten seconds.
                for pid in ours:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGTERM)
            time.sleep(0.025)
        raise RuntimeError(f"processes of Dovecot will not end: {ours}")

    def restart(self) -> None:
        """Stop and start again on the same ports."""
        self.stop()
        self.start()

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """Take away what users have come by meanwhile, so that a name can be used once more."""
        before = set(self._mail.iterdir())
        yield
        for user in set(self._mail.iterdir()) - before:
            user.rename(self._gone / f"{next(self._serial)}-{user.name}")

    def processes(self) -> list[int]:
        """Return the ids of the processes that belong to this Dovecot and nobody else."""
        found = []
        master = self._top / "run" / "master.pid"
        roots = {int(master.read_text())} if master.exists() else set()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ours = int(entry.name) in roots or int(fields[1]) in roots
            if ours and fields[0] != "Z":
                found.append(int(entry.name))
        return found

    def log(self) -> str:
        """Return what Dovecot has written to its log."""
        file = self._top / "dovecot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """Return where a folder lives, and make it if need be."""
        root = self._mail / user / "Maildir"
        path = root
        if folder != "INBOX":
            steps = [imap_utf7.encode(step).decode("ascii") for step in folder.split("/")]
            path = root / ("." + ".".join(steps))
        made = [self._mail / user, root, path]
        for kind in ("cur", "new", "tmp"):
            (path / kind).mkdir(parents=True, exist_ok=True)
            made.append(path / kind)
        for one in made:
            self._own(one)
        return path

    def deliver(
        self,
        user: str,
        raw: bytes,
        folder: str = "INBOX",
        flags: Iterable[str] = (),
        at: dt.datetime | None = None,
    ) -> Path:
        """Put a letter into a Maildir, as a delivery agent does."""
        path = self.maildir(user, folder)
        moment = int((at or dt.datetime.now(dt.UTC)).timestamp())
        letters = "".join(sorted(LETTERS[flag] for flag in flags))
        name = f"{moment}.M{next(self._serial):06}P{os.getpid()}.test:2,{letters}"
        (path / "tmp" / name).write_bytes(raw)
        os.utime(path / "tmp" / name, (moment, moment))
        self._own(path / "tmp" / name)
        return (path / "tmp" / name).rename(path / "cur" / name)

    def connect(self, user: str) -> imaplib.IMAP4:
        """Open a connection of the tests' own, past the code under test."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(user, self.password)
        return client

    def expunge(self, user: str, uids: Iterable[int], folder: str = "INBOX") -> None:
        """Take letters away, as another mail program does."""
        with self.connect(user) as client:
            client.select(_quoted(folder))
            client.uid("STORE", ",".join(map(str, uids)), "+FLAGS", r"(\Deleted)")
            client.expunge()

    def create(self, user: str, *folders: str) -> None:
        """Make folders by IMAP, whatever they are called."""
        with self.connect(user) as client:
            for folder in folders:
                kind, said = client.create(_quoted(folder))
                if kind != "OK":
                    raise RuntimeError(f"{folder!r}: {said!r}")

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, frozenset[str]]:
        """Return the flags as they stand on the server, Recent left out."""
        with self.connect(user) as client:
            client.select(_quoted(folder), readonly=True)
            _, told = client.uid("FETCH", "1:*", "(FLAGS)")
        found = {}
        for line in told:
            if isinstance(line, bytes):
                words = line.decode().replace("(", " ").replace(")", " ").split()
                flags = frozenset(word for word in words if word.startswith("\\"))
                found[int(words[words.index("UID") + 1])] = flags - {"\\Recent"}
        return found

    def set_uidvalidity(self, user: str, value: int, folder: str = "INBOX") -> None:
        """Give a folder another UIDVALIDITY, as a restored backup does; UIDs stay."""
        path = self.maildir(user, folder)
        listed = path / "dovecot-uidlist"
        if not listed.exists():
            with self.connect(user) as client:
                client.select(_quoted(folder), readonly=True)
        head, rest = listed.read_bytes().split(b"\n", 1)
        words = [f"V{value}".encode() if word[:1] == b"V" else word for word in head.split()]
        listed.write_bytes(b" ".join(words) + b"\n" + rest)
        for index in path.glob("dovecot.index*"):
            index.unlink()

    def _own(self, path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _config(self) -> str:
        run = self._top / "run"
        run.mkdir(exist_ok=True)
        run.chmod(0o755)
        users = "default_internal_user = dovecot\ndefault_login_user = dovenull"
        if os.getuid() != 0:
            group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True)
            users = _UNPRIVILEGED.format(user=self._owner.pw_name, group=group.stdout.strip())
        tls = "ssl = no"
        if self.tls_port:
            tls = f"ssl = yes\nssl_cert = <{self.certificate}\nssl_key = <{self._top}/key.pem"
        return _CONFIG.format(
            run=run,
            top=self._top,
            mail=self._mail,
            name=f"inlay-{hashlib.sha1(bytes(self._top)).hexdigest()[:8]}",
            users=users,
            tls=tls,
            password=self.password,
            uid=self._owner.pw_uid,
            gid=self._owner.pw_gid,
            port=self.port,
            tls_port=self.tls_port,
            special="\n".join(
                f"  mailbox {name} {{\n    auto = subscribe\n    special_use = \\{name}\n  }}"
                for name in SPECIAL
            ),
        )


def _certify(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    certificate.write_bytes(certificates.make(private, "localhost"))
    key.write_bytes(certificates.key(private))
    key.chmod(0o600)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _quoted(folder: str) -> str:
    raw = imap_utf7.encode(folder).decode("ascii")
    return '"' + raw.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
