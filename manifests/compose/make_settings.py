"""Write the settings and the roles for manifests/compose.yaml, once: make_settings.py FOLDER."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from crm.base.vault import make_key
from server.embedded import database_sql, rights_sql, roles_sql

ROLES = {
    "DATABASE_OWNER_URL": "inlay_owner",
    "DATABASE_URL": "inlay_program",
    "DATABASE_SCHEDULER_URL": "inlay_scheduler",
}


def main(folder: Path) -> None:
    """Write everything, or nothing where some of it is there already."""
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES.values()}
    queue = secrets.token_urlsafe(24)
    addresses = {
        name: f"postgresql://{role}:{passwords[role]}@postgres/inlay"
        for name, role in ROLES.items()
    }
    shared = {
        "DATABASE_URL": addresses["DATABASE_URL"],
        "DATABASE_SCHEDULER_URL": addresses["DATABASE_SCHEDULER_URL"],
        "REDIS_URL": f"redis://:{queue}@valkey:6379/0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "VAULT_KEYS": make_key(),
        "BASE_URL": "https://crm.example.com",
        "PROXY_HOPS": "1",
    }
    texts = {
        "inlay.env": _lines(shared),
        "owner.env": _lines({"DATABASE_OWNER_URL": addresses["DATABASE_OWNER_URL"]}),
        "postgres_password": secrets.token_urlsafe(24),
        "valkey.conf": f'requirepass {queue}\nsave ""\nappendonly no\n',
        # Run in the order of their names, the last of them inside the database.
        "initdb/1-roles.sql": roles_sql(passwords),
        "initdb/2-database.sql": database_sql("inlay", version=18),
        "initdb/3-rights.sql": "\\connect inlay\n" + rights_sql("inlay"),
    }
    there = [name for name in texts if (folder / name).exists()]
    if there:
        sys.exit(f"Nothing was written: {', '.join(there)} would be lost.")
    # Nobody else enters the folder. The containers' users, who are given single files of it, read.
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.parent.chmod(0o755 if path.parent != folder else 0o700)
        path.write_text(text)
        path.chmod(0o644)


def _lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
