"""A witness never cosigns a fork and never goes back, whatever it is handed; what is right it never refuses."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from pdca.audit.checkpoint import open_checkpoint
from pdca.audit.notes import VerifierKey
from pdca.audit.proofs import ConsistencyProof
from pdca.errors import PdcaError
from pdca.witness import Cosigned, Witness
from tests.witnessed import LOG, NAME, Branch, branches

LONGEST = 12

Handed = tuple[int, int, int, int, int]
"""Which of two logs, from how many events to how many, which byte of the proof is altered, and whose note.

Below 0 it goes on from what was cosigned last, and nothing is altered.
"""

handed = st.tuples(
    st.integers(0, 1),
    st.integers(-LONGEST, LONGEST),
    st.integers(0, LONGEST),
    st.integers(-200, 200),
    st.integers(0, 1),
)


def made(logs: tuple[Branch, Branch], which: int, old: int, size: int, altered: int, noted: int) -> ConsistencyProof:
    growth = replace(logs[which].growth(old, size), note=logs[noted].note(size))
    joined = b"".join(growth.path)
    if altered < 0 or not joined:
        return growth
    place = altered % len(joined)
    joined = joined[:place] + bytes([joined[place] ^ 1]) + joined[place + 1 :]
    return replace(growth, path=tuple(joined[start : start + 32] for start in range(0, len(joined), 32)))


def tried(witness: Witness, growth: ConsistencyProof, at: int) -> Cosigned | None:
    try:
        return witness.sign(growth, at)
    except PdcaError:
        return None


def is_one_history(logs: tuple[Branch, Branch], cosigned: list[Cosigned]) -> bool:
    """Tell whether there is a log that has every root which was cosigned."""
    return any(all(log.roots[one.checkpoint.size] == one.checkpoint.root for one in cosigned) for log in logs)


@given(st.integers(0, LONGEST), st.lists(handed, max_size=10))
@example(
    3, [(0, 0, 5, -1, 0), (1, 0, 5, -1, 1), (1, 5, 8, -1, 1), (0, 5, 8, -1, 1), (0, 5, 8, -1, 0), (1, 3, 9, -1, 1)]
)
@example(0, [(0, 0, 0, -1, 0), (0, 0, 4, -1, 0), (1, 0, 4, -1, 1)])
def test_what_it_cosigned_is_one_history_that_grows(common: int, submissions: list[Handed]) -> None:
    logs = branches(common, LONGEST)
    with TemporaryDirectory() as folder:
        witness = Witness(Path(folder, "witness"))
        key = witness.make(NAME, [LOG.verifier])
        cosigned: list[Cosigned] = []
        for at, submission in enumerate(submissions):
            before = witness.last(LOG.name)
            which, old, size, altered, noted = submission
            last = before.checkpoint.size if before else 0
            old, size = sorted((last if old < 0 else old, size))
            done = tried(Witness(witness.folder), made(logs, which, old, size, altered, noted), at)
            assert (done is not None) == is_right(logs, before, which, old, size, altered, noted)
            cosigned += [done] if done else []
            after = witness.last(LOG.name)
            assert after and after.note if done else after == before
        assert all(is_accepted(one, key) for one in cosigned)
    assert is_one_history(logs, cosigned)
    sizes = [one.checkpoint.size for one in cosigned]
    assert all(earlier <= later for earlier, later in pairwise(sizes))


def is_right(
    logs: tuple[Branch, Branch], before: Cosigned | None, which: int, old: int, size: int, altered: int, noted: int
) -> bool:
    """Say, knowing both logs whole, whether what is handed over has to be cosigned."""
    root = logs[noted].roots[size]
    if before is not None and before.checkpoint.size == size:
        return root == before.checkpoint.root
    last = before.checkpoint.size if before else 0
    unaltered = altered < 0 or not logs[which].growth(old, size).path
    shown = logs[which].roots[size] == root and (not before or logs[which].roots[last] == before.checkpoint.root)
    return old == last and unaltered and (shown or last == 0)


def is_accepted(cosigned: Cosigned, key: VerifierKey) -> bool:
    return open_checkpoint(cosigned.note, [LOG.verifier], [key]) == cosigned.checkpoint
