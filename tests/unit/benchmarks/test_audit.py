"""The bench of the audit audits: what it puts beside ours comes to the same root, and each part of the work is done."""

from pathlib import Path

from benchmarks import audit
from benchmarks.contestants import hashes
from pdca.audit.verify import verify
from pdca.store.database import locate
from pdca.store.verifying import StoredLog
from tests.fault import long_log

EVENTS = 1_100


def test_each_part_is_measured_and_told_beside_what_it_is_held_to() -> None:
    figures = audit.run(1, EVENTS)
    assert [(one.bench, one.ours, one.other) for one in figures] == [
        ("an audit", audit.TREE, audit.ALONE),
        ("an audit", audit.TREE_SHARED, audit.ALONE),
        ("an audit", audit.WHOLE, audit.ALONE),
        ("an audit", audit.WHOLE_SHARED, audit.ALONE),
        ("memory of an audit", "1,100 events", "1,000 events"),
        ("a proof", audit.PROOF, audit.OPENING),
        ("a proof", figures[-1].ours, "24 of 1,100 events"),
    ]
    assert all(one.ratio > 0 for one in figures)
    assert 1 / 24 < figures[-1].ratio <= 1


def test_hashlib_alone_comes_to_the_root_that_an_audit_finds(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    long_log.make(path, EVENTS)
    with locate(f"sqlite:///{path}").connect() as connection:
        report = verify(StoredLog(connection))
    kept = hashes.bodies(f"sqlite:///{path}")
    assert (len(kept), hashes.root(kept).hex()) == (EVENTS, report.root)
