"""Programmes: submission, decisions of outside authorities in order, addenda and prolongations (clauses 1, 2)."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.engine import Command
from pdca.errors import NotFound, PdcaError, Refused, Usage
from pdca.programme.decide import Decide
from pdca.programme.phenomenon import AddPhenomenon, MovePhenomenon, RenamePhenomenon
from pdca.programme.retain import Retain
from pdca.programme.submit import AuthorityStep, SetLegalDeadline, Submit
from pdca.programme.version import ProposeVersion
from pdca.report.programme import phenomena, programmes
from pdca.store.rows import insert
from tests import seed
from tests.contract.edits import evaluated
from tests.contract.world import World, untouched

NEXT: Final = "zvp-2026"
COUNCIL: Final = AuthorityStep({"nl": "Zonale veiligheidsraad"}, {"nl": "goedkeuring"}, "council")
MINISTERS: Final = AuthorityStep({"nl": "Ministers"}, {"nl": "ministerieel besluit"})
SUBMIT: Final = Submit(NEXT, (COUNCIL, MINISTERS))
PROLONG: Final = ProposeVersion(NEXT, "prolongation", "Een jaar langer.", (MINISTERS,), date(2032, 12, 31))
ADDENDUM: Final = ProposeVersion(NEXT, "addendum", "Een doelstelling erbij.", (MINISTERS,))


@pytest.fixture
def drafted(world: World) -> World:
    """A second programme, after the seeded one, with a candidate objective that was retained."""
    programme = insert(
        "programme",
        {"programme_id": NEXT},
        title='{"nl":"Zonaal veiligheidsplan"}',
        period_start="2026-01-01",
        period_end="2031-12-31",
        definition="zvp",
        definition_version=1,
        previous_id="zvp-test",
        status="draft",
        legal_deadline="2024-03-01",
        assumed=0,
    )
    objective = insert(
        "objective",
        {"objective_id": "SD2"},
        programme_id=NEXT,
        level="strategic_objective",
        position=1,
        title='{"nl":"Verkeer"}',
        disposition="candidate",
        internal=0,
        assumed=0,
    )
    world.by_administrator(seed.Plant([programme, objective]))
    evaluated(world)
    world.by_administrator(Retain("SD2", "retained", "Prioriteit.", None, "2024-01-08", "council"))
    return world


def decide(step: int, decision: str = "approved", version: int = 0, on: str = "2024-01-08", **more: str) -> Decide:
    return Decide(NEXT, version, step, decision, on, **more)


def approve(world: World, *versions: tuple[int, int]) -> None:
    for version, step in versions:
        world.by_administrator(decide(step, version=version))


def row(world: World) -> dict[str, Any]:
    return next(one for one in world.dump()["programme"] if one["programme_id"] == NEXT)


def view(world: World) -> dict[str, Any]:
    return next(one for one in programmes(world.reading) if one["programme_id"] == NEXT)


def test_clause_1_programmes_stand_in_sequence(drafted: World) -> None:
    assert [(one["programme_id"], one["previous_id"]) for one in programmes(drafted.reading)] == [
        ("zvp-test", None),
        (NEXT, "zvp-test"),
    ]


def test_submission_freezes_the_legal_deadline_and_lists_the_authorities_in_order(drafted: World) -> None:
    drafted.by_administrator(SetLegalDeadline(NEXT, date(2024, 2, 1)))
    assert drafted.by_administrator(SUBMIT).summary["late"] is False
    assert (row(drafted)["status"], row(drafted)["legal_deadline"]) == ("submitted", "2024-02-01")
    with pytest.raises(Refused) as failure:
        drafted.by_administrator(SetLegalDeadline(NEXT, date(2024, 5, 1)))
    assert failure.value.code == "legal-deadline-frozen"
    [version] = view(drafted)["versions"]
    assert (version["number"], version["kind"], version["status"]) == (0, "programme", "proposed")
    assert [(step["step"], step["party_id"], step["decision"]) for step in version["approvals"]] == [
        (1, "council", "awaited"),
        (2, None, "awaited"),
    ]
    assert version["approvals"][1]["authority"] == {"nl": "Ministers"}


def test_a_submission_after_the_legal_deadline_says_so(drafted: World) -> None:
    drafted.go_to(date(2024, 3, 1))
    assert drafted.house.apply(SUBMIT, dry_run=True).summary["late"] is False
    drafted.go_to(date(2024, 3, 2))
    assert drafted.by_administrator(SUBMIT).summary["late"] is True


def test_clause_2_authorities_decide_in_their_order_and_a_decision_may_take_effect_on_another_day(
    drafted: World,
) -> None:
    drafted.by_administrator(SUBMIT)
    with pytest.raises(Refused) as failure:
        drafted.by_administrator(decide(2))
    assert failure.value.code == "earlier-step-open"
    assert drafted.by_administrator(decide(1)).summary["status"] == "submitted"
    drafted.go_to(date(2024, 3, 31))
    last = decide(2, on="2024-03", effective_on="2026-01-01", note="Ministerieel besluit.")
    assert drafted.by_administrator(last).summary["status"] == "approved"
    step = view(drafted)["versions"][0]["approvals"][1]
    assert (step["decided_on"], step["effective_on"], step["note"]) == (
        "2024-03",
        "2026-01-01",
        "Ministerieel besluit.",
    )
    assert (step["recorded_by"], step["recorded_at"][:10]) == ("U-001", "2024-03-31")
    assert (view(drafted)["versions"][0]["status"], row(drafted)["status"]) == ("approved", "approved")


def test_a_later_step_is_not_decided_on_an_earlier_day(drafted: World) -> None:
    drafted.by_administrator(SUBMIT)
    drafted.by_administrator(decide(1))
    with pytest.raises(Usage) as failure:
        drafted.by_administrator(decide(2, on="2024-01-07"))
    assert failure.value.code == "decided-before-earlier-step"
    drafted.by_administrator(decide(2, on="2024-01"))


def test_a_rejected_programme_can_be_submitted_again_and_both_submissions_stay(drafted: World) -> None:
    drafted.by_administrator(SUBMIT)
    drafted.by_administrator(decide(1))
    assert drafted.by_administrator(decide(2, "rejected")).summary["status"] == "rejected"
    assert drafted.by_administrator(SUBMIT).summary["version"] == 1
    approve(drafted, (1, 1), (1, 2))
    assert [version["status"] for version in view(drafted)["versions"]] == ["rejected", "approved"]
    assert row(drafted)["status"] == "approved"


@pytest.mark.parametrize(
    ("steps", "missing"),
    [
        ((COUNCIL,), ["Ministers"]),
        ((MINISTERS,), ["Zonale veiligheidsraad"]),
        ((MINISTERS, COUNCIL), ["Ministers"]),
        ((COUNCIL, replace(MINISTERS, act={"nl": "kennisneming"})), ["Ministers"]),
        ((AuthorityStep({"nl": "Gouverneur"}, {"nl": "advies"}),), ["Zonale veiligheidsraad", "Ministers"]),
        ((COUNCIL, MINISTERS), []),
        ((AuthorityStep({"nl": "zonale veiligheidsraad"}, COUNCIL.act), MINISTERS), []),
        ((COUNCIL, replace(MINISTERS, act={"fr": "arrêté ministériel"})), []),
        ((COUNCIL, AuthorityStep({"nl": "Gouverneur"}, {"nl": "advies"}), MINISTERS), []),
    ],
)
def test_nobody_who_had_to_decide_over_a_rejected_programme_is_left_out_of_its_next_submission(
    drafted: World, steps: tuple[AuthorityStep, ...], missing: list[str]
) -> None:
    drafted.by_administrator(SUBMIT)
    drafted.by_administrator(decide(1))
    drafted.by_administrator(decide(2, "rejected"))
    outcome = drafted.by_administrator(Submit(NEXT, steps))
    assert [need.params["authority"] for need in outcome.refusal] == missing
    for need in outcome.refusal:
        assert need.command_line() == (
            "pdca programme submit zvp-2026 --step council=goedkeuring --step 'Ministers: ministerieel besluit'"
        )
    assert row(drafted)["status"] == ("rejected" if missing else "submitted")


def test_a_rejection_before_the_last_step_ends_it(drafted: World) -> None:
    drafted.by_administrator(SUBMIT)
    assert drafted.by_administrator(decide(1, "rejected")).summary["status"] == "rejected"
    with pytest.raises(Refused):
        drafted.by_administrator(decide(2))


def test_a_prolongation_moves_the_last_day_only_once_it_is_approved_and_the_old_day_is_kept(drafted: World) -> None:
    drafted.by_administrator(SUBMIT)
    approve(drafted, (0, 1), (0, 2))
    assert drafted.by_administrator(PROLONG).summary["version"] == 1
    assert row(drafted)["period_end"] == "2031-12-31"
    approve(drafted, (1, 1))
    assert row(drafted)["period_end"] == "2032-12-31"
    assert [version["period_end"] for version in view(drafted)["versions"]] == ["2031-12-31", "2032-12-31"]


def test_a_prolongation_that_is_rejected_moves_nothing(drafted: World) -> None:
    drafted.by_administrator(SUBMIT)
    approve(drafted, (0, 1), (0, 2))
    drafted.by_administrator(PROLONG)
    drafted.by_administrator(decide(1, "rejected", version=1))
    assert (row(drafted)["period_end"], row(drafted)["status"]) == ("2031-12-31", "approved")
    drafted.by_administrator(PROLONG)


def test_an_addendum_has_approvals_of_its_own_and_leaves_the_programme_in_force(drafted: World) -> None:
    drafted.by_administrator(SUBMIT)
    approve(drafted, (0, 1), (0, 2))
    drafted.by_administrator(ADDENDUM)
    with pytest.raises(Refused) as failure:
        drafted.by_administrator(PROLONG)
    assert failure.value.code == "version-waiting"
    assert row(drafted)["status"] == "approved"
    approve(drafted, (1, 1))
    [_first, second] = view(drafted)["versions"]
    assert (second["kind"], second["text"], second["status"]) == ("addendum", ADDENDUM.text, "approved")
    assert row(drafted)["period_end"] == "2031-12-31"


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (Submit("zvp-9", (COUNCIL,)), NotFound, "programme-unknown"),
        (Submit("zvp-test", (COUNCIL,)), Refused, "already-submitted"),
        (Submit(NEXT, ()), Usage, "no-authority"),
        (Submit(NEXT, (replace(COUNCIL, authority={"nl": " "}),)), Usage, "authority-missing"),
        (Submit(NEXT, (replace(COUNCIL, act={}),)), Usage, "act-missing"),
        (Submit(NEXT, (replace(COUNCIL, party="nobody"),)), NotFound, "party-unknown"),
        (decide(1), NotFound, "step-unknown"),
        (PROLONG, Refused, "programme-not-approved"),
        (replace(PROLONG, period_end=None), Usage, "version-end"),
        (replace(PROLONG, period_end=date(2031, 12, 31)), Usage, "prolongation-not-later"),
        (replace(PROLONG, text=" "), Usage, "version-text-missing"),
        (replace(PROLONG, kind="programme"), Usage, "version-kind-unknown"),
        (replace(ADDENDUM, period_end=date(2033, 1, 1)), Usage, "version-end"),
        (SetLegalDeadline("zvp-9", date(2024, 2, 1)), NotFound, "programme-unknown"),
    ],
)
def test_what_does_not_fit_is_an_error_and_nothing_is_changed(
    drafted: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    with untouched(drafted, kind, code):
        drafted.by_administrator(command)


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (decide(1), Refused, "already-decided"),
        (decide(3), NotFound, "step-unknown"),
        (decide(2, version=4), NotFound, "step-unknown"),
        (decide(2, "perhaps"), Usage, "decision-unknown"),
        (decide(2, on="2024-01-09"), Usage, "date-to-come"),
        (decide(2, on="maart"), Usage, "date-unreadable"),
        (decide(2, effective_on="maart"), Usage, "date-unreadable"),
        (SUBMIT, Refused, "already-submitted"),
    ],
)
def test_a_decision_that_does_not_fit_and_nothing_is_changed(
    drafted: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    drafted.by_administrator(SUBMIT)
    drafted.by_administrator(decide(1))
    with untouched(drafted, kind, code):
        drafted.by_administrator(command)


def test_a_programme_of_which_nothing_was_retained_is_not_submitted(drafted: World) -> None:
    drafted.by_administrator(Retain("SD2", "dropped", "Toch niet.", None, "2024-01-08", "council"))
    with pytest.raises(Refused) as failure:
        drafted.by_administrator(SUBMIT)
    assert failure.value.code == "nothing-retained"


@pytest.mark.parametrize(
    "command",
    [SUBMIT, SetLegalDeadline(NEXT, date(2024, 2, 1)), decide(1), ADDENDUM, AddPhenomenon("theft", {"en": "Theft"})],
)
def test_a_project_leader_does_not_decide_over_programmes(drafted: World, command: Command) -> None:
    with pytest.raises(Refused) as failure:
        drafted.by("sofie", command)
    assert failure.value.code == "not-in-charge"


# --- phenomena


def grown(world: World) -> None:
    world.by_administrator(AddPhenomenon("street", {"en": "Street crime"}))
    world.by_administrator(AddPhenomenon("theft", {"en": "Theft"}, "street"))
    world.by_administrator(AddPhenomenon("bag", {"en": "Bag snatching"}, "theft"))


def tree(world: World) -> list[Any]:
    def names(found: list[dict[str, Any]]) -> list[Any]:
        return [[one["phenomenon_id"], *names(one["phenomena"])] for one in found]

    return names(phenomena(world.reading))


def test_phenomena_stand_in_a_tree_that_can_be_rearranged(world: World) -> None:
    grown(world)
    assert tree(world) == [["street", ["theft", ["bag"]]]]
    world.by_administrator(MovePhenomenon("theft", None))
    world.by_administrator(RenamePhenomenon("theft", {"en": "Thefts"}))
    world.by_administrator(RenamePhenomenon("theft", {"nl": "Diefstal"}))
    assert tree(world) == [["street"], ["theft", ["bag"]]]
    assert [one["title"] for one in phenomena(world.reading)] == [
        {"en": "Street crime"},
        {"en": "Thefts", "nl": "Diefstal"},
    ]


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (AddPhenomenon("bag", {"en": "Bag"}), Usage, "phenomenon-exists"),
        (AddPhenomenon("purse", {"en": "Purse"}, "wallet"), NotFound, "phenomenon-unknown"),
        (AddPhenomenon("purse", {"en": " "}), Usage, "phenomenon-title-missing"),
        (MovePhenomenon("street", "bag"), Usage, "phenomenon-under-itself"),
        (MovePhenomenon("street", "street"), Usage, "phenomenon-under-itself"),
        (MovePhenomenon("purse", None), NotFound, "phenomenon-unknown"),
        (MovePhenomenon("bag", "purse"), NotFound, "phenomenon-unknown"),
        (RenamePhenomenon("purse", {"en": "Purse"}), NotFound, "phenomenon-unknown"),
        (RenamePhenomenon("bag", {}), Usage, "phenomenon-title-missing"),
    ],
)
def test_a_change_of_the_tree_that_does_not_fit_leaves_no_trace(
    world: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    grown(world)
    with untouched(world, kind, code):
        world.by_administrator(command)
