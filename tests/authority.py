"""A real time-stamping authority on the loopback address: certificates and answers by `openssl`, HTTP in a thread.

`/` stamps; `/stranger` is stamped by one that another root stands behind; `/before` repeats the answer to the request
before; `/refuse` grants nothing; `/redirect` leads to `/`; `/status/NUMBER` gives that status; `/words` is no time
stamp.
"""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

OPENSSL: Final = shutil.which("openssl") or "openssl"
CONFIGURATION: Final = """
[tsa]
default_tsa = {section}
[{section}]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
certs = {folder}/issuer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
ess_cert_id_alg = sha256
"""
EXTENSIONS: Final = """
[issuer]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[signer]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""


def openssl(*arguments: str | Path) -> bytes:
    done = subprocess.run([OPENSSL, *map(str, arguments)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass(frozen=True, slots=True)
class Authority:
    """A root, an issuer below it, and a signer of time stamps below that."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @classmethod
    def make(cls, folder: Path, name: str) -> "Authority":
        folder.mkdir()
        (folder / "extensions").write_text(EXTENSIONS)
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        openssl(
            "req", "-x509", *key, "-keyout", folder / "root.key", "-out", folder / "root.pem", "-subj", f"/CN={name}"
        )
        for made, above in (("issuer", "root"), ("signer", "issuer")):
            request = folder / f"{made}.csr"
            openssl(
                "req", "-new", *key, "-keyout", folder / f"{made}.key", "-out", request, "-subj", f"/CN={name} {made}"
            )
            by = ("-CA", folder / f"{above}.pem", "-CAkey", folder / f"{above}.key", "-CAcreateserial")
            extensions = ("-extfile", folder / "extensions", "-extensions", made)
            openssl("x509", "-req", "-in", request, *by, *extensions, "-days", "30", "-out", folder / f"{made}.pem")
        for section, digests in (("grants", "sha256"), ("refuses", "sha512")):
            text = CONFIGURATION.format(section=section, folder=folder, digests=digests)
            (folder / f"{section}.conf").write_text(text)
        return cls(folder)

    def answer(self, request: bytes, section: str = "grants") -> bytes:
        """Answer a request; one that may not be granted is refused, which openssl writes as an answer too."""
        query, reply = self.folder / "query", self.folder / "reply"
        query.write_bytes(request)
        configuration = self.folder / f"{section}.conf"
        subprocess.run(
            [OPENSSL, "ts", "-reply", "-config", configuration, "-queryfile", query, "-out", reply],
            capture_output=True,
            check=False,
        )
        return reply.read_bytes()


@dataclass(slots=True)
class Server:
    """Where the authority is, and what it was asked."""

    here: Authority
    stranger: Authority
    port: int = 0
    asked: list[bytes] = field(default_factory=list)
    types: list[str | None] = field(default_factory=list)
    before: bytes = b""

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: "_Http"

    def do_POST(self) -> None:
        state = self.server.state
        request = self.rfile.read(int(self.headers["Content-Length"]))
        state.asked.append(request)
        state.types.append(self.headers["Content-Type"])
        answer = b""
        match self.path.strip("/").split("/"):
            case ["redirect"]:
                self.send_response(307)
                self.send_header("Location", "/")
            case ["status", number]:
                self.send_response(int(number))
            case path:
                answer = self._answer(path[0], request)
                self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _answer(self, path: str, request: bytes) -> bytes:
        state = self.server.state
        match path:
            case "stranger":
                return state.stranger.answer(request)
            case "before":
                return state.before
            case "refuse":
                return state.here.answer(request, "refuses")
            case "words":
                return b"These are words."
            case _:
                state.before = state.here.answer(request)
                return state.before

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: Server) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = state
        state.port = self.server_port


@contextmanager
def authority(folder: Path) -> Iterator[Server]:
    """Run one, with its files in `folder`."""
    state = Server(Authority.make(folder / "here", "Authority"), Authority.make(folder / "stranger", "Stranger"))
    with _Http(state) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
