"""`pdca evaluation show` and `verify`: the record of an evaluation on one page, and what was frozen with it."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import click

from pdca.cli.cells import Column, Row, flat, legend, some_of
from pdca.cli.context import Context
from pdca.cli.frame import Command, ListCommand, pass_context
from pdca.cli.house import open_house
from pdca.cli.naming import shows_table
from pdca.cli.output import Block, Heading, Table, emit_list, emit_object
from pdca.cli.words import day, moved, requests, title
from pdca.errors import NotFound
from pdca.i18n import N_, _, localized
from pdca.indicators.assurance import Assurance, Why
from pdca.indicators.reading import Variation
from pdca.indicators.told import of_assurance, of_variation
from pdca.indicators.words import about, aim, when
from pdca.store.driver import Connection
from pdca.words import (
    BECAUSE,
    DUE_TO,
    EVALUATION_STATUS,
    MEANS,
    OVERDUE,
    VERDICTS,
    amount,
    evaluation_named,
    marked,
    spoken,
)
from workflows.instants import from_text


@click.command(
    "show",
    cls=Command,
    short_help=N_("Show the whole record of an evaluation on one page."),
    help=N_(
        "Show the whole record of an evaluation on one page: what was predicted and what came of it, the verdict, the "
        "findings, to what they are due and how that is known, planned and deployed capacity, lessons, and who "
        "evaluated. With --snapshot: all that was known when it was recorded, as it was frozen."
    ),
)
@click.argument("evaluation_id", metavar="EVALUATION")
@click.option("--snapshot", is_flag=True, help=N_("Print what was frozen, byte for byte as its SHA-256 counts it."))
@pass_context
def show(context: Context, evaluation_id: str, snapshot: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Show an evaluation."""
    from pdca.evaluations.find import find
    from pdca.report.evaluation import whole
    from pdca.store.reads import cycles

    house = open_house(context)
    with house.reading() as connection:
        if snapshot:
            row = connection.one(cycles.SNAPSHOT, evaluation_id=find(connection, evaluation_id)["evaluation_id"])
            if row is None:
                raise NotFound(
                    "snapshot-missing",
                    _("Nothing was frozen with %(evaluation)s: it was not recorded.") % {"evaluation": evaluation_id},
                    hint=_("`pdca evaluation list --status recorded` lists those that were."),
                )
            frozen = {**json.loads(row["text"]), "sha256": row["sha256"]}
            emit_object(context, "pdca.evaluation-snapshot/1", {"snapshot": frozen}, human=lambda: [row["text"]])
            return
        view = whole(connection, evaluation_id)
        then = from_text(view["recorded_at"]) if view["recorded_at"] else None
        view["results"] = [_read_at(connection, row, house.now(connection), then) for row in view["results"]]
    emit_object(context, "pdca.evaluation/1", view, human=lambda: page(view))


def _read_at(connection: Connection, row: Row, now: datetime, then: datetime | None) -> dict[str, Any]:
    """Give a result with the target it comes under; one that was recorded `then` with the reading of its series too.

    Both are as they were known when the evaluation was recorded.
    """
    from pdca.indicators.find import find_row
    from pdca.report.readings import reading_of, recorded_of, stated

    indicator = find_row(connection, row["indicator_id"])
    series = recorded_of(connection, indicator, then or now, steps=True, written=then is not None)
    target = {"target": stated(series)}
    return {**row, **target, "reading": reading_of(series)} if then else {**row, **target}


