"""Figures are kept page by page, of one machine, and shown with the reason where they fall short."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from benchmarks import __main__ as bench
from benchmarks.figures import Bound, Figure
from benchmarks.kept import AnotherMachine, Kept, Run, read, read_for
from benchmarks.machine import described
from benchmarks.page import UNEXPLAINED, Reason, astray, explained, figures_as_page, unexplained

MACHINE: Final = {"processor": "a slow one", "python": "3.11"}
MET: Final = Figure("writing", "pdca", "bare", 0.7, Bound(0.6), 1234.5)
SHORT: Final = Figure("reading 1,000 plans", "list", "import", 0.7, Bound(0.5, most=True), 0.123)
WHY: Final = Reason("reading N plans", ["list", "show"], ["import"], "it reads much.")


def run(*figures: Figure) -> Run:
    return Run("./dev bench PAGE", "2026-01-02", "c0ffee", figures)


def test_a_page_that_is_measured_again_takes_the_place_of_what_was_kept_of_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    Kept(MACHINE, {"write": run(MET), "read": run(MET)}).write(path)
    read_for(path, MACHINE).with_run("read", run(SHORT)).write(path)
    kept = read(path)
    assert {page: list(one.figures) for page, one in kept.pages.items()} == {"write": [MET], "read": [SHORT]}
    assert (kept.machine, kept.pages["read"].command, kept.pages["read"].commit) == (
        MACHINE,
        "./dev bench PAGE",
        "c0ffee",
    )


def test_figures_of_another_machine_are_not_added(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    Kept(MACHINE, {"write": run(MET)}).write(path)
    with pytest.raises(AnotherMachine, match=r"another machine \(processor\)"):
        read_for(path, {**MACHINE, "processor": "a fast one"})


def test_the_page_tells_of_each_figure_what_was_promised_and_why_it_falls_short() -> None:
    written = figures_as_page(Kept(MACHINE, {"all": run(MET, SHORT)}), [WHY])
    assert "| writing | pdca | bare | 1,234 | 0.70 | ≥ 0.6 | met |" in written
    assert "| reading 1,000 plans | list | import | 0.12 | 0.70 | ≤ 0.5 | SHORT |" in written
    assert "- Short in reading 1,000 plans: list beside import: it reads much." in written
    assert "processor: a slow one; python: 3.11" in written
    assert "`./dev bench PAGE`, 2026-01-02, commit c0ffee:" in written


def test_a_figure_that_falls_short_without_a_reason_is_named_and_so_is_a_reason_of_nothing() -> None:
    kept = Kept(MACHINE, {"all": run(MET, SHORT)})
    assert unexplained(kept, []) == [SHORT]
    assert not unexplained(kept, [WHY])
    assert astray(kept, [WHY]) == [(WHY, "show", "import")]


def test_why_a_figure_falls_short_is_true_of_every_size_and_told_where_it_is_not_known() -> None:
    larger = replace(SHORT, bench="reading 20 plans")
    other = replace(SHORT, bench="reading plans")
    *known, unknown = explained([MET, SHORT, larger, other], [WHY])
    assert known == [f"- Short in reading {size} plans: list beside import: it reads much." for size in ("1,000", "20")]
    assert unknown == f"- Short in reading plans: list beside import: {UNEXPLAINED}"


def test_the_bench_ends_with_what_falls_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(bench.PAGES, "parts", lambda _asked: [MET, SHORT])
    monkeypatch.setattr(sys, "argv", ["bench", "parts"])
    bench.main()
    assert capsys.readouterr().out.endswith(f"\n\n- Short in {SHORT.bench}: list beside import: {UNEXPLAINED}\n")


def test_what_is_measured_is_kept_with_how_it_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "figures.json"
    Kept(described(), {"write": run(MET)}).write(path)
    monkeypatch.setattr(sys, "argv", ["bench", "idle-sweep", "--plans", "20", "--json", str(path)])
    bench.main()
    kept = read(path)
    assert kept.pages.keys() == {"write", "idle-sweep"}
    assert kept.pages["idle-sweep"].command == "./dev bench idle-sweep --plans 20"
    assert kept.pages["idle-sweep"].figures[0].ratio > 0


def test_a_file_of_another_machine_is_refused_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "figures.json"
    Kept(MACHINE, {"write": run(MET)}).write(path)
    before = path.read_bytes()
    monkeypatch.setattr(sys, "argv", ["bench", "idle-sweep", "--plans", "20", "--json", str(path)])
    with pytest.raises(SystemExit):
        bench.main()
    said = capsys.readouterr()
    assert "holds figures of another machine" in said.err
    assert "|" not in said.out
    assert path.read_bytes() == before
