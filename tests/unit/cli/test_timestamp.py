"""`pdca audit timestamp` against a real authority on the loopback address."""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pdca.audit import timestamps
from pdca.audit.timestamps import Roots, verify_answer
from pdca.errors import Failed
from tests.authority import Server, authority, openssl
from tests.unit.cli.running import Ran, run
from tests.witnessed import branches

NOTE, OTHER_NOTE = (branch.note(5) for branch in branches(2, 5))
KEPT = "kept.checkpoint"
STAMP = "kept.checkpoint.tsr"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with authority(tmp_path_factory.mktemp("authority")) as server:
        yield server


@pytest.fixture
def asking(tsa: Server, monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> Server:
    """A folder with a checkpoint, in which that authority is set."""
    monkeypatch.setenv("PDCA_AUDIT_TIMESTAMP_URL", tsa.url())
    monkeypatch.setenv("PDCA_AUDIT_TIMESTAMP_ADDRESSES", "any")
    (empty_folder / KEPT).write_text(NOTE)
    (empty_folder / "other.checkpoint").write_text(OTHER_NOTE)
    tsa.asked.clear()
    tsa.types.clear()
    return tsa


def ask(*arguments: str) -> Ran:
    return run("audit", "timestamp", "ask", KEPT, *arguments, "--json")


def check(*arguments: str | Path) -> Ran:
    return run("audit", "timestamp", "check", *map(str, arguments), "--json")


def test_an_answer_is_kept_beside_the_checkpoint_and_checked_without_a_network(
    asking: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask("--tsa-root", str(asking.here.root))
    assert (asked.status, asked.json["signer"]) == (0, "CN=Authority signer")
    assert asking.types == ["application/timestamp-query"]
    at = datetime.fromisoformat(asked.json["at"])
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=5)  # noqa: TID251 - the authority has no other clock
    monkeypatch.delenv("PDCA_AUDIT_TIMESTAMP_URL")
    checked = check(KEPT, "--tsa-root", asking.here.root)
    assert (checked.status, checked.json["at"]) == (0, asked.json["at"])
    assert len(asking.asked) == 1
    told = run("audit", "timestamp", "check", KEPT, "--tsa-root", str(asking.here.root))
    assert "was there at" in told.out
    assert "CN=Authority signer" in told.out


def test_openssl_reads_what_was_kept(asking: Server) -> None:
    assert ask().status == 0
    verified = openssl(
        *("ts", "-verify", "-data", KEPT, "-in", STAMP, "-CAfile", asking.here.root),
        *("-untrusted", asking.here.folder / "issuer.pem"),
    )
    assert b"Verification: OK" in verified


def test_only_a_hash_leaves_the_house_and_no_request_is_like_another(asking: Server) -> None:
    assert ask("--out", "one").status == 0
    assert ask("--out", "two").status == 0
    one, two = asking.asked
    assert one != two
    assert len(one) < 100
    assert NOTE.split("\n")[0].encode() not in one


def test_without_a_root_it_is_said_that_nobody_stands_behind_it(asking: Server) -> None:
    assert asking.asked == []
    assert ask("--out", "one").json["signer"] is None
    assert "was not checked" in run("audit", "timestamp", "ask", KEPT).out


def test_a_time_stamp_is_of_one_checkpoint_and_of_one_authority(asking: Server) -> None:
    assert ask().status == 0
    other = check("other.checkpoint", "--stamp", STAMP, "--tsa-root", asking.here.root)
    assert (other.status, other.error["code"]) == (1, "timestamp-differs")
    stranger = check(KEPT, "--tsa-root", asking.stranger.root)
    assert (stranger.status, stranger.error["code"]) == (1, "timestamp-not-trusted")
    # A certificate that only signs web pages, or time stamps of others, is no root.
    signer = check(KEPT, "--tsa-root", asking.stranger.folder / "signer.pem")
    assert signer.error["code"] == "timestamp-not-trusted"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/stranger", 1, "timestamp-not-trusted"),
        ("/before", 1, "timestamp-differs"),
        ("/refuse", 1, "timestamp-refused"),
        ("/words", 1, "timestamp-unreadable"),
        ("/redirect", 1, "timestamp-unreachable"),
        ("/status/404", 1, "timestamp-unreachable"),
        ("/status/429", 75, "timestamp-unreachable"),
        ("/status/503", 75, "timestamp-unreachable"),
    ],
)
def test_an_answer_that_does_not_serve_is_not_kept(
    asking: Server, monkeypatch: pytest.MonkeyPatch, path: str, status: int, code: str
) -> None:
    assert ask("--out", "before").status == 0
    asking.asked.clear()
    monkeypatch.setenv("PDCA_AUDIT_TIMESTAMP_URL", asking.url(path))
    refused = ask("--tsa-root", str(asking.here.root))
    assert (refused.status, refused.error["code"]) == (status, code)
    assert len(asking.asked) == 1
    assert not Path(STAMP).exists()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"PDCA_AUDIT_TIMESTAMP_URL": ""}, 1, "timestamp-not-set-up"),
        ({"PDCA_AUDIT_TIMESTAMP_URL": "ftp://tsa.example/"}, 1, "timestamp-url"),
        ({"PDCA_AUDIT_TIMESTAMP_URL": "http://user:secret@tsa.example/"}, 1, "timestamp-url"),
        ({"PDCA_AUDIT_TIMESTAMP_URL": "http://127.0.0.1:1/"}, 75, "timestamp-unreachable"),
        ({"PDCA_AUDIT_TIMESTAMP_ADDRESSES": "public"}, 1, "timestamp-address"),
    ],
)
def test_who_is_not_to_be_asked_is_not_asked(
    asking: Server, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], status: int, code: str
) -> None:
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    refused = ask()
    assert (refused.status, refused.error["code"]) == (status, code)
    assert asking.asked == []
    assert not Path(STAMP).exists()


