"""Importing evaluations of programmes: as they were published, and never over what is recorded."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
import yaml

from pdca.engine import Outcome
from pdca.errors import Failed, Refused
from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.problems import ImportRefused
from pdca.people.commands import AddPerson
from pdca.programme.evaluation import RecordProgrammeEvaluation
from pdca.programme.extend import ApproveProgrammeExtension, RequestProgrammeExtension
from pdca.programme.retain import Retain
from pdca.report.programme import objectives
from pdca.report.programme_evaluations import evaluations, origin
from pdca.store.driver import Row
from pdca.store.reads import evaluations as moments
from pdca.store.reads import programme_evaluations
from tests.contract.world import World, codes, morning, nothing_but_the_refusal
from tests.unit.cli.zone import EXAMPLE
from workflows.instants import to_text

THEME: Final = {"id": "T1", "title": "Straat", "finding": "Gedaald.", "decision": "daily_operations"}
RETAINED: Final = {"as": "retained", "motive": "Zo beslist.", "decided": "2019-12", "by": "de raad"}


def file(objective: dict[str, Any] | None = None, **programme: Any) -> dict[str, Any]:  # noqa: ANN401 - any key
    return {
        "pdca": 1,
        "language": "nl",
        "organisation": {"id": "pz", "name": "Politiezone", "zone": "Europe/Brussels", "languages": ["nl"]},
        "programme": {
            "id": "zvp",
            "title": "ZVP",
            "method": "zvp",
            "period": {"from": "2020", "to": "2025"},
            **programme,
        },
        "objectives": [{"id": "S1", "title": "Drugs", **(objective or {})}],
    }


def before(*themes: dict[str, Any], **evaluation: Any) -> dict[str, Any]:  # noqa: ANN401 - any key
    held = {"id": "final", "kind": "final", "themes": list(themes), **evaluation}
    return {"previous": [{"id": "old", "period": {"from": "2014", "to": "2019"}, "evaluations": [held]}]}


def take_in(world: World, data: dict[str, Any]) -> Outcome:
    document = read_document(yaml.safe_dump(data, allow_unicode=True), known=known_in(world.reading))
    return replace(world.house, source="import").apply(ImportDocument(document))


def test_the_evaluation_of_the_example_is_recorded_as_it_was_published(empty: World) -> None:
    replace(empty.house, source="import").apply(ImportDocument(read_document(EXAMPLE)))
    (found,) = evaluations(empty.reading)
    assert (found["evaluation_id"], found["status"], found["as_published"], found["held_on"]) == (
        "pzs-2014-2017/final",
        "recorded",
        True,
        None,
    )
    assert len(found["themes"]) == 7
    first, second = found["themes"][:2]
    assert (first["theme_id"], first["decision"], first["objectives"]) == (
        "straatcriminaliteit",
        "daily_operations",
        ["SC"],
    )
    assert (second["finding"], second["decision"]) == (None, None)
    with pytest.raises(Failed):
        take_in(empty, file({"origin": {"programme": "old", "evaluation": "final", "theme": "T1"}}))


def test_what_was_published_of_the_programme_before_lets_the_next_one_retain(empty: World) -> None:
    take_in(empty, file(**before(THEME)))
    retain = Retain("S1", "retained", "Prioriteit.", None, "2019-12", "de raad")
    assert empty.by_administrator(retain).refusal == ()


def test_what_a_file_brings_in_as_retained_was_decided_elsewhere_and_waits_for_nothing(empty: World) -> None:
    described = {"previous": [{"id": "old", "period": {"from": "2014", "to": "2019"}}]}
    take_in(empty, file({"disposition": RETAINED}, **described))
    (one,) = objectives(empty.reading)
    assert one["disposition"] == "retained"
    again = empty.by_administrator(Retain("S1", "retained", "Opnieuw.", None, "2020-01", "de raad"))
    assert codes(again) == ["final-evaluation-missing"]


def test_an_evaluation_to_come_is_recorded_by_a_file_that_says_when_it_was_held(empty: World) -> None:
    coming = {"id": "Y", "kind": "yearly", "period": "2019", "due": "2020-02", "themes": [THEME]}
    take_in(empty, file(evaluations=[coming]))
    (one,) = evaluations(empty.reading)
    assert (one["status"], one["due_on"], one["period"]) == ("planned", "2020-02", "2019")
    take_in(empty, file(evaluations=[{**coming, "held": "2020-01", "by": "de raad"}]))
    (one,) = evaluations(empty.reading)
    assert (one["status"], one["held_on"], one["held_by"], one["as_published"]) == (
        "recorded",
        "2020-01",
        "de raad",
        True,
    )


@pytest.mark.parametrize(
    "changed",
    [
        before({**THEME, "finding": "Gestegen."}),
        before(THEME, {**THEME, "id": "T2"}),
        before(THEME, held="2019-11"),
    ],
)
def test_a_recorded_evaluation_is_not_changed_by_a_file(empty: World, changed: dict[str, Any]) -> None:
    take_in(empty, file(**before(THEME)))
    kept = empty.dump()
    with pytest.raises(Refused) as failure:
        take_in(empty, file(**changed))
    assert failure.value.code == "programme-evaluation-fixed"
    assert failure.value.place is not None
    assert failure.value.place.field == "programme.previous[0].evaluations[0]"
    assert nothing_but_the_refusal(kept, empty.dump())


def test_an_evaluation_recorded_here_comes_back_from_a_file_without_a_change(empty: World) -> None:
    take_in(empty, file(evaluations=[{"id": "M", "kind": "mid_term", "themes": [THEME]}]))
    empty.by_administrator(RecordProgrammeEvaluation("zvp/M", "2020-01", "de raad", {"nl": "Vroeger beginnen."}))
    data = programme_document(empty.reading)
    (written,) = data["programme"]["evaluations"]
    assert (written["held"], written["by"], written["lessons"]) == ("2020-01", "de raad", "Vroeger beginnen.")
    assert take_in(empty, data).events == ()
    assert not evaluations(empty.reading)[0]["as_published"]


def test_an_objective_keeps_the_finding_that_its_file_says_it_comes_from(empty: World) -> None:
    named = {"programme": "old", "evaluation": "final", "theme": "T1"}
    take_in(empty, file({"origin": named}, **before(THEME)))
    found = origin(empty.reading, "S1")
    assert found is not None
    assert (found["evaluation_id"], found["theme_id"]) == ("old/final", "T1")
    assert programme_document(empty.reading)["objectives"][0]["origin"] == named


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        (
            file({"origin": {"programme": "old", "evaluation": "final", "theme": "T9"}}, **before(THEME)),
            "import-unknown-reference",
            "objectives[0].origin",
        ),
        (
            file(**before({"id": "T1", "phenomenon": "nothing"})),
            "import-unknown-reference",
            "programme.previous[0].evaluations[0].themes[0].phenomenon",
        ),
        (
            file(**before({"id": "T1", "objective": "nothing"})),
            "import-unknown-reference",
            "programme.previous[0].evaluations[0].themes[0].objective",
        ),
        (
            file(**before({"id": "T1"})),
            "import-incomplete",
            "programme.previous[0].evaluations[0].themes[0]",
        ),
        (
            file(**before(THEME, {**THEME})),
            "import-duplicate-id",
            "programme.previous[0].evaluations[0].themes[1].id",
        ),
        (
            file(evaluations=[{"id": "A", "kind": "final"}, {"id": "a", "kind": "final"}]),
            "import-duplicate-id",
            "programme.evaluations[1].id",
        ),
        (
            file(evaluations=[{"id": "A", "kind": "yearly"}]),
            "import-incomplete",
            "programme.evaluations[0].period",
        ),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(empty: World, data: dict[str, Any], code: str, field: str) -> None:
    kept = empty.dump()
    with pytest.raises(ImportRefused) as failure:
        take_in(empty, data)
    assert failure.value.code == code
    assert failure.value.place is not None
    assert failure.value.place.field == field
    assert empty.dump() == kept


COMING: Final = {"id": "Y", "kind": "yearly", "period": "2024", "due": "2025-02", "themes": [THEME]}


def test_the_day_by_which_a_programme_is_evaluated_is_kept_as_the_file_says_it(empty: World) -> None:
    """An earlier day is another deadline, so that its rungs are told anew; what was held is waited for no more."""
    take_in(empty, file(evaluations=[COMING]))
    [first] = live(empty)
    assert (first["since"], first["programme_evaluation_id"]) == (to_text(morning(date(2025, 2, 28))), "zvp/Y")
    take_in(empty, file(evaluations=[{**COMING, "note": "In de raad."}]))
    assert live(empty) == [first]
    sooner = {**COMING, "due": "2025-01"}
    take_in(empty, file(evaluations=[sooner]))
    [second] = live(empty)
    assert (second["since"], second["step"]) == (to_text(morning(date(2025, 1, 31))), 0)
    assert empty.sweep_on(date(2025, 1, 31)).enforced == 1
    [exported] = programme_document(empty.reading, "zvp")["programme"]["evaluations"]
    assert exported["due"] == "2025-01"
    take_in(empty, file(evaluations=[{**sooner, "held": "2025-01-15"}]))
    assert live(empty) == []


@pytest.mark.parametrize("due", ["2025-03", None])
def test_a_file_neither_puts_that_day_off_nor_takes_it_away(empty: World, due: str | None) -> None:
    take_in(empty, file(evaluations=[COMING]))
    kept = empty.dump()
    other = {name: value for name, value in {**COMING, "due": due}.items() if value is not None}
    with pytest.raises(Refused) as failure:
        take_in(empty, file(evaluations=[other]))
    assert failure.value.code == "programme-evaluation-day-fixed"
    assert nothing_but_the_refusal(kept, empty.dump())


def test_a_day_that_was_put_off_is_written_out_and_stays_whichever_of_both_a_file_says(empty: World) -> None:
    take_in(empty, file(evaluations=[COMING]))
    empty.by_administrator(RequestProgrammeExtension("zvp/Y", "2025-04", "Later."))
    another = AddPerson("an", "An Claes", None, None, "nl", "administrator", (), date(2024, 1, 1))
    empty.by_administrator(another)
    empty.by("an", ApproveProgrammeExtension("zvp/Y", "Akkoord."))
    data = programme_document(empty.reading)
    assert data["programme"]["evaluations"][0]["due"] == "2025-04"
    assert take_in(empty, data).events == ()
    assert take_in(empty, file(evaluations=[COMING])).events == ()
    [row] = empty.rows(programme_evaluations.EVALUATION, evaluation_id="zvp/Y")
    assert (row["due_on"], row["first_due_on"]) == ("2025-04", "2025-02")


def live(world: World) -> list[Row]:
    return world.rows(moments.LIVE_OF_PROGRAMMES)
