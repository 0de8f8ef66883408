"""The kinds of values say of the tables what the tables are, and what stands in the place of an erased value."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import CheckConstraint, Table
from sqlmodel import AutoString

from pdca.cli.retention import AFTER
from pdca.cli.retention import KINDS as SHOWN
from pdca.erasure.kinds import COPIES, KINDS, each_text, emptied, texts_in
from pdca.store.catalogue import FOLDED
from pdca.store.tables import KINDS_OF_VALUE, Record

PLACES = [
    (name, table, column)
    for name, kind in (*((name, kind.columns) for name, kind in KINDS.items()), ("copies", COPIES))
    for table, columns in kind.items()
    for column in sorted(columns)
]
KEPT = {
    "people are erased one by one, their rows with them": {
        *("person.basis", "person.email", "person.handle", "person.login", "person.name", "person.note"),
        "person.wishes",
    },
    "what the body is, and whom it works with": {
        "installation.details",
        *("party.basis", "party.details", "party.note"),
    },
    "what was decided about programmes, objectives and indicators": {
        *("authority_approval.act", "authority_approval.authority", "authority_approval.basis"),
        *("authority_approval.note", "programme_version.text"),
        *("programme.basis", "programme.details", "programme.note", "programme.sources"),
        *("programme_evaluation.basis", "programme_evaluation.held_by", "programme_evaluation.lessons"),
        *("programme_evaluation.note", "programme_extension.reason", "programme_extension.withdrawn_reason"),
        *("programme_theme.attribution", "programme_theme.basis", "programme_theme.evidence"),
        *("programme_theme.finding", "programme_theme.lessons", "programme_theme.note"),
        *("objective.basis", "objective.note", "phenomenon.basis", "phenomenon.note"),
        *("retention.basis", "retention.decided_by", "retention.evidence", "retention.motive", "retention.note"),
        "retention.watch",
        *("indicator.basis", "indicator.definition", "indicator.frequency", "indicator.note", "indicator.system"),
        *("measurement.according_to", "measurement.basis", "measurement.missing_reason", "measurement.note"),
        *("measurement.of_which", "measurement.parts", "measurement.scope", "retained_figure.reason"),
        *("series_break.basis", "series_break.note", "series_break.reason"),
        *("target.basis", "target.note", "target.reason", "target.words"),
    },
    "on what ground something was erased, or another key signs": {
        *("erasure_rule.legal_basis", "erasure_rule.reason", "log_key.reason"),
    },
    "why a moment moved: the names of holidays and of days on which the body is closed": {
        *("evaluation.moved", "information_moment.moved"),
    },
    "proof that a party was informed: by what method, and the number of the letter": {
        *("information_moment.method", "information_receipt.reference"),
    },
    "errors of the program": {"deadline.error"},
}
"""What is written as a commitment and belongs to no kind, by what it is: it is kept, and a name in it goes when the
person is erased.
"""

IN_THE_CLEAR = {
    "what something is called: by it the log is read without the salts": {
        *("installation.name", "closing_day.name", "party.name", "party.discipline", "programme.title"),
        *("objective.title", "phenomenon.title", "programme_theme.title", "indicator.title", "indicator.unit"),
        *("plan.title", "plan_objective.title", "activity.title", "evaluation.kind", "schedule.kind"),
    },
    "the text of a method: the rules that the log is judged by": {"definition.text"},
    "ids": {
        *("installation.organisation_id", "plan.slug", "activity.axis", "activity.depends_on", "activity.rubric_id"),
        *("deadline.programme_id", "programme_evaluation.programme_id"),
        *("notification.digest", "notification.stream", "handed_out.plan_id", "evaluation.evaluators"),
        "objective.level",
        *("plan.state", "plan.resume_state"),
        *(f"{table}.source" for table in FOLDED if "source" in Record.metadata.tables[table].columns),
    },
    "words of this program, of ISO, of the IANA database, of RFC 5545": {
        *("installation.country", "installation.subdivision", "installation.language", "installation.zone"),
        *("installation.working_days", "installation.channels", "person.language", "plan.zone", "schedule.zone"),
        *("information_schedule.zone", "schedule.rules", "information_schedule.rules", "party.escalation"),
        *("information_report.audience", "information_report.language", "information_receipt.language"),
        *("evaluation.missed_because", "evaluation.attributed_to", "evaluation.verdict", "reminding.ladder"),
        *("plan.evaluations_withheld", "rubric.withheld_from"),
        *("notification.kind", "notification.why", "notification.channel", "notification.attached"),
        *("approval.purpose", "approval.voided_because"),
    },
    "figures, and what is worked out from bytes": {
        *("measurement.value", "target.value", "target.upto", "means.planned", "means.deployed", "activity.result"),
        *("plan_indicator.baseline", "plan_baseline.baseline", "reminding.lead_days", "reminding.grace_days"),
        *("definition.sha256", "snapshot.sha256", "approval.content_sha256", "information_report.hashes"),
        *("information_receipt.sha256", "notification.sha256", "handed_out.sha256", "erased_value.digest"),
        "log_key.vkey",
    },
}
"""Plain columns of text that no word of the schema limits, by what stands in them; instants, days and periods apart."""

DAYS = re.compile(
    r"(_at|(?<!depends)_on|date|day|period|_?since|start|_end|until|time|dates|exceptions)$"
    r"|\.(at|up_to|legal_deadline|determined_by|not_before|watch_again)$"
)
"""So end the names of columns that hold an instant, days, a time of day, or a period as it was stated."""


def held_to_words(table: Table) -> set[str]:
    """The columns that may hold nothing but the words that the schema lists."""
    checks = [one for one in table.constraints if isinstance(one, CheckConstraint)]
    return {match[1] for one in checks if (match := re.fullmatch(r"(\w+) IN \('.*'\)", str(one.sqltext)))}


def plain_texts() -> Iterator[str]:
    """The columns whose text stands in the log as it is, without those that are an id or a word of the schema."""
    for name, known in FOLDED.items():
        table = Record.metadata.tables[name]
        for column in table.columns:
            limited = column.name in known.committed | known.derived | held_to_words(table)
            of_key = column.primary_key and column.name.endswith("_id")
            if isinstance(column.type, AutoString) and not limited and not column.foreign_keys and not of_key:
                yield f"{name}.{column.name}"


def test_command_line_and_tables_have_the_same_kinds() -> None:
    assert tuple(KINDS) == KINDS_OF_VALUE == tuple(SHOWN) == tuple(AFTER)


@pytest.mark.parametrize(("kind", "table", "column"), PLACES)
def test_every_column_of_a_kind_can_be_erased(kind: str, table: str, column: str) -> None:
    assert column in FOLDED[table].committed, kind


@pytest.mark.parametrize(("kind", "table", "column"), PLACES)
def test_a_column_without_its_value_still_holds_what_its_table_asks_for(kind: str, table: str, column: str) -> None:
    if kind != "copies":
        left = emptied(table, column, "Iets.")
        assert left is not None or Record.metadata.tables[table].columns[column].nullable


def test_no_column_belongs_to_two_kinds() -> None:
    places = [(table, column) for kind, table, column in PLACES if kind != "copies"]
    assert len(places) == len(set(places))


def test_whatever_is_written_as_a_commitment_is_of_a_kind_or_named_as_kept() -> None:
    covered = {f"{table}.{column}" for _kind, table, column in PLACES}
    committed = {f"{name}.{column}" for name, table in FOLDED.items() for column in table.committed}
    kept = [column for columns in KEPT.values() for column in columns]
    assert sorted(kept) == sorted(committed - covered)


def test_whatever_stands_in_the_log_in_the_clear_is_named_by_what_it_is() -> None:
    named = [column for columns in IN_THE_CLEAR.values() for column in columns]
    plain = {column for column in plain_texts() if not DAYS.search(column)}
    assert sorted(named) == sorted(plain)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Iets.", "[erased]"),
        ('{"nl":"Iets.","fr":"Chose."}', '{"nl":"[erased]","fr":"[erased]"}'),
        ('[{"a":["x",1,null,true]}]', '[{"a":["[erased]",1,null,true]}]'),
        ("12", "[erased]"),
        ("{niet", "[erased]"),
    ],
)
def test_every_text_inside_gives_way_to_the_mark_and_nothing_else(value: str, left: str) -> None:
    assert emptied("evaluation", "lessons", value) == left


def test_of_the_results_of_an_evaluation_why_one_is_missing_goes_and_the_figures_stay() -> None:
    results = '{"calls":{"missing":"Anna was ziek."},"thefts":{"value":"1234"}}'
    assert emptied("evaluation", "results", results) == '{"calls":{"missing":"[erased]"},"thefts":{"value":"1234"}}'
    assert texts_in("evaluation", "results", results) == ["Anna was ziek."]


def test_a_change_that_changes_nothing_leaves_a_text_as_it_was() -> None:
    assert each_text('{"a": "b"}', str) == '{"a":"b"}'
    assert each_text("Iets.", str) == "Iets."
