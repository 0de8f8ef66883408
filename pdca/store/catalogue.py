"""What the write path and the verifier must know of the tables without loading SQLModel.

`tables` is the definition; a test holds this page to it column by column. The tables are in an order in which
rows can be inserted (a table after those it refers to).
"""

from typing import NamedTuple

SCHEMA_VERSION = "0005"
"""The Alembic revision this program reads and writes."""

PLAN_STREAM_TABLE, INSTALLATION_STREAM = "plan", "installation"
"""A plan's stream bears the plan's id; everything else is logged in the stream `installation`."""


class Table(NamedTuple):
    """A table whose rows follow from the log.

    `key` are its primary key columns, `committed` those that stand in the log as commitments only, `derived` those
    that follow from the log itself (version and head of a stream).
    """

    key: tuple[str, ...]
    committed: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()


FOLDED: dict[str, Table] = {
    "closing_day": Table(key=("day",)),
    "definition": Table(key=("definition_id", "version")),
    "erased_value": Table(key=("digest",)),
    "handed_out": Table(key=("number",)),
    "indicator": Table(
        key=("indicator_id",), committed=frozenset({"basis", "definition", "frequency", "note", "system"})
    ),
    "installation": Table(
        key=("installation_id",), committed=frozenset({"details"}), derived=frozenset({"head", "version"})
    ),
    "party": Table(key=("party_id",), committed=frozenset({"basis", "details", "note"})),
    "person": Table(
        key=("person_id",), committed=frozenset({"basis", "email", "handle", "login", "name", "note", "wishes"})
    ),
    "phenomenon": Table(key=("phenomenon_id",), committed=frozenset({"basis", "note"})),
    "programme": Table(key=("programme_id",), committed=frozenset({"basis", "details", "note", "sources"})),
    "appointment": Table(key=("person_id", "party_id", "from_date")),
    "authority_approval": Table(
        key=("programme_id", "version_number", "step"), committed=frozenset({"act", "authority", "basis", "note"})
    ),
    "erasure_run": Table(key=("kind", "number")),
    "erasure_rule": Table(key=("kind", "number"), committed=frozenset({"legal_basis", "reason"})),
    "log_key": Table(key=("number",), committed=frozenset({"reason"})),
    "measurement": Table(
        key=("indicator_id", "period", "number"),
        committed=frozenset({"according_to", "basis", "missing_reason", "note", "of_which", "parts", "scope"}),
    ),
    "objective": Table(key=("objective_id",), committed=frozenset({"basis", "note"})),
    "programme_evaluation": Table(key=("evaluation_id",), committed=frozenset({"basis", "held_by", "lessons", "note"})),
    "programme_extension": Table(key=("evaluation_id", "number"), committed=frozenset({"reason", "withdrawn_reason"})),
    "programme_version": Table(key=("programme_id", "number"), committed=frozenset({"text"})),
    "series_break": Table(key=("indicator_id", "period"), committed=frozenset({"basis", "note", "reason"})),
    "substitution": Table(key=("substitution_id",), committed=frozenset({"reason"})),
    "programme_theme": Table(
        key=("evaluation_id", "theme_id"),
        committed=frozenset({"attribution", "basis", "evidence", "finding", "lessons", "note"}),
    ),
    "objective_origin": Table(key=("objective_id",)),
    "target": Table(key=("indicator_id", "number"), committed=frozenset({"basis", "note", "reason", "words"})),
    "plan": Table(
        key=("plan_id",),
        committed=frozenset({"axes", "basis", "details", "note", "perimeter", "phenomena", "watch"}),
        derived=frozenset({"head", "version"}),
    ),
    "retained_figure": Table(key=("indicator_id", "period", "choice"), committed=frozenset({"reason"})),
    "retention": Table(
        key=("objective_id", "number"),
        committed=frozenset({"basis", "decided_by", "evidence", "motive", "note", "watch"}),
    ),
    "approval": Table(key=("plan_id", "number"), committed=frozenset({"reason"})),
    "evaluation": Table(
        key=("evaluation_id",),
        committed=frozenset(
            {
                "attribution",
                "basis",
                "deployed",
                "effect_findings",
                "evidence",
                "lessons",
                "moved",
                "note",
                "process_findings",
                "published",
                "results",
            }
        ),
    ),
    "follow_up": Table(key=("follow_up_id",), committed=frozenset({"answer", "title"})),
    "group_member": Table(key=("plan_id", "party_id")),
    "information_moment": Table(key=("information_id",), committed=frozenset({"basis", "method", "moved", "note"})),
    "information_report": Table(
        key=("report_id",), committed=frozenset({"approved_reason", "contents", "facts", "failure"})
    ),
    "information_receipt": Table(key=("report_id", "number"), committed=frozenset({"received_by", "reference"})),
    "information_schedule": Table(key=("plan_id", "number"), committed=frozenset({"reason"})),
    "involvement": Table(key=("involvement_id",), committed=frozenset({"attendees", "basis", "content", "note"})),
    "plan_baseline": Table(
        key=("plan_id", "indicator_id", "number"), committed=frozenset({"baseline_missing", "reason"})
    ),
    "plan_indicator": Table(key=("plan_id", "indicator_id"), committed=frozenset({"baseline_missing"})),
    "plan_objective": Table(key=("objective_id",), committed=frozenset({"basis", "note"})),
    "prediction": Table(key=("plan_id", "cycle"), committed=frozenset({"text"})),
    "reaction": Table(key=("reaction_id",), committed=frozenset({"answer", "text"})),
    "reminding": Table(key=("plan_id", "number"), committed=frozenset({"reason"})),
    "rubric": Table(key=("plan_id", "rubric_id"), committed=frozenset({"basis", "not_applicable", "note", "text"})),
    "rubric_revision": Table(key=("plan_id", "rubric_id", "revision"), committed=frozenset({"not_applicable", "text"})),
    "activity": Table(key=("activity_id",), committed=frozenset({"basis", "note", "steps"})),
    "activity_decision": Table(key=("activity_id", "cycle"), committed=frozenset({"reason"})),
    "deadline": Table(key=("deadline_id",), committed=frozenset({"error"})),
    "acknowledgement": Table(key=("deadline_id", "number"), committed=frozenset({"reason"})),
    "extension": Table(key=("evaluation_id", "number"), committed=frozenset({"reason", "withdrawn_reason"})),
    "invitation": Table(key=("person_id", "evaluation_id")),
    "means": Table(key=("activity_id", "year", "kind"), committed=frozenset({"basis", "note", "shortfall_reason"})),
    "notification": Table(key=("notification_id",), committed=frozenset({"last_error", "parameters"})),
    "schedule": Table(key=("plan_id", "number"), committed=frozenset({"reason"})),
    "snapshot": Table(key=("evaluation_id",), committed=frozenset({"text"})),
}

COMMITTED = {name: table.committed for name, table in FOLDED.items()}
