"""The verifier that is handed out reads each thing in one form only, as the page of the format has it."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any, Final

import pytest

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign
from pdca.audit.tree import leaf_hash
from tests import standalone

LOG: Final = SigningKey("example.com/log", LOG_SIGNATURE, bytes(32))
VKEY: Final = str(LOG.verifier)
ROOT: Final = leaf_hash(b"")
CODED: Final = base64.b64encode(ROOT).decode()
NOTHING: Final = base64.b64encode(hashlib.sha256().digest()).decode()
verify = standalone.load()


def note(text: str) -> bytes:
    """A note of whatever text, signed."""
    return sign(text, LOG).encode()


def checkpoint(*lines: str) -> bytes:
    return note("".join(f"{line}\n" for line in lines))


FIRST: Final = checkpoint(LOG.name, "1", CODED, f"heads 1 {CODED}")
LINE: Final = FIRST.decode().splitlines(keepends=True)[-1]


def with_id(name: str, kind: int, key: bytes = bytes(32)) -> str:
    digest = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).hexdigest()
    return f"{name}+{digest[:8]}+{base64.b64encode(bytes([kind]) + key).decode()}"


@pytest.mark.parametrize(
    ("read", "form"),
    [
        (verify.number_of, "0"),
        (verify.number_of, "9223372036854775807"),
        (lambda text: verify.from_hex(text, 2), "00ff"),
        (lambda text: verify.from_base64(text, 32), CODED),
        (verify.canonical, '{"a":[1,"é",null,-1],"b":{}}'),
        (verify.canonical, "[" * 64 + "null" + "]" * 64),
        (verify.Key.read, VKEY),
        (verify.Key.read, with_id("w", 4)),
        (verify.Note.read, note("Anything.\n\nIn two parts.\n")),
        (verify.Note.read, note("t\n") + LINE.encode() * 99),
        (verify.Checkpoint.read, FIRST),
        (verify.Checkpoint.read, checkpoint(LOG.name, "1", CODED)),
        (verify.Checkpoint.read, checkpoint(LOG.name, "0", NOTHING, f"heads 0 {NOTHING}")),
        (verify.Checkpoint.read, checkpoint(LOG.name, "1", CODED, "else", f"heads 1 {CODED}", "heads x")),
    ],
)
def test_the_one_form_is_read(read: Callable[[Any], object], form: str | bytes) -> None:
    read(form)


def is_read(read: Callable[[Any], object], form: str | bytes) -> bool:
    try:
        read(form)
    except verify.Misfit:
        return False
    return True


@pytest.mark.parametrize(
    ("read", "forms"),
    [
        (verify.number_of, ["", "01", "+1", "-1", "1 ", "1_0", "٣", "9223372036854775808", "9" * 5000]),
        (lambda text: verify.from_hex(text, 2), ["", "00f", "00FF", "00ff00", "00fg", " 00ff"]),
        (verify.from_base64, ["AB", "AA=", "AB==", "AA==\n", "A A=", "AA==AA==", "__8=", "é"]),
        (lambda text: verify.from_base64(text, 32), ["AAAA", base64.b64encode(bytes(33)).decode()]),
        (
            verify.canonical,
            [
                *('{"b":1,"a":2}', '{"a":1,"a":1}', '{"a": 1}', "[1.0]", "[1e2]", "[-0]", "[NaN]", "[true]", "[false]"),
                *(
                    '["\\u00e9"]',
                    '["\\/"]',
                    '["\\ud800"]',
                    '["e\u0301"]',
                    '{"é":1}',
                    "[9007199254740992]",
                    "",
                    "[",
                    "1 ",
                ),
                *("[" * 65 + "null" + "]" * 65, "[" * 100_000, "9" * 5000),
            ],
        ),
        (
            verify.Key.read,
            [
                *("", "a+b", f" {VKEY}", f"{VKEY} ", VKEY.replace("+", " ", 1), VKEY.replace("example", "exemple")),
                *(with_id(name, 1) for name in ("", "a b", "a\u00a0b", "a\x7fb", "a\tb")),
                *(with_id("a", kind) for kind in (0, 2, 6, 255)),
                *(with_id("a", 1, bytes(size)) for size in (31, 33)),
                with_id("a", 1).replace("+", "+0", 1),
            ],
        ),
        (
            verify.Note.read,
            [
                *(b"", b"\n\n", b"t\n", b"t\n\n", b"t\n" + LINE.encode(), b"\n\n" + LINE.encode(), FIRST[:-1]),
                *(FIRST + b"\n", FIRST + b"x\n", FIRST.replace(b"\n", b"\r\n"), FIRST.replace(b"heads", b"he\tds")),
                *(FIRST.replace("—".encode(), b"-"), FIRST.replace(b"heads", b"h\xff"), FIRST + LINE.encode() * 100),
                *(FIRST + line.encode() for line in ("— a\n", "— a b c\n", "—  AAAAAAA=\n", "— a+b AAAAAAA=\n")),
                *(FIRST + line.encode() for line in ("— a AAAAAA==\n", "— a AAAA\n", "— a AAAAAAB=\n", "a AAAAAAA=\n")),
                note("t" * 1_000_000 + "\n"),
            ],
        ),
        (
            verify.Checkpoint.read,
            [
                *(checkpoint(LOG.name), checkpoint(LOG.name, "1"), checkpoint(LOG.name, "01", CODED)),
                *(checkpoint("", "1", CODED), checkpoint(LOG.name, "1", CODED, "", "x"), checkpoint("a", "1", "AAAA")),
                *(checkpoint("a", "0", CODED), checkpoint("a", "9223372036854775808", CODED)),
                *(checkpoint("a", "1", CODED, f"heads {count} {CODED}") for count in ("", "0", "01", "2", "x")),
                *(checkpoint("a", "1", CODED, line) for line in ("heads 1", "heads 1 x", f"heads 1 {CODED} x")),
                checkpoint("a", "1", CODED, f"heads 0 {NOTHING}"),
                checkpoint("a", "0", NOTHING, f"heads 0 {CODED}"),
            ],
        ),
    ],
    ids=["number", "hex", "base64", "32 bytes", "json", "key", "note", "checkpoint"],
)
def test_no_other_form_is_read(read: Callable[[Any], object], forms: list[str | bytes]) -> None:
    assert [form[:80] for form in forms if is_read(read, form)] == []


def grown(old: int, path: list[bytes]) -> bytes:
    size = 3
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    heads = root_of_heads([Head("installation", size, leaves[-1])])
    signed = sign(Checkpoint(LOG.name, size, verify.Tree(leaves).root(), *heads).text(), LOG)
    lines = [f"old {old}", *(base64.b64encode(digest).decode() for digest in path), "", signed]
    return "\n".join(lines).encode()


def test_a_proof_has_at_most_as_many_hashes_as_a_log_can_need() -> None:
    assert verify.read_piece(grown(1, [ROOT] * 63)).old == 1
    with pytest.raises(verify.Misfit, match="63"):
        verify.read_piece(grown(1, [ROOT] * 64))


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "path"),
    [
        (2, ROOT, 1, ROOT, []),
        (0, ROOT, 1, ROOT, []),
        (0, hashlib.sha256().digest(), 1, ROOT, [ROOT]),
        (1, ROOT, 1, bytes(32), []),
        (1, ROOT, 1, ROOT, [ROOT]),
        (1, ROOT, 2, verify.node_of(ROOT, ROOT), []),
        (3, ROOT, 4, ROOT, []),
        (1, ROOT, 2, verify.node_of(ROOT, ROOT), [ROOT, ROOT]),
        (1, ROOT, 2, ROOT, [ROOT]),
    ],
)
def test_a_log_that_did_not_grow_from_another_is_told(
    old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]
) -> None:
    with pytest.raises(verify.Misfit):
        verify.check_growth(old, old_root, new, new_root, path)


def test_every_log_grew_from_nothing_and_from_itself() -> None:
    verify.check_growth(0, hashlib.sha256().digest(), 1, ROOT, [])
    verify.check_growth(0, hashlib.sha256().digest(), 0, hashlib.sha256().digest(), [])
    verify.check_growth(1, ROOT, 1, ROOT, [])
    verify.check_growth(1, ROOT, 2, verify.node_of(ROOT, ROOT), [ROOT])


@pytest.mark.parametrize(("index", "size", "path"), [(1, 1, []), (0, 0, []), (2, 2, [ROOT]), (4, 2, [ROOT])])
def test_no_leaf_is_beyond_the_tree(index: int, size: int, path: list[bytes]) -> None:
    with pytest.raises(verify.Misfit):
        verify.root_above(ROOT, index, size, path)


@pytest.mark.parametrize(
    "text",
    [
        *("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nextra e30=\nindex 0\n"),
        *("pdca-dossier@v1\nstream P-001", "pdca-dossier@v1\nstream P-001\nevents 1\nhead 0\n\nevent 0\n{}"),
        *("old 1", "old 1\n", f"old 1\n{CODED}", f"old 1\n{CODED}\n", f"old 1\n{CODED}\n\n"),
    ],
)
def test_what_is_cut_off_is_refused(text: str) -> None:
    with pytest.raises(verify.Misfit):
        verify.read_piece(text.encode())


def test_a_line_that_is_cut_off_is_told() -> None:
    with pytest.raises(verify.Misfit, match="too early"):
        verify.read_piece(b"old 1")


def test_a_dossier_without_events_is_told() -> None:
    with pytest.raises(verify.Misfit, match="one event at least"):
        verify.read_piece(b"pdca-dossier@v1\nstream P-001\nevents 0\nhead 0\n\n" + FIRST)
