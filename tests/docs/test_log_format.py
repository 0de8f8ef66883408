"""The vectors on the page of the format are read by the verifier that is handed out, and by hand."""

import hashlib
import re
from pathlib import Path
from typing import Final

import pytest

from tests import standalone
from tests.docs import console
from tests.docs.vectors import SAID, SALT, VALUE

PAGE: Final = console.ROOT / "docs" / "reference" / "log-format.md"
VECTOR: Final = re.compile(r"<!-- vector: (\w+) -->\n```text\n(.*?)```", re.DOTALL)
ON_PAGE: Final = dict(VECTOR.findall(PAGE.read_text(encoding="utf-8")))


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def test_the_page_has_every_vector() -> None:
    assert set(ON_PAGE) == set(SAID)


def test_the_hashes_on_the_page_are_those_of_the_bodies_on_the_page() -> None:
    first, second, third = (sha256(b"\0", body.encode()) for body in ON_PAGE["bodies"].splitlines())
    assert ON_PAGE["leaves"].split() == [leaf.hex() for leaf in (first, second, third)]
    pair = sha256(b"\1", first, second)
    assert ON_PAGE["roots"].split() == [one.hex() for one in (sha256(), first, pair, sha256(b"\1", pair, third))]
    heads = [
        sha256(b"\0", f"{name}\n{seq}\n{leaf.hex()}\n".encode())
        for name, seq, leaf in (("P-001", 2, third), ("installation", 1, first))
    ]
    assert ON_PAGE["heads"].split() == [one.hex() for one in heads]
    assert hashlib.sha256(SALT + f'"{VALUE}"'.encode()).hexdigest() in ON_PAGE["bodies"]


def test_the_verifier_that_is_handed_out_accepts_everything_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pieces = ("old", "checkpoint", "proof", "growth", "dossier")
    for name in (*pieces, "key", "witness", "cosigned"):
        Path(name).write_text(ON_PAGE[name], encoding="utf-8")
    assert standalone.load().main([*pieces, "--key", "key"]) == 0
    assert VALUE in capsys.readouterr().out
    assert standalone.load().main(["cosigned", "--key", "key", "--witness-key", "witness"]) == 0
    assert standalone.load().main(["checkpoint", "--key", "key", "--witness-key", "witness"]) == 1


def test_the_page_goes_along_with_every_export() -> None:
    assert (standalone.PATH.parent / "log-format.md").read_bytes() == PAGE.read_bytes()
