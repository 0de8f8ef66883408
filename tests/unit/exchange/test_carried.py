"""What a database holds comes back from the files written out of it, or the page of the format names it as record."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.writing import yaml_text
from pdca.exchange.yaml_reader import read
from pdca.house import House
from pdca.store.catalogue import FOLDED
from pdca.store.tables import Record
from tests import own_method
from tests.docs.console import ROOT
from tests.unit.exchange import zone
from workflows import shelves

Data = dict[str, Any]

PAGE: Final = (ROOT / "docs" / "import-format.md").read_text(encoding="utf-8")
NAMED: Final = re.findall(r"`([a-z_]+)`", PAGE.partition("| tables | ")[2].partition("\n\n")[0])
"""The tables that the page names as record, and not content."""

THE_LOG: Final = {"checkpoint", "event", "event_private", "heartbeat", "scrubbed", "tree_leaf", "tree_node"}
CARRIED: Final = [table for table in FOLDED if table not in NAMED]

BY_WHOM_AND_WHEN: Final = frozenset(
    {"known_at", "recorded_at", "recorded_by", "proposed_by", "created_at"}
    | {"answered_at", "answered_by", "written_at", "written_by", "author_id"}
)
OF_A_CYCLE: Final[Mapping[str, frozenset[str]]] = {
    "plan": frozenset({"state", "state_since", "resume_state", "cycle", "watch", "watch_again", "watch_indicator_id"}),
    "evaluation": frozenset(
        {"status", "first_due_at", "missed_because", "cycle", "opened_at", "overdue_at", "verdict", "attributed_to"}
        | {"process_findings", "effect_findings", "attribution", "evidence", "deployed", "lessons", "evaluators"}
        | {"results"}
    ),
}
"""What a plan went through: the page says that a plan begins anew where it is taken in."""

OF_THE_INSTALLATION: Final[Mapping[str, frozenset[str]]] = {
    "installation": frozenset({"channels", "installation_id", "language", "simulated"}),
    "programme": frozenset({"definition_version"}),
    "person": frozenset({"erased_at", "invited_since"}),
    "plan": frozenset({"definition_version"}),
    "retained_figure": frozenset({"choice"}),
    "reaction": frozenset({"report_id"}),
    "substitution": frozenset({"substitution_id"}),
    "rubric": frozenset({"revision"}),
    "programme_evaluation": frozenset({"as_published"}),
}
"""What each installation has of its own: how it was set up, which versions of methods it has, its numbers."""

ANYWHERE: Final = frozenset({"assumed", "basis", "note", "source"})
"""Whence a record comes; all that has these columns writes them out alike."""

BEFORE: Final = """
programme:
  id: zvp-2018
  title: Vorig plan
  period: {from: 2018, to: 2019}
  method: eigen
  integrates: [{nl: de kadernota, fr: la note-cadre}]
  evaluations:
    - id: slot
      kind: final
      period: 2018
      due: 2020-01
      held: 2020-02
      by: de raad
      lessons: eerder beginnen
      themes:
        - id: T1
          title: straat
          phenomenon: street
          objective: S1
          finding: gedaald
          decision: continue
          attribution: dagelijks werk
          evidence: cijfers
          lessons: volhouden
phenomena: [{id: street, title: straatcriminaliteit}]
objectives:
  - id: S1
    title: Veilige straat
    internal: true
    disposition: {as: retained, motive: nodig, decided: 2018-01, by: raad}
    plans:
      - id: ZP-1
        title: Zomer
        period: {from: 2018, to: 2019}
        objectives: [{id: O1, title: Minder}]
        activities: [{id: A1, title: doen, objective: O1}]