def page(view: dict[str, Any]) -> list[Block]:
    """Lay out an evaluation as `pdca.report.evaluation.whole` gives it."""
    blocks: list[Block] = [
        Heading(f"{view['evaluation_id']}  {title({**view, 'title': view['plan_title'], 'assumed': 0})}"),
        _of_cycle(view)
        % {
            "plan": view["plan_id"],
            "cycle": view["cycle"],
            "evaluation": evaluation_named(view["kind"]),
            "status": _status(view),
        },
        _("Date: %(value)s") % {"value": _date(view)},
    ]
    blocks += [f"  {line}" for line in requests(view["extensions"])]
    blocks += [f"  {_taken_up(one, view['zone'])}" for one in view["acknowledgements"]]
    if view["recorded_at"]:
        blocks.append(_("Recorded on %(day)s") % {"day": day(view["recorded_at"], view["zone"])})
        blocks.append(_("Evaluated by: %(value)s") % {"value": _names(view)})
    if view["cycle"] is not None:
        blocks += [Heading(_("Prediction")), view["prediction"] or _("No prediction was written.")]
    if view["results"]:
        blocks += [Heading(_("Result")), Table(_RESULTS, view["results"]), *_judged(view["results"])]
    blocks += [words for words in _found(view) if words]
    if view["capacity"]:
        blocks += [Heading(_("Capacity")), Table(_CAPACITY, view["capacity"])]
        blocks += [
            "  "
            + _("%(year)s, %(kind)s: %(reason)s")
            % {"year": line["year"], "kind": spoken(MEANS, line["kind"]), "reason": reason}
            for line in view["capacity"]
            for reason in line["shortfall_reasons"]
        ]
        blocks += [
            "  "
            + _("%(year)s, %(kind)s: what was deployed is not stated for %(activities)s")
            % {
                "year": line["year"],
                "kind": spoken(MEANS, line["kind"]),
                "activities": ", ".join(one.rpartition("/")[2] for one in line["unstated_activities"]),
            }
            for line in view["capacity"]
            if line["deployed"] is not None and line["unstated"]
        ]
    if view["deployed"]:
        blocks.append(_("Deployed: %(value)s") % {"value": view["deployed"]})
    if view["lessons"]:
        blocks += [Heading(_("Lessons")), view["lessons"]]
    if view["snapshot"]:
        blocks += [Heading(_("Frozen with it")), *_frozen(view)]
    targets = [row["target"] for row in view["results"] if row["target"]]
    rows = [view, *view["results"], *targets, *view["capacity"], *view["evaluators"], *view["acknowledgements"]]
    marks = any(row["value_assumed"] or row["baseline_assumed"] for row in view["results"])
    return [*blocks, *legend(marks or any(row["assumed"] for row in rows))]


def _of_cycle(view: Row) -> str:
    if view["cycle"] is None:
        return _("%(plan)s: %(evaluation)s, %(status)s")
    return _("%(plan)s, cycle %(cycle)s: %(evaluation)s, %(status)s")


def _status(view: Row) -> str:
    words = spoken(EVALUATION_STATUS, view["status"])
    if view["missed_because"]:
        words += f" ({spoken(BECAUSE, view['missed_because'])})"
    return f"{words} ({_(OVERDUE)})" if view["overdue_at"] else words


def _date(view: Row) -> str:
    count = sum(one["approved_at"] is not None for one in view["extensions"])
    words = f" ({moved({**view, 'extensions': count})})" if count else ""
    return marked(view["due_date"], view["assumed"]) + words


def _taken_up(word: Row, zone: str) -> str:
    values = {
        "name": marked(word["person_name"], word["assumed"]),
        "day": day(word["at"], zone),
        "reason": word["reason"] or _("[erased]"),
    }
    if word["until"] is None:
        return _("taken up by %(name)s on %(day)s: %(reason)s") % values
    return _("taken up by %(name)s on %(day)s, until %(until)s: %(reason)s") % {
        **values,
        "until": day(word["until"], zone),
    }


def _names(view: Row) -> str:
    return ", ".join(
        marked(localized(one["name"]) if "party" in one else one["name"], one["assumed"]) for one in view["evaluators"]
    )


def _found(view: Row) -> list[Block]:
    if not view["verdict"]:
        return []
    return [
        Heading(_("Verdict: %(verdict)s") % {"verdict": spoken(VERDICTS, view["verdict"])}),
        _("Process: %(value)s") % {"value": view["process_findings"]},
        _("Effect: %(value)s") % {"value": view["effect_findings"]},
        _("Due to: %(value)s") % {"value": f"{spoken(DUE_TO, view['attributed_to'])}. {view['attribution']}"},
        _("Evidence: %(value)s") % {"value": view["evidence"] or _("none")},
    ]


def _frozen(view: Row) -> list[Block]:
    found = view["snapshot"]
    if found["ok"]:
        return [f"SHA-256 {found['sha256']}", _("It still is what was frozen: the hash in the log fits.")]
    if found["differs"] and found["computed"] == found["sha256"]:
        parts = ", ".join(spoken(_PARTS, name) for name in found["differs"] if name in _PARTS)
        return [
            f"SHA-256 {found['sha256'] or '-'}",
            _("THE RECORD IS NOT WHAT WAS FROZEN: %(parts)s") % {"parts": parts or ", ".join(found["differs"])},
        ]
    return [
        f"SHA-256 {found['sha256'] or '-'}",
        _("IT IS NOT WHAT WAS FROZEN: its hash is %(hash)s.") % {"hash": found["computed"] or "-"},
    ]


def _result(row: Row) -> str:
    if row["value"] is not None:
        round_ = "≈ " if row["approximate"] else ""
        return marked(f"{round_}{amount(row['value'])} {flat(row['unit'], words=True)}", row["value_assumed"])
    return _("missing: %(reason)s") % {"reason": row["missing"]} if row["missing"] else ""


