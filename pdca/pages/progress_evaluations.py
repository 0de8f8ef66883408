"""The evaluations of a progress report: planned, held, decided, and what was predicted against what came of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pdca.i18n import _, in_a_row, ngettext
from pdca.pages.blocks import Block, Cell, Facts, Paragraph, Section, Table, said
from pdca.pages.progress_words import in_words
from pdca.words import (
    ACTIVITY_DECISIONS,
    BECAUSE,
    DUE_TO,
    EVALUATION_STATUS,
    FOLLOW_UP_STATUS,
    VERDICTS,
    amount,
    evaluation_named,
    marked,
    spoken,
    with_name,
)

View = Mapping[str, Any]


def evaluations(view: View) -> Section | None:
    """Tell of every evaluation whether it came at its date, and of each that was held what it found."""
    if not view["evaluations"]:
        return Section("evaluations", _("Evaluations"), [Paragraph(_("No evaluation was fixed yet."))])
    rows: list[list[Cell]] = [
        [
            one["evaluation_id"],
            evaluation_named(one["kind"]),
            marked(in_words(one["due_date"]), one["assumed"]),
            _moved(one),
            _status(one),
            spoken(VERDICTS, one["verdict"]) if one["verdict"] else "",
        ]
        for one in view["evaluations"]
    ]
    headings = (_("Evaluation"), _("Kind"), _("Date"), _("Fixed at first"), _("Status"), _("Verdict"))
    decided = {one["cycle"]: one for one in view["cycles"]}
    held = [one for one in view["evaluations"] if one["status"] == "recorded"]
    # What an earlier report told of is in the table only; of the last one everything is told always.
    news = [one for one in held if one["recorded_on"] > (view["since"] or "")] or held[-1:]
    return Section(
        "evaluations",
        _("Evaluations"),
        [
            Table(_("Planned and held"), headings, rows, whole=frozenset({0, 2})),
            *(_held(one, decided.get(one["cycle"])) for one in reversed(news)),
        ],
    )


def _moved(one: View) -> str:
    if not one["extensions"]:
        return _("the same")
    count = len(one["extensions"])
    words = ngettext("%(day)s, moved %(count)d time", "%(day)s, moved %(count)d times", count)
    reasons = [extension["reason"] for extension in one["extensions"] if extension.get("reason")]
    words %= {"day": in_words(one["first_date"]), "count": count}
    return with_name(words, in_a_row(reasons)) if reasons else words


def _status(one: View) -> str:
    words = spoken(EVALUATION_STATUS, one["status"])
    if one["status"] == "recorded":
        words = _("recorded on %(day)s") % {"day": in_words(one["recorded_on"])}
    if one["missed_because"] in BECAUSE:
        words = with_name(words, spoken(BECAUSE, one["missed_because"]))
    if one["overdue_at"]:
        late = _("overdue") if one["status"] == "open" else _("recorded too late")
        words += f" ({late})"
    return words


def _held(one: View, cycle: View | None) -> Section:
    name = _("%(id)s: %(evaluation)s of %(day)s") % {
        "id": one["evaluation_id"],
        "evaluation": evaluation_named(one["kind"]),
        "day": in_words(one["due_date"]),
    }
    blocks: list[Block] = [Facts(list(_found(one, cycle)))]
    results: list[list[Cell]] = [
        [marked(said(row["title"]), row["assumed"]), _from(row), _result(row)] for row in one["results"]
    ]
    if results:
        headings = (_("Indicator"), _("Baseline"), _("Result"))
        blocks.append(Table(_("Prediction against result"), headings, results))
    return Section(one["evaluation_id"].replace("/", "-"), name, blocks)


def _found(one: View, cycle: View | None) -> Iterator[tuple[str, Cell]]:
    yield _("Prediction"), one["prediction"] or _("No prediction was written.")
    yield _("Verdict"), spoken(VERDICTS, one["verdict"]) if one["verdict"] else ""
    named = {
        _("Process"): one["process_findings"],
        _("Effect"): one["effect_findings"],
        _("Due to"): _due_to(one),
        _("Evidence"): one["evidence"],
        _("Deployed"): one["deployed"],
        _("Lessons"): one["lessons"],
        _("Evaluated by"): ", ".join(marked(_name(who["name"]), who["assumed"]) for who in one["evaluators"]),
    }
    yield from ((name, text) for name, text in named.items() if text)
    if cycle is None or cycle["evaluation_id"] != one["evaluation_id"]:
        return
    if cycle["decision"]:
        words = said(cycle["decision_label"]) or cycle["decision"]
        words = with_name(words, cycle["motive"]) if cycle["motive"] else words
        yield _("Decision"), f"{words} ({in_words(cycle['decided_on'])})"
    if cycle["activities"]:
        said_of_each = [
            with_name(said(act["title"]), spoken(ACTIVITY_DECISIONS, act["decision"])) for act in cycle["activities"]
        ]
        yield _("Activities"), in_a_row(said_of_each)
    if cycle["follow_ups"]:
        left = [f"{row['title']} ({spoken(FOLLOW_UP_STATUS, row['status'])})" for row in cycle["follow_ups"]]
        yield _("To follow up"), in_a_row(left)


def _name(name: Any) -> str:  # noqa: ANN401 - that of a person, or a text per language
    return said(name) if isinstance(name, Mapping) else str(name)


def _due_to(one: View) -> str:
    if not one["attributed_to"]:
        return one["attribution"] or ""
    words = spoken(DUE_TO, one["attributed_to"])
    return with_name(words, one["attribution"]) if one["attribution"] else words


def _from(row: View) -> str:
    if row["baseline"] is None:
        return _("none")
    period = f" ({row['baseline_period']})" if row["baseline_period"] else ""
    return marked(amount(row["baseline"]) + period, row["baseline_assumed"])


def _result(row: View) -> str:
    if row["value"] is not None:
        return marked(
            f"{'≈ ' if row['approximate'] else ''}{amount(row['value'])} {said(row['unit'])}", row["value_assumed"]
        )
    return _("missing: %(reason)s") % {"reason": row["missing"]} if row["missing"] else _("not measured")
