"""A throw-away PostgreSQL server for the tests, from the programs that Debian's package puts on the machine.

It is as unlike the developer's machine as a real one may be: its collation is a language's, not the bytes' order, and
its time zone is far from ours, so that a statement which leans on either is found out.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_LOOPBACK = "127.0.0.1"
_OWNER = "pdca"
_RUNS_AS_WHEN_ROOT = "postgres"
_READY = "database system is ready to accept connections"
_STARTS = 5
_STOP_SECONDS = 60
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
_ROOM_BYTES = 2 << 30
_PREFIX = "pdca-pg-"


class ServerError(Exception):
    """The server could not be made or started; the text holds what it said."""


def programs() -> Path | None:
    """Return the folder with `initdb` and `postgres` of the newest version on this machine, or None."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Server:
    """A running server. Its databases live as long as it does."""

    def __init__(self, port: int, password: str, begin_again: Callable[[], None]) -> None:
        self._port = port
        self._password = password
        self._begin_again = begin_again
        self._numbers = count(1)
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)

    def url(self, database: str) -> str:
        """Return the URL of a database of this server."""
        return f"postgresql://{_OWNER}:{self._password}@{_LOOPBACK}:{self._port}/{database}"

    @contextmanager
    def fresh_database(self, template: str = "template0") -> Iterator[str]:
        """Give the name of a database of its own, copied from `template`, and drop it afterwards."""
        name = f"test_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield name
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def restart(self) -> None:
        """Stop the server as for maintenance, breaking off what is under way, and start it again."""
        self._admin.close()
        self._begin_again()
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)

    def close(self) -> None:
        """Close the connection that makes the databases."""
        self._admin.close()

    def _run(self, statement: str, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def running(*, besides: str | None = None, in_memory: bool = False) -> Iterator[Server]:
    """Make a server on the loopback address, and perhaps one `besides`; give it, stop it and leave nothing behind.

    A test takes a database of some six hundred files, which a disk takes up to a second to make: where only what the
    server's processes do is looked at, and no machine stops, its files may be `in_memory`, if there is room.
    """
    folder = programs()
    if folder is None:
        message = "no PostgreSQL server programs (initdb, postgres) on this machine"
        raise ServerError(message)
    base = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_memory() if in_memory else None))
    held = os.open(base, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        password = secrets.token_hex(16)
        (base / "password").write_text(password)
        (base / "password").chmod(0o600)
        user = _give_away(base)
        _initialise(folder, base, user)
        addresses = f"{_LOOPBACK},{besides}" if besides else _LOOPBACK
        with _started(folder, base, user, addresses) as (port, begin_again):
            server = Server(port, password, begin_again)
            try:
                yield server
            finally:
                server.close()
    finally:
        shutil.rmtree(base)
        os.close(held)


def _memory() -> Path | None:
    """Give the folder in memory when there is one with room, without what runs that were killed have left in it."""
    if not os.access(_MEMORY, os.W_OK):
        return None
    # Before anything stands in a folder it is held.
    for password in _MEMORY.glob(f"{_PREFIX}*/password"):
        if _let_go(password.parent):
            shutil.rmtree(password.parent, ignore_errors=True)
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM_BYTES else None


def _let_go(folder: Path) -> bool:
    """Tell whether nobody holds a folder any more."""
    try:
        held = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(held)
    return True


def _give_away(base: Path) -> str | None:
    """Give `base` to the user that the server runs as, when we are root; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        owner = pwd.getpwnam(_RUNS_AS_WHEN_ROOT)
    except KeyError:
        message = f"run by root, the server needs a user called {_RUNS_AS_WHEN_ROOT}"
        raise ServerError(message) from None
    for path in (base, *base.iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return _RUNS_AS_WHEN_ROOT


def _initialise(folder: Path, base: Path, user: str | None) -> None:
    """Make the files of a server in `base`."""
    initdb = str(folder / "initdb")
    arguments = ["--pgdata", str(base / "data"), "--username", _OWNER, "--pwfile", str(base / "password")]
    arguments += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    known = subprocess.run([initdb, "--help"], capture_output=True, text=True, check=True).stdout
    if "--icu-locale" in known:
        arguments += ["--locale-provider", "icu", "--icu-locale", "nl-BE"]
    done = subprocess.run(
        [initdb, *arguments],
        cwd=base,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    if done.returncode:
        raise ServerError(done.stdout)
    with (base / "data" / "pg_hba.conf").open("a") as file:
        file.write("host all all samenet scram-sha-256\n")


@contextmanager
def _started(folder: Path, base: Path, user: str | None, addresses: str) -> Iterator[tuple[int, Callable[[], None]]]:
    """Run the server on a free port, give the port and what starts it anew, and stop it by its own process id."""
    said: deque[str] = deque(maxlen=100)
    for _ in range(_STARTS):
        port = _free_port()
        process = _launch(folder, base, user, addresses, port)
        output = process.stdout
        assert output is not None
        # The port may have been taken since it was found free: then the server says so and ends.
        if _becomes_ready(output, said):
            break
        process.wait()
        output.close()
    else:
        raise ServerError("".join(said))
    # Somebody must go on reading, or the server stops at a full pipe.
    reader = threading.Thread(target=said.extend, args=(output,))
    reader.start()

    def end() -> None:
        process.send_signal(signal.SIGINT)
        process.wait(_STOP_SECONDS)
        reader.join()
        if process.stdout is not None:
            process.stdout.close()

    def begin_again() -> None:
        nonlocal process, output, reader
        end()
        process = _launch(folder, base, user, addresses, port)
        assert process.stdout is not None
        output = process.stdout
        if not _becomes_ready(output, said):
            raise ServerError("".join(said))
        reader = threading.Thread(target=said.extend, args=(output,))
        reader.start()

    try:
        yield port, begin_again
    finally:
        end()


def _becomes_ready(output: Iterable[str], said: deque[str]) -> bool:
    """Read into `said` until the server is ready (True) or has ended (False)."""
    for line in output:
        said.append(line)
        if _READY in line:
            return True
    return False


def _launch(folder: Path, base: Path, user: str | None, addresses: str, port: int) -> subprocess.Popen[str]:
    arguments = [
        str(folder / "postgres"),
        "-D",
        str(base / "data"),
        "-h",
        addresses,
        "-p",
        str(port),
        "-k",
        str(base),
    ]
    arguments += ["-c", "timezone=Asia/Kathmandu", "-c", "lc_messages=C"]
    setpriv = shutil.which("setpriv")
    if setpriv:
        # A test run that is killed must not leave its server behind.
        arguments = [setpriv, "--pdeathsig", "INT", *arguments]
    return subprocess.Popen(
        arguments,
        cwd=base,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