def test_a_dry_run_asks_nobody_and_what_is_there_is_not_replaced(asking: Server) -> None:
    dry = ask("--dry-run")
    assert (dry.status, dry.json["stamp"], asking.asked) == (0, STAMP, [])
    assert not Path(STAMP).exists()
    Path(STAMP).write_text("kept")
    taken = ask()
    assert (taken.status, taken.error["code"], asking.asked) == (2, "already-exists", [])
    assert Path(STAMP).read_text() == "kept"


def test_a_checkpoint_from_stdin_needs_a_name_for_its_stamp(asking: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (("ask", "-"), ("check", "-", "--tsa-root", str(asking.here.root))):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(NOTE.encode())))
        ran = run("audit", "timestamp", *arguments, "--json")
        assert (ran.status, ran.error["code"]) == (2, "stamp-nowhere")


def test_no_byte_of_it_can_be_altered(asking: Server) -> None:
    assert ask().status == 0
    answer = Path(STAMP).read_bytes()
    roots = Roots.read(asking.here.root.read_bytes())
    stamp = verify_answer(answer, NOTE, roots)
    accepted = []
    for place in range(len(answer)):
        altered = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        try:
            accepted.append((place, verify_answer(altered, NOTE, roots) == stamp))
        except Failed:
            continue
    # What is not signed may vary (the certificates that go along, in parts nobody looks at); never what it says.
    assert all(same for _place, same in accepted)


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("missing", "--tsa-root", "root"), 4, "file-missing"),
        ((KEPT, "--tsa-root", "missing"), 4, "file-missing"),
        ((KEPT, "--tsa-root", "."), 1, "file-unreadable"),
        ((KEPT, "--tsa-root", KEPT), 2, "certificate-unreadable"),
        ((KEPT, "--tsa-root", "root"), 4, "file-missing"),
        ((KEPT, "--tsa-root", "root", "--stamp", KEPT), 1, "timestamp-unreadable"),
    ],
)
def test_what_is_no_checkpoint_certificate_or_stamp_is_told(
    asking: Server, arguments: tuple[str, ...], status: int, code: str
) -> None:
    Path("root").write_bytes(asking.here.root.read_bytes())
    told = check(*arguments)
    assert (told.status, told.error["code"]) == (status, code)


def test_without_the_library_the_extra_is_named(asking: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    for ran in (ask(), check(KEPT, "--stamp", KEPT, "--tsa-root", asking.here.root)):
        assert (ran.status, ran.error["code"]) == (1, "extra-missing")
        assert "pdca[timestamp]" in ran.error["hint"]
    assert asking.asked == []


def test_the_library_is_loaded_only_when_it_is_needed() -> None:
    assert not hasattr(timestamps, "rfc3161_client")
