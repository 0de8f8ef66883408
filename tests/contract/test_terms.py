"""How long values are kept: decided by kind, erased when the term is over, and proven afterwards."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.engine import Command
from pdca.erasure.apply_rules import ApplyRules
from pdca.erasure.erase import erase_past_term
from pdca.erasure.naming import ERASED
from pdca.erasure.repeat import erasures
from pdca.erasure.rules import DecideTerm
from pdca.errors import NoRight, NotFound, PdcaError, TryAgain, Usage
from pdca.evaluations.snapshot import verified
from pdca.i18n import localized
from pdca.information.approve import ApproveReport
from pdca.not_arrived import messages_of
from pdca.partners.involvement import Involve
from pdca.partners.reaction import Answer, React
from pdca.people.commands import AddPerson, EndAppointment
from pdca.people.substitution import Substitute
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.report import log as views
from pdca.report.differences import differences_of_days
from pdca.report.information import report as whole
from pdca.report.one_message import message
from pdca.report.plans import whole as of_plan
from pdca.report.terms import past_term, terms
from pdca.report.then import as_of, end_of_day
from pdca.store.jsontext import from_json
from pdca.store.reads import erasing, evaluations
from pdca.store.rows import update
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_until_done
from scheduler.erasing import DailyErasure, ErasureCounts
from tests import seed
from tests.contract import edits
from tests.contract.informing import decided, report
from tests.contract.left_behind import found_in_bytes
from tests.contract.world import MOTIVE, PLAN, World, recording, untouched

BASIS: Final = "Archiefdecreet, selectielijst 12."
WHY: Final = "Zo besliste het college."
SICK: Final = "Ziek sinds maandag."
SAID: Final = "De meldlijn is te druk."
ANSWER: Final = "Er komt een tweede lijn."
CONTENT: Final = "Hoe je diefstal meldt."
FOUND: Final = "Minder diefstal."
LEARNED: Final = "Twee ploegen."
MISSING: Final = "De telling was er nog niet."
REPORTED: Final = "De krant schreef dat het rustiger werd."
NOTED: Final = {
    "perimeter": "Volgens de bewoner van nummer 12.",
    "phenomena": "Zo noemt de buurt het.",
    "axes": "Afgesproken met de winkelier.",
    "details": "De vorige trekker was ziek.",
    "steps": "Bellen met de school.",
}
TOO_LATE: Final = "Dat kwam er nog achteraan."
TEXTS: Final = {
    "absences": {SICK},
    "reactions": {SAID, ANSWER, CONTENT},
    "findings": {FOUND, LEARNED, MISSING, REPORTED},
    "reasons": {MOTIVE},
    "descriptions": {"Vastgesteld in de wijk.", *NOTED.values()},
    "messages": set[str](),
}
"""Of each kind, what is said of it in the plan that ended."""

CLOSED: Final = date(2024, 1, 8)
LATER: Final = date(2026, 1, 8)
"""More than a year after the plan was closed, and less than five."""


def decide(world: World, kind: str, months: int | None = 12, **more: Any) -> None:  # noqa: ANN401 - any field
    world.by_administrator(DecideTerm(kind, months, None if months is None else BASIS, WHY, **more))


def apply(world: World, folder: Path = Path("nowhere"), *, dry_run: bool = False) -> dict[str, Any]:
    return dict(erase_past_term(world.house, folder, dry_run=dry_run).summary)


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def note_everywhere(world: World) -> None:
    """Write something where more than a text is kept: next to places, phenomena and axes, as step, as published."""
    structured = {
        "perimeter": {"places": ["Stationsplein"], "note": NOTED["perimeter"]},
        "phenomena": [{"text": {"nl": "Fietsdiefstal"}, "note": NOTED["phenomena"]}],
        "axes": [{"id": "X1", "title": {"nl": "Toezicht"}, "leads": ["body"], "basis": NOTED["axes"]}],
        "details": {"handovers": [{"to": "chief", "date": "2023", "note": NOTED["details"]}]},
    }
    published = {"findings": [{"text": {"nl": REPORTED}, "source": ["krant"]}]}
    steps = [{"text": {"nl": NOTED["steps"]}}]
    noted = [
        update("plan", {"plan_id": PLAN}, **{name: json.dumps(value) for name, value in structured.items()}),
        update("evaluation", {"evaluation_id": "E-101"}, published=json.dumps(published)),
        update("activity", {"activity_id": f"{PLAN}/A1"}, steps=json.dumps(steps)),
    ]
    world.by("sofie", edits.Edit(noted))


@pytest.fixture
def ended(world: World, outbox: Path) -> World:
    """A plan that was closed, with everything said that can be said on the way, and all messages delivered."""
    note_everywhere(world)
    said = {"text": json.dumps({"nl": "Vastgesteld in de wijk."})}
    world.by("sofie", edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "analyse"}, **said)]))
    world.by("karel", Substitute("karel", "marc", CLOSED, date(2024, 2, 8), SICK))
    world.by("marc", Involve(PLAN, "transport", "training", CLOSED, CONTENT, ("anna",)))
    world.by("marc", React(PLAN, "transport", CLOSED, SAID))
    world.by("marc", Answer(f"{PLAN}/R1", ANSWER))
    world.take("start")
    decided(world, "2024-03-04")
    world.sweep_on(date(2024, 3, 4))
    assert world.by("sofie", ApproveReport(report(world)["report_id"])).refusal == ()
    world.take("evaluate")
    world.by("marc", recording("E-101", results={"thefts": {"missing": MISSING}}))
    world.take("conclude", "close")
    assert run_until_done(world.house, lambda _name: FileChannel(outbox)).done
    return world


def everything(world: World) -> str:
    return str({name: rows for name, rows in world.dump().items() if name != "erasure_rule"})


def test_without_a_rule_nothing_is_erased(ended: World) -> None:
    ended.go_to(date(2090, 1, 1))
    before = ended.dump()
    assert apply(ended) == {"kinds": [], "values": 0, "files": [], "shared_names": [], "in_the_clear": []}
    assert DailyErasure(Path("nowhere")).run_once(ended.house) == ErasureCounts()
    assert ended.dump() == before


@pytest.mark.parametrize("kind", list(TEXTS))
def test_a_kind_is_erased_once_its_term_is_over_with_all_that_was_made_of_it(ended: World, kind: str) -> None:
    decide(ended, kind)
    ended.go_to(date(2025, 1, 7))
    assert apply(ended)["values"] == 0
    before = everything(ended)
    assert {text for text in TEXTS[kind] if text not in before} == set()
    ended.go_to(LATER)
    found = apply(ended)
    [told] = found["kinds"]
    assert (told["kind"], told["rule"], told["values"]) == (kind, f"{kind}/1", found["values"])
    left = everything(ended)
    assert {text for text in TEXTS[kind] if text in left} == set()
    others = {text for other, texts in TEXTS.items() if other not in (kind, "messages") for text in texts}
    assert {text for text in others if text not in left} == set()
    report = ended.verified()
    assert report.ok
    assert report.erased >= found["values"] > 0
    again = ended.dump()
    assert apply(ended)["values"] == 0
    assert ended.dump() == again


def test_what_a_plan_was_about_stays_where_its_notes_were_erased(ended: World) -> None:
    for kind in ("descriptions", "findings"):
        decide(ended, kind)
    ended.go_to(LATER)
    apply(ended)
    plan = ended.plan()
    assert json.loads(plan["perimeter"]) == {"places": ["Stationsplein"], "note": ERASED}
    assert json.loads(plan["phenomena"]) == [{"text": {"nl": "Fietsdiefstal"}, "note": ERASED}]
    [axis] = json.loads(plan["axes"])
    assert (axis["title"], axis["leads"], axis["basis"]) == ({"nl": "Toezicht"}, ["body"], ERASED)
    [handover] = json.loads(plan["details"])["handovers"]
    assert (handover["to"], handover["date"], handover["note"]) == ("chief", "2023", ERASED)
    [row] = [one for one in ended.dump()["evaluation"] if one["evaluation_id"] == "E-101"]
    assert json.loads(row["published"]) == {"findings": [{"text": {"nl": ERASED}, "source": ["krant"]}]}


def test_what_a_plan_was_about_before_its_notes_were_erased_is_shown_by_the_mark(ended: World) -> None:
    for kind in ("descriptions", "findings"):
        decide(ended, kind)
    ended.go_to(LATER)
    apply(ended)
    with as_of(ended.reading, PLAN, end_of_day(ended.reading, PLAN, CLOSED)) as then:
        shown = of_plan(then, PLAN, ended.clock.now())
        differences = differences_of_days(then, ended.reading, PLAN)
    assert shown["perimeter"] == {"places": [ERASED]}
    assert [localized(one["text"]) for one in shown["phenomena"]] == [ERASED]
    assert {one["published"]["findings"][0]["text"] for one in shown["evaluations"] if one["published"]} == {ERASED}
    assert {"perimeter", "axes"} <= {one.field.partition(".")[0] for one in differences}


def test_no_byte_of_any_kind_is_left_in_database_and_outbox(ended: World, outbox: Path) -> None:
    for kind in TEXTS:
        decide(ended, kind)
    ended.go_to(LATER)
    needles = {text.encode() for texts in TEXTS.values() for text in texts}
    assert found_in_bytes(ended, needles, outbox) == needles
    found = apply(ended, outbox)
    assert found["files"]
    assert found_in_bytes(ended, needles, outbox) == set()


def test_a_message_that_was_given_up_is_sent_no_more_and_one_that_waits_is_left(ended: World) -> None:
    given_up, waits, *_sent = sorted(row["notification_id"] for row in ended.dump()["notification"])
    planted = {given_up: "dead", waits: "pending"}
    ended.by_administrator(
        seed.Plant([update("notification", {"notification_id": one}, status=as_) for one, as_ in planted.items()])
    )
    decide(ended, "messages")
    ended.go_to(LATER)
    apply(ended)
    rows = {row["notification_id"]: row for row in ended.dump()["notification"]}
    assert (rows[given_up]["status"], rows[given_up]["parameters"]) == ("lapsed", '{"report":"R-001"}')
    assert rows[waits]["status"] == "pending"
    assert "title" in rows[waits]["parameters"]
    assert ended.verified().ok


def test_messages_and_reports_are_shown_without_what_was_erased(ended: World) -> None:
    told = {row["notification_id"] for row in ended.dump()["notification"]}
    report_id = report(ended)["report_id"]
    assert len((whole(ended.reading, report_id, ended.clock.now()) or {})["messages"]) == 1
    decide(ended, "messages")
    ended.go_to(LATER)
    apply(ended)
    assert {message(ended.reading, one, None)["text"] for one in told} == {ERASED}
    [mail] = (whole(ended.reading, report_id, ended.clock.now()) or {})["messages"]
    assert (mail["status"], mail["last_error"]) == ("sent", None)
    [row] = messages_of(ended.reading, PLAN, report_id)
    assert from_json(row["parameters"]) == {"report": report_id}


def test_who_left_is_erased_and_who_holds_a_function_or_more_than_a_members_access_is_not(ended: World) -> None:
    anna = ended.person_id("anna")
    ended.go_to(date(2024, 6, 1))
    ended.by_administrator(EndAppointment("anna", "transport", date(2024, 6, 1)))
    decide(ended, "people", 6)
    ended.go_to(date(2024, 11, 30))
    assert apply(ended)["values"] == 0
    ended.go_to(date(2024, 12, 1))
    assert apply(ended)["values"] > 0
    assert {row["person_id"] for row in ended.dump()["person"] if row["erased_at"]} == {anna}
    assert {(one.what, one.of) for one in erasures(ended.reading) if one.what == "person"} == {("person", anna)}
    assert "Anna Smith" not in everything(ended)


def test_where_the_name_of_who_left_could_not_be_erased_is_told(ended: World) -> None:
    anna, party = ended.person_id("anna"), {"en": f"c/o {seed.PARTNER.email}"}
    ended.go_to(date(2024, 6, 1))
    ended.by_administrator(AddPerson("anna2", seed.PARTNER.name, None, None, "nl", "member", (), date(2024, 6, 1)))
    ended.by_administrator(seed.Plant([update("party", {"party_id": "transport"}, name=json.dumps(party))]))
    in_the_clear = max(row["event_id"] for row in ended.dump()["event"])
    ended.by_administrator(EndAppointment("anna", "transport", date(2024, 6, 1)))
    decide(ended, "people", 6)
    ended.go_to(date(2024, 12, 1))
    told = apply(ended, dry_run=True)
    assert (told["shared_names"], told["in_the_clear"]) == ([anna], [in_the_clear])
    counts = DailyErasure(Path("nowhere")).run_once(ended.house)
    assert (counts.shared_names, counts.in_the_clear) == ((anna,), (in_the_clear,))


def test_an_event_says_by_which_rule_of_how_many_how_much_and_who_did_it(ended: World) -> None:
    decide(ended, "findings", 24)
    decide(ended, "findings")
    decide(ended, "reactions")
    ended.go_to(LATER)
    found = apply(ended)
    runs = {row["kind"]: row for row in ended.rows(erasing.RUNS)}
    assert {kind: (row["rule_number"], row["subjects"]) for kind, row in runs.items()} == {
        "findings": (2, 1),
        "reactions": (1, 1),
    }
    assert sum(row["erased"] for row in runs.values()) == found["values"]
    events = [one for one in views.events(ended.reading) if one["kind"] in ("retention.applied", "value.erased")]
    assert {(one["kind"], one["reason"]) for one in events} == {
        ("value.erased", "findings/2, reactions/1"),
        ("retention.applied", "reactions/1, findings/2"),
    }
    assert {row["ground"] for row in ended.dump()["erased_value"]} == {"retention"}


def test_the_scheduler_erases_once_a_day_by_itself(ended: World, outbox: Path) -> None:
    decide(ended, "reactions")
    daily = DailyErasure(outbox)
    assert daily.run_once(ended.house) == ErasureCounts()
    ended.go_to(LATER)
    assert past_term(ended.reading, ended.clock.now())[0] == "warning"
    counts = daily.run_once(ended.house)
    assert counts.erased_by_rules == 1
    assert counts.erased > 0
    assert DailyErasure(outbox).run_once(ended.house) == ErasureCounts()
    assert past_term(ended.reading, ended.clock.now())[0] == "ok"
    assert list(views.events(ended.reading))[-1]["source"] == ended.house.source


@pytest.mark.parametrize(
    ("kind", "late"),
    [
        ("reactions", React(PLAN, "transport", LATER, TOO_LATE)),
        ("reasons", Advance(PLAN, "start", attempt=Attempt(TOO_LATE))),
    ],
)
def test_what_is_said_of_a_plan_after_it_was_erased_is_erased_the_next_day(
    ended: World, kind: str, late: Command
) -> None:
    decide(ended, kind)
    ended.go_to(LATER)
    daily = DailyErasure(Path("nowhere"))
    assert daily.run_once(ended.house).erased_by_rules == 1
    ended.by("marc", late)
    assert TOO_LATE in everything(ended)
    ended.go_to(LATER + timedelta(days=1))
    assert past_term(ended.reading, ended.clock.now())[0] == "warning"
    assert daily.run_once(ended.house) == ErasureCounts(1, 1)
    assert TOO_LATE not in everything(ended)
    assert past_term(ended.reading, ended.clock.now())[0] == "ok"
    again = ended.dump()
    assert DailyErasure(Path("nowhere")).run_once(ended.house) == ErasureCounts()
    assert ended.dump() == again


def test_bytes_that_a_reader_keeps_are_overwritten_on_the_next_day(sqlite_world: World) -> None:
    sqlite_world.by("karel", Substitute("karel", "marc", CLOSED, date(2024, 2, 8), SICK))
    decide(sqlite_world, "absences", 1)
    sqlite_world.go_to(LATER)
    daily = DailyErasure(Path("nowhere"))
    with sqlite_world.house.database.connect() as reader:
        reader.snapshot()
        assert reader.value(erasing.LAST) is None
        with pytest.raises(TryAgain):
            daily.run_once(sqlite_world.house)
    assert daily.run_once(sqlite_world.house) == ErasureCounts()
    assert past_term(sqlite_world.reading, sqlite_world.clock.now())[0] == "warning"
    sqlite_world.go_to(LATER + timedelta(days=1))
    assert daily.run_once(sqlite_world.house) == ErasureCounts()
    assert past_term(sqlite_world.reading, sqlite_world.clock.now())[0] == "ok"
    assert found_in_bytes(sqlite_world, {SICK.encode()}) == set()


def test_a_plan_that_still_runs_or_may_be_taken_up_again_keeps_everything(world: World) -> None:
    for kind in ("reactions", "findings", "reasons", "descriptions"):
        decide(world, kind)
    world.take("start", "evaluate", "record", "conclude", "embed")
    world.go_to(date(2040, 1, 1))
    assert apply(world)["values"] == 0


def test_what_the_plan_looked_like_before_is_shown_without_what_was_erased(ended: World) -> None:
    decide(ended, "findings")
    ended.go_to(LATER)
    apply(ended)
    with as_of(ended.reading, PLAN, end_of_day(ended.reading, PLAN, date(2024, 3, 4))) as then:
        [row] = then.all(evaluations.EVALUATION, evaluation_id="E-101")
    assert (row["verdict"], json.loads(row["effect_findings"])) == ("effective", ERASED)
    [held] = verified(ended.reading)
    assert (held.ok, held.erased) == (True, True)


def test_decisions_are_kept_and_the_last_one_holds(ended: World) -> None:
    decide(ended, "findings")
    decide(ended, "findings", None)
    ended.go_to(LATER)
    assert apply(ended)["values"] == 0
    view = terms(ended.reading, ended.clock.now())
    assert [(one["number"], one["months"], one["legal_basis"]) for one in view["decisions"]] == [
        (1, 12, BASIS),
        (2, None, None),
    ]
    assert all(one["months"] is None for one in view["kinds"])


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (DecideTerm("letters", 12, BASIS, WHY), NotFound, "kind-unknown"),
        (DecideTerm("findings", 0, BASIS, WHY), Usage, "term-impossible"),
        (DecideTerm("findings", 1201, BASIS, WHY), Usage, "term-impossible"),
        (DecideTerm("findings", 12, None, WHY), Usage, "legal-basis-missing"),
        (DecideTerm("findings", None, None, WHY), Usage, "term-same"),
        (DecideTerm("findings", 12, BASIS, " "), Usage, "reason-missing"),
        (DecideTerm("findings", 12, BASIS, WHY, date(2090, 1, 1)), Usage, "date-to-come"),
        (DecideTerm("findings", 12, BASIS, WHY, None, "nobody"), NotFound, "person-unknown"),
    ],
)
def test_a_decision_that_cannot_be_leaves_everything_as_it_was(
    world: World, command: Command, kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by_administrator(command)


@pytest.mark.parametrize("command", [DecideTerm("findings", 12, BASIS, WHY), ApplyRules()])
def test_only_an_administrator_decides_and_applies(world: World, command: Command) -> None:
    with pytest.raises(NoRight) as failure:
        world.by("sofie", command)
    assert failure.value.code == "administrator-only"
    assert world.dump()["erasure_rule"] == []


def test_a_dry_run_erases_nothing_and_says_what_it_would(ended: World, outbox: Path) -> None:
    decide(ended, "messages")
    ended.go_to(LATER)
    before, files = ended.dump(), set(outbox.iterdir())
    told = apply(ended, outbox, dry_run=True)
    assert (ended.dump(), set(outbox.iterdir())) == (before, files)
    assert told["values"] == apply(ended, outbox)["values"] > 0
    assert {Path(one) for one in told["files"]} == files
    assert not list(outbox.iterdir())
