"""The bench of what grows measures each command at each size, on bodies that have so many plans."""

from pathlib import Path

import pytest

from benchmarks import growth
from pdca.store.reads import plans


def test_each_is_put_beside_the_same_with_the_fewest_plans() -> None:
    figures = growth.run(1, (2, 3))
    names = [*growth.READING, growth.SWEEP, growth.FILE]
    assert [(one.ours, one.other) for one in figures] == [(f"{name}, 3 plans", f"{name}, 2 plans") for name in names]
    assert all(one.ratio > 0 for one in figures)
    assert [one.ours for one in figures if one.rate is None] == [f"{growth.FILE}, 3 plans"]


def test_a_body_that_is_taken_in_by_parts_has_every_plan_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "IN_A_FILE", 2)
    with growth.a_body(tmp_path, 5).reading() as connection:
        slugs = [row["slug"] for row in connection.all(plans.PLANS)]
    assert sorted(slugs) == [f"AP-{number}" for number in range(5)]