def _deployed(row: Row) -> str:
    if row["deployed"] is None:
        return _("not stated")
    stated = amount(row["deployed"])
    return _("%(amount)s, not all stated") % {"amount": stated} if row["unstated"] else stated


def _source(row: Row) -> str:
    if row["source"] == "known_figure":
        return _("known figure of %(period)s") % {"period": row["period"]}
    return _("the evaluators") if row["source"] else ""


def _target(row: Row) -> str:
    target = row["target"]
    if target is None:
        return ""
    return f"{aim(target)} ({when(target)})" if when(target) else aim(target)


def _baseline(row: Row) -> str:
    if row["baseline"] is None:
        return "-"
    return marked(about(row["baseline"], row["baseline_period"]), row["baseline_assumed"])


def _judged(results: Iterable[Row]) -> Iterator[Block]:
    """Say both judgements of each series as it was known then, and of which there were too few figures."""
    too_few = []
    for row in results:
        found = row.get("reading")
        if not found:
            continue
        judged, assured, why = Variation(found["variation"]), Assurance(found["assurance"]), found["assurance_untold"]
        if judged is Variation.TOO_FEW and assured in (Assurance.UNTOLD, Assurance.NO_TARGET):
            too_few.append(row["indicator_id"])
            continue
        yield f"  {row['indicator_id']}"
        yield "    " + _("Variation: %(words)s") % {"words": of_variation(judged)}
        yield "    " + _("Assurance: %(words)s") % {"words": of_assurance(assured, Why(why) if why else None)}
    if too_few:
        yield "  " + _("Too few figures to say anything: %(indicators)s") % {"indicators": some_of(too_few)}


_PARTS: Final = {
    "status": N_("Status"),
    "recorded_at": N_("Recorded"),
    "recorded_by": N_("Recorded by"),
    "verdict": N_("Verdict"),
    "process_findings": N_("Process"),
    "effect_findings": N_("Effect"),
    "attributed_to": N_("Attribution"),
    "attribution": N_("Attribution"),
    "evidence": N_("Evidence"),
    "deployed": N_("Deployed"),
    "lessons": N_("Lessons"),
    "evaluators": N_("Evaluators"),
    "results": N_("Result"),
}
_RESULTS: Final = (
    Column("indicator_id", N_("Indicator"), whole=True, show=lambda row: marked(row["indicator_id"], row["assumed"])),
    Column("baseline", N_("Baseline"), show=_baseline),
    Column("target", N_("Target"), show=_target),
    Column("value", N_("Result"), show=_result),
    Column("source", N_("Source"), show=_source),
)
_CAPACITY: Final = (
    Column("year", N_("Year"), whole=True),
    Column("kind", N_("Kind"), show=lambda row: spoken(MEANS, row["kind"])),
    Column(
        "planned", N_("Planned"), right=True, show=lambda row: marked(amount(row["planned"] or "-"), row["assumed"])
    ),
    Column("deployed", N_("Deployed"), right=True, show=_deployed),
)
_VERIFIED: Final = (
    Column("evaluation_id", N_("Evaluation"), whole=True),
    Column("ok", N_("Fits"), show=lambda row: _("yes") if row["ok"] else _("NO")),
    Column("logged", N_("Hash in the log")),
    Column("computed", N_("Hash of what is stored")),
)


@click.command(
    "verify",
    cls=ListCommand,
    short_help=N_("Check that recorded evaluations, and what was frozen with them, still are what they were."),
    help=N_(
        "Compute the SHA-256 of what was frozen with every recorded evaluation anew, or with one, and compare it with "
        "the one in the log, and the record with what was frozen. Exits with 1 when one does not fit. "
        "`pdca audit verify` checks the log itself."
    ),
)
@click.argument("evaluation_id", metavar="EVALUATION", required=False)
@pass_context
def verify(context: Context, evaluation_id: str | None) -> None:
    """Verify the snapshots, or one."""
    from dataclasses import asdict

    from pdca.evaluations.find import find
    from pdca.evaluations.snapshot import verified

    with open_house(context).reading() as connection:
        wanted = find(connection, evaluation_id)["evaluation_id"] if evaluation_id else None
        rows = [{**asdict(one), "ok": one.ok} for one in verified(connection) if wanted in (None, one.evaluation_id)]
    columns = _VERIFIED[:3] if shows_table(context) else _VERIFIED
    emit_list(context, "snapshots", columns, rows, empty=_("No evaluation was recorded yet."))
    if not all(row["ok"] for row in rows):
        context.exit(1)
