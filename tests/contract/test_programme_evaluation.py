"""The evaluation of a whole programme: prepared, recorded once, and asked before the next one retains (clause 27)."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.engine import Command
from pdca.errors import NotFound, PdcaError, Refused, Usage
from pdca.programme.evaluation import AddEvaluation, RecordProgrammeEvaluation
from pdca.programme.phenomenon import AddPhenomenon
from pdca.programme.propose import Propose
from pdca.programme.retain import Retain
from pdca.programme.theme import DropTheme, SetTheme
from pdca.report.gaps import told
from pdca.report.programme import objectives, programmes
from pdca.report.programme_evaluations import evaluations, origin
from pdca.store.jsontext import to_json
from pdca.store.rows import Change, insert, update
from tests import seed
from tests.contract.edits import evaluated
from tests.contract.world import World, codes, nothing_but_the_refusal, untouched

NEXT: Final = "zvp-2026"
FINAL: Final = "zvp-test/final"
TEXTS: Final = {
    name: {"nl": text}
    for name, text in (("finding", "Gedaald."), ("attribution", "Dagelijks werk."), ("evidence", "De cijfers."))
}
THEME: Final = SetTheme(FINAL, "SD1", decision="continue", texts=TEXTS)
RECORD: Final = RecordProgrammeEvaluation(FINAL, "2023-12", "council", {"nl": "Vroeger beginnen."})
RETAINING: Final = "final-evaluation-missing"
RETAIN: Final = Retain("SD2", "retained", "Prioriteit.", None, "2024-01-08", "council")


def programme(name: str, **values: Any) -> Change:  # noqa: ANN401 - any column
    whole = {
        "title": to_json({"nl": "Zonaal veiligheidsplan"}),
        "period_start": "2026-01-01",
        "period_end": "2031-12-31",
        "definition": "zvp",
        "definition_version": 1,
        "status": "draft",
        "assumed": 0,
    }
    return insert("programme", {"programme_id": name}, **{**whole, **values})


def objective(name: str, programme_id: str, **values: Any) -> Change:  # noqa: ANN401 - any column
    whole = {
        "level": "strategic_objective",
        "position": 1,
        "title": to_json({"nl": "Verkeer"}),
        "disposition": "candidate",
        "internal": 0,
        "assumed": 0,
    }
    return insert("objective", {"objective_id": name}, programme_id=programme_id, **{**whole, **values})


@pytest.fixture
def followed(world: World) -> World:
    """The seeded programme with a draft that follows it, in which SD2 is a candidate."""
    world.by_administrator(seed.Plant([programme(NEXT, previous_id="zvp-test"), objective("SD2", NEXT)]))
    return world


@pytest.fixture
def prepared(followed: World) -> World:
    """The same, with a final evaluation that lacks nothing any more."""
    followed.by_administrator(AddEvaluation("zvp-test", "final", due_on="2024-02"))
    followed.by_administrator(THEME)
    return followed


def view(world: World, evaluation: str = FINAL) -> dict[str, Any]:
    return next(one for one in evaluations(world.reading) if one["evaluation_id"] == evaluation)


def test_an_evaluation_is_prepared_theme_by_theme_and_recorded_in_one_event(prepared: World) -> None:
    assert (view(prepared)["status"], view(prepared)["due_on"]) == ("planned", "2024-02")
    before = len(prepared.dump()["event"])
    prepared.by_administrator(RECORD)
    assert [row["kind"] for row in prepared.dump()["event"][before:]] == ["programme.evaluated"]
    found = view(prepared)
    assert (found["status"], found["held_on"], found["held_by"], found["recorded_by"], found["as_published"]) == (
        "recorded",
        "2023-12",
        "council",
        "U-001",
        False,
    )
    (theme,) = found["themes"]
    assert theme.items() >= {**TEXTS, "decision": "continue", "objective_id": "SD1"}.items()
    assert (theme["title"], found["lessons"]) == ({"en": "Safe streets"}, {"nl": "Vroeger beginnen."})


def test_a_programme_shows_its_evaluations(prepared: World) -> None:
    prepared.by_administrator(AddEvaluation("zvp-test", "yearly", "2024", "2025-03"))
    (shown,) = [one["evaluations"] for one in programmes(prepared.reading) if one["programme_id"] == "zvp-test"]
    assert [(one["evaluation_id"], one["status"]) for one in shown] == [
        (FINAL, "planned"),
        ("zvp-test/yearly-2024", "planned"),
    ]


@pytest.mark.parametrize("command", [replace(THEME, decision="dropped"), DropTheme(FINAL, "SD1"), RECORD])
def test_a_recorded_evaluation_is_not_edited(
    prepared: World, command: SetTheme | DropTheme | RecordProgrammeEvaluation
) -> None:
    prepared.by_administrator(RECORD)
    before = prepared.dump()
    assert codes(prepared.by_administrator(command)) == ["programme-evaluation-recorded"]
    assert nothing_but_the_refusal(before, prepared.dump())


def test_a_recorded_evaluation_is_followed_by_another(prepared: World) -> None:
    prepared.by_administrator(RECORD)
    assert prepared.by_administrator(AddEvaluation("zvp-test", "final")).summary["evaluation"] == f"{FINAL}-2"
    years = [prepared.by_administrator(AddEvaluation("zvp-test", "yearly", year)) for year in ("2024", "2025")]
    assert [one.summary["evaluation"] for one in years] == ["zvp-test/yearly-2024", "zvp-test/yearly-2025"]


def test_a_theme_keeps_what_is_not_said_again_and_can_be_taken_out(prepared: World) -> None:
    prepared.by_administrator(SetTheme(FINAL, "SD1", texts={"finding": {"fr": "En baisse."}}))
    (theme,) = view(prepared)["themes"]
    assert theme["finding"] == {"nl": "Gedaald.", "fr": "En baisse."}
    assert (theme["decision"], theme["evidence"]) == ("continue", {"nl": "De cijfers."})
    prepared.by_administrator(DropTheme(FINAL, "SD1"))
    assert view(prepared)["themes"] == []


def test_everything_that_a_theme_lacks_is_named_at_once(prepared: World) -> None:
    prepared.by_administrator(SetTheme(FINAL, "X", title={"nl": "Transversaal"}))
    prepared.by_administrator(
        SetTheme(
            FINAL,
            "Y",
            title={"nl": "Y"},
            decision="dropped",
            texts={"finding": {"nl": "Niets."}, "attribution": {"nl": "Toeval."}},
        )
    )
    before = prepared.dump()
    refused = prepared.by_administrator(RECORD)
    assert codes(refused) == [
        "theme-without-finding",
        "theme-without-decision",
        "theme-without-attribution",
        "attribution-without-evidence",
    ]
    assert [need.command_line() for need in refused.refusal][-1] == (
        "pdca programme evaluation theme zvp-test/final Y --evidence …"
    )
    assert nothing_but_the_refusal(before, prepared.dump())


def test_a_yearly_evaluation_need_not_say_to_what_the_result_is_due(followed: World) -> None:
    number = followed.by_administrator(AddEvaluation("zvp-test", "yearly", "2024")).summary["evaluation"]
    theme = {"nl": "Transversaal"}
    followed.by_administrator(SetTheme(number, "X", title=theme, decision="continue", texts={"finding": theme}))
    assert codes(followed.by_administrator(replace(RECORD, evaluation_id=number))) == ["year-not-over"]
    followed.go_to(date(2025, 1, 10))
    assert codes(followed.by_administrator(replace(RECORD, evaluation_id=number, held_on="2025-01"))) == []


def test_an_evaluation_is_prepared_once_and_of_a_year_of_the_programme(prepared: World) -> None:
    before = prepared.dump()
    for command, code in (
        (AddEvaluation("zvp-test", "final"), "evaluation-prepared"),
        (AddEvaluation("zvp-test", "yearly", "2030"), "year-outside-programme"),
        (AddEvaluation("zvp-test", "yearly", "2023"), "year-outside-programme"),
    ):
        with pytest.raises(PdcaError) as failure:
            prepared.by_administrator(command)
        assert failure.value.code == code
    assert prepared.dump() == before


def test_clause_27_a_final_evaluation_looks_at_every_objective_that_was_retained(followed: World) -> None:
    followed.by_administrator(AddEvaluation("zvp-test", "final"))
    assert codes(followed.by_administrator(RECORD)) == ["evaluation-without-theme", "objective-not-evaluated"]
    followed.by_administrator(AddPhenomenon("street", {"nl": "Straat"}))
    followed.by_administrator(AddPhenomenon("theft", {"nl": "Diefstal"}, "street"))
    followed.by_administrator(replace(THEME, theme_id="street"))
    assert codes(followed.by_administrator(RECORD)) == ["objective-not-evaluated"]
    key = {"objective_id": "SD1"}
    followed.by_administrator(seed.Plant([update("objective", key, phenomenon_id="theft")]))
    assert codes(followed.by_administrator(RECORD)) == []


def test_clause_27_nothing_is_retained_before_the_final_evaluation_of_the_programme_before(followed: World) -> None:
    before = followed.dump()
    refused = followed.by_administrator(RETAIN)
    assert codes(refused) == ["final-evaluation-missing"]
    assert refused.refusal[0].command_line() == "pdca programme evaluation add zvp-test --kind final"
    assert nothing_but_the_refusal(before, followed.dump())
    followed.by_administrator(AddEvaluation("zvp-test", "yearly", "2024"))
    followed.by_administrator(AddEvaluation("zvp-test", "final"))
    followed.by_administrator(THEME)
    (need,) = followed.by_administrator(RETAIN).refusal
    assert need.command_line() == "pdca programme evaluation record zvp-test/final --held DATE --by …"
    followed.by_administrator(RECORD)
    assert codes(followed.by_administrator(RETAIN)) == []


def test_completeness_names_a_programme_whose_predecessor_waits_for_its_final_evaluation(prepared: World) -> None:
    def missing() -> list[tuple[str, str | None]]:
        found = told(prepared.reading, prepared.clock.now())
        return [(one.gap.subject, one.need.command_line()) for one in found if one.gap.code == RETAINING]

    assert missing() == [(NEXT, "pdca programme evaluation record zvp-test/final --held DATE --by …")]
    prepared.by_administrator(RECORD)
    assert missing() == []


def test_what_is_not_retained_waits_for_no_evaluation(followed: World) -> None:
    assert codes(followed.by_administrator(replace(RETAIN, disposition="dropped"))) == []


def test_a_programme_that_follows_none_retains_freely(world: World) -> None:
    assert codes(world.by_administrator(replace(RETAIN, objective="SD1"))) == []


def test_a_programme_that_is_only_described_is_evaluated_before_the_next_one_retains(world: World) -> None:
    spans = (("old", "2014", "2019"), ("older", "2009", "2013"))
    details = to_json({"previous": [{"id": name, "period": {"from": a, "to": b}} for name, a, b in spans]})
    world.by_administrator(seed.Plant([programme(NEXT, details=details), objective("SD2", NEXT)]))
    (need,) = world.by_administrator(RETAIN).refusal
    assert need.command_line() == "pdca programme evaluation add old --kind final"
    world.by_administrator(AddEvaluation("old", "final"))
    world.by_administrator(replace(THEME, evaluation_id="old/final", theme_id="X", title={"nl": "Straat"}))
    world.by_administrator(replace(RECORD, evaluation_id="old/final"))
    assert codes(world.by_administrator(RETAIN)) == []


def test_clause_27_what_goes_on_becomes_a_candidate_of_the_next_programme_that_keeps_the_finding(
    prepared: World,
) -> None:
    prepared.by_administrator(SetTheme(FINAL, "X", title={"nl": "Stil"}, decision="dropped", texts=TEXTS))
    prepared.by_administrator(RECORD)
    outcome = prepared.by_administrator(Propose(FINAL))
    assert outcome.summary == {"evaluation": FINAL, "programme": NEXT, "objectives": ["SD1-2026"]}
    (one,) = [row for row in objectives(prepared.reading) if row["objective_id"] == "SD1-2026"]
    assert (one["programme_id"], one["level"], one["disposition"], one["title"], one["parent_id"]) == (
        NEXT,
        "strategic_objective",
        "candidate",
        {"en": "Safe streets"},
        None,
    )
    theme = origin(prepared.reading, "SD1-2026")
    assert theme is not None
    assert (theme["evaluation_id"], theme["theme_id"], theme["finding"]) == (FINAL, "SD1", {"nl": "Gedaald."})
    assert origin(prepared.reading, "SD2") is None
    again = prepared.by_administrator(Propose(FINAL))
    assert (again.events, again.summary["objectives"]) == ((), [])
    named = prepared.by_administrator(Propose(FINAL, NEXT, ("X",), "QUIET"))
    assert named.summary["objectives"] == ["QUIET"]
    assert [theme["objectives"] for theme in view(prepared)["themes"]] == [["SD1-2026"], ["QUIET"]]


@pytest.mark.parametrize("handle", ["karel", "lea"])
def test_who_heads_the_body_or_answers_for_it_evaluates(followed: World, handle: str) -> None:
    followed.by(handle, AddEvaluation("zvp-test", "final"))
    followed.by(handle, THEME)
    assert codes(followed.by(handle, RECORD)) == []


@pytest.mark.parametrize("command", [AddEvaluation("zvp-test", "final"), THEME, DropTheme(FINAL, "SD1"), RECORD])
@pytest.mark.parametrize("handle", ["sofie", "marc"])
def test_nobody_else_does(prepared: World, handle: str, command: Command) -> None:
    with untouched(prepared, Refused, "not-in-charge"):
        prepared.by(handle, command)


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (AddEvaluation("zvp-9", "final"), NotFound, "programme-unknown"),
        (AddEvaluation("zvp-test", "monthly"), Usage, "programme-evaluation-kind-unknown"),
        (AddEvaluation("zvp-test", "yearly"), Usage, "evaluation-without-year"),
        (AddEvaluation("zvp-test", "yearly", "2024-03"), Usage, "evaluation-without-year"),
        (AddEvaluation("zvp-test", "final", due_on="soon"), Usage, "date-unreadable"),
        (replace(THEME, evaluation_id="zvp-test/x"), NotFound, "programme-evaluation-unknown"),
        (replace(THEME, theme_id="a b", title={"nl": "A"}), Usage, "bad-id"),
        (replace(THEME, theme_id="nothing"), Usage, "theme-about-nothing"),
        (replace(THEME, decision="perhaps"), Usage, "theme-decision-unknown"),
        (replace(THEME, phenomenon="nothing"), NotFound, "phenomenon-unknown"),
        (replace(THEME, objective="nothing"), NotFound, "objective-unknown"),
        (replace(THEME, theme_id="SD2"), Usage, "theme-of-another-programme"),
        (replace(THEME, title={"nl": " "}), Usage, "theme-title-missing"),
        (replace(THEME, texts={"finding": {"nl": " "}}), Usage, "theme-text-missing"),
        (DropTheme(FINAL, "nothing"), NotFound, "theme-unknown"),
        (replace(RECORD, held_on="2025"), Usage, "date-to-come"),
        (replace(RECORD, held_by=" "), Usage, "held-by-missing"),
        (Propose(FINAL), Refused, "programme-evaluation-open"),
    ],
)
def test_what_does_not_fit_is_an_error_and_nothing_is_changed(
    prepared: World,
    command: Command,
    kind: type[PdcaError],
    code: str,
) -> None:
    with untouched(prepared, kind, code):
        prepared.by_administrator(command)


def test_proposing_needs_a_programme_that_follows_and_one_id_for_one_objective(world: World) -> None:
    number = evaluated(world)
    with pytest.raises(NotFound) as failure:
        world.by_administrator(Propose(number))
    assert failure.value.code == "no-next-programme"
    world.by_administrator(seed.Plant([programme(NEXT, previous_id="zvp-test"), objective("SD2", NEXT)]))
    with pytest.raises(Usage) as taken:
        world.by_administrator(Propose(number, objective_id="sd2"))
    assert taken.value.code == "objective-exists"


def test_one_id_is_for_one_objective(prepared: World) -> None:
    prepared.by_administrator(SetTheme(FINAL, "X", title={"nl": "Stil"}, decision="retained", texts=TEXTS))
    prepared.by_administrator(RECORD)
    with pytest.raises(Usage) as failure:
        prepared.by_administrator(Propose(FINAL, objective_id="N1"))
    assert failure.value.code == "one-id-for-several"
    one = Propose(FINAL, themes=("X", "X"), objective_id="N1")
    assert prepared.by_administrator(one).summary["objectives"] == ["N1"]