"""

OPEN: Final = """
country: DE
subdivision: BY
working_days: [MO, TU, WE, TH]
closing_days: [{day: 2019-05-31, name: {nl: brugdag, fr: pont}}, {day: 2019-12-24}]
"""
"""When the body is open, as its part of a file has it."""

DECIDED: Final = """
schedules:
  - number: 1
    decided: 2018-01-10
    by: an
    reason: eerst zo
    kind: interim
    from: 2018-01-15
    to: 2019-12-31
    time: 14:30
    zone: Europe/Brussels
    dates: [2019-12-24]
    rules: [FREQ=MONTHLY;INTERVAL=6]
    exceptions: [2018-07-15]
    anchor: series
    roll: next
  - {number: 2, decided: 2019-01, reason: dan zo, kind: interim, from: 2019-01-15, to: 2020-12-31, time: 09:00,
     zone: Europe/Paris, rules: [FREQ=MONTHLY;INTERVAL=6], anchor: completion}
reminders:
  - number: 1
    decided: 2018-01-10
    by: an
    reason: vaker en korter
    days: [30, 14, 7, 1]
    grace: {start: 0, record: 21}
    ladder: [{after: 0, to: lead}, {after: 7, to: chief}]
  - {number: 2, decided: 2019-01, reason: niemand, no_reminders: true}
evaluations:
  - date: 2019-12-24
    kind: interim
    schedule: 1
    falls: 2019-12-26
    moved: {reasons: [{kind: closing-day, name: {nl: brugdag}}, {kind: holiday}], also: [2019-12-25]}
information_schedules:
  - number: 1
    party: council
    method: letter
    by_itself: true
    although_restricted: true
    grace_days: 10
    decided: 2018-01-10
    by: an
    reason: zo vertellen
    from: 2018-01-15
    to: 2019-12-31
    time: 14:30
    zone: Europe/Brussels
    dates: [2019-12-24]
    rules: [FREQ=MONTHLY;INTERVAL=6]
    exceptions: [2018-07-15]
    roll: next
information:
  - date: 2019-12-24
    to: council
    method: letter
    schedule: 1
    falls: 2019-12-26
    moved: {reasons: [{kind: closing-day, name: {nl: brugdag}}, {kind: holiday}], also: [2019-12-25]}
"""
"""What a group decided about its moments and its reminders, and what follows from it."""

VERSIONS: Final = """
- number: 0
  kind: programme
  to: 2024-12-31
  proposed: 2020-01-15
  approvals: [{by: minister, act: keurt goed, party: council, date: 2020-03, effective: 2020-01-01}]
- {number: 1, kind: addendum, text: ook drugs, approvals: [{by: minister, act: keurt goed, decision: rejected}]}
- {number: 2, kind: prolongation, text: langer, to: 2025-12-31, approvals: [{by: raad, act: wil, date: 2022}]}
"""

CALLS: Final = """
id: calls
title: oproepen
unit: per maand
kind: activity
definition: wat er binnenkomt
system: centrale
rhythm: monthly
frequency: elke maand
targets:
  - {period: 2021, op: range, value: 5, upto: 9, direction: range, set_on: 2020-02}
  - {by: 2024, words: minder, direction: down}
  - {by: 2024, words: veel minder, direction: down, adjusts: 2, reason: het kan beter}
  - {to_be_determined: 2022-06}
series:
  - {period: 2020, value: 7, approx: true, parts: {dag: 3, nacht: 4}, of_which: {fout: 1}, scope: Vorst}
  - {period: 2021, value: 8, published: 2022-02, according_to: jaarverslag, retained: true, retained_because: nagekeken}
  - {period: 2021, value: 9, published: 2022-03}
breaks: [{period: 2021, reason: anders geteld}]
"""


def everything() -> list[str]:
    """Two programmes in sequence that say, between them, all that a file can say."""
    after: Data = read(zone.TEXT).value
    common = {name: after[name] for name in ("pdca", "language", "organisation", "functions", "stakeholders", "people")}
    after["programme"]["previous"].insert(0, "zvp-2018")
    common["organisation"] |= read(OPEN).value
    before: Data = read(BEFORE).value
    before["objectives"][0]["plans"][0] |= read(DECIDED).value
    del after["programme"]["approvals"]
    after["programme"]["versions"] = read(VERSIONS).value
    after["indicators"].append(read(CALLS).value)
    after["objectives"][0]["origin"] = {"programme": "zvp-2018", "evaluation": "slot", "theme": "T1"}
    return [yaml_text({**common, **before}, "before"), yaml_text(after, "after")]


def take_in(house: House, texts: list[str]) -> House:
    for text in texts:
        with house.reading() as connection:
            known = known_in(connection)
        house.apply(ImportDocument(read_document(text, known=known)))
    return house


def written(house: House) -> list[str]:
    with house.reading() as connection:
        names = [row["programme_id"] for row in zone.rows(house, "programme")]
        return [yaml_text(programme_document(connection, name), "written") for name in sorted(names)]


@pytest.fixture(scope="module")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The method of the programme before, which has objectives under the plan."""
    text = own_method.version(1, own_method.with_levels(*own_method.UNDER))
    shelves.look_in(own_method.shelved(tmp_path_factory.mktemp("shelf") / "methods", text))
    yield
    shelves.look_in()


@pytest.fixture(scope="module")
def house(shelved: None, tmp_path_factory: pytest.TempPathFactory) -> House:  # noqa: ARG001 - the method is there
    return take_in(zone.empty(f"sqlite:///{tmp_path_factory.mktemp('one') / 'zone.db'}"), everything())


@pytest.fixture(scope="module")
def other(house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation that has only what the files written out of the first brought it."""
    return take_in(zone.empty(f"sqlite:///{tmp_path_factory.mktemp('other') / 'zone.db'}"), written(house))


def content(table: str) -> list[str]:
    """The columns of a table that a file carries."""
    left_out = BY_WHOM_AND_WHEN | OF_A_CYCLE.get(table, frozenset()) | OF_THE_INSTALLATION.get(table, frozenset())
    return [
        column.name
        for column in Record.metadata.tables[table].columns
        if column.name not in left_out | FOLDED[table].derived
    ]


def test_the_page_names_each_table_that_no_file_carries_once_and_no_other() -> None:
    assert len(NAMED) == len(set(NAMED))
    assert set(NAMED) <= FOLDED.keys() | THE_LOG
    assert set(NAMED) >= THE_LOG


@pytest.mark.parametrize("table", CARRIED)
def test_what_is_no_record_comes_back_in_an_empty_installation(house: House, other: House, table: str) -> None:
    held, back = (
        [{name: row[name] for name in content(table)} for row in zone.rows(one, table)] for one in (house, other)
    )
    assert held
    assert back == held


def test_who_wants_to_be_invited_is_so_where_the_files_are_taken_in_from_then_on(house: House, other: House) -> None:
    wanting, back = (
        {row["handle"]: row["invited_since"] is not None for row in zone.rows(one, "person")} for one in (house, other)
    )
    assert any(wanting.values())
    assert not all(wanting.values())
    assert back == wanting


@pytest.mark.parametrize("table", CARRIED)
def test_nothing_but_record_is_out_of_the_reach_of_files(house: House, table: str) -> None:
    found = zone.rows(house, table)
    columns: Any = Record.metadata.tables[table].columns
    # What a column is when nobody says anything is no sign that a file can say it.
    unsaid = {name: columns[name].default.arg if columns[name].default else None for name in content(table)}
    silent = {name for name, nothing in unsaid.items() if all(row[name] in {None, nothing} for row in found)}
    assert silent - ANYWHERE == set()


@pytest.mark.parametrize("table", sorted(set(NAMED) & FOLDED.keys()))
def test_no_file_writes_what_is_record_but_what_follows_from_what_it_says(other: House, table: str) -> None:
    following = {"definition", "deadline", "rubric_revision"}
    assert bool(zone.rows(other, table)) == (table in following)
