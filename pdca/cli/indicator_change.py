"""`pdca indicator add`, `set`, `tie` and `rebase`: what is measured, and from where."""

from typing import Any, Final

import click

from pdca.cli.activity_fields import number
from pdca.cli.context import Context
from pdca.cli.finding import find_indicator
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done, field_given, fields_argument, language_given, titles
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.plan_document import Written, emit_rewritten, record_given, rewrite_plan
from pdca.errors import Usage
from pdca.i18n import LANGUAGES, N_, _
from pdca.indicators.find import find_row
from pdca.indicators.words import KIND, RHYTHM
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json

Data = dict[str, Any]

_INDICATOR_OPTIONS: Final = {
    "id": "ID",
    **{name: f"--{name}" for name in ("title", "unit", "kind", "definition", "system", "rhythm", "note")},
}
_BASELINE_OPTIONS: Final = {"value": "--baseline", "period": "--period", "missing": "--no-baseline"}

dated = click.option("--period", metavar="PERIOD", help=N_("The period: 2024, 2024-10, 2018-T1, 2018-Q1, 2018-H2."))
reason_option = click.option("--reason", help=N_("Why; a motive that is kept and shown."))


@click.command(
    "add",
    cls=Command,
    short_help=N_("Add an indicator."),
    help=N_(
        "Add an indicator. A title, a unit or a definition may be in several languages: nl=… and fr=…. The unit “rank” "
        "is a place in a list. With a rhythm it is out of date when that passed without a figure."
    ),
)
@click.argument("indicator_id", metavar="ID")
@click.option("--title", "title_texts", multiple=True, required=True, metavar="TEXT", help=N_("What it is called."))
@click.option("--unit", "unit_texts", multiple=True, required=True, metavar="TEXT", help=N_("In what it is counted."))
@click.option("--kind", type=click.Choice(tuple(KIND)), required=True, help=N_("Registered, asked, or own work."))
@click.option("--definition", "definition_texts", multiple=True, metavar="TEXT", help=N_("What exactly is counted."))
@click.option("--system", metavar="TEXT", help=N_("From where the figures come."))
@click.option("--rhythm", type=click.Choice(tuple(RHYTHM)), help=N_("How often a figure is expected."))
@click.option("--note", metavar="TEXT", help=N_("A remark."))
@dry_run_option
@pass_context
def add(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    indicator_id: str,
    title_texts: tuple[str, ...],
    unit_texts: tuple[str, ...],
    kind: str,
    definition_texts: tuple[str, ...],
    system: str | None,
    rhythm: str | None,
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Add an indicator."""
    from pdca.exchange.records import Indicator
    from pdca.indicators.define import AddIndicator

    house = open_house(context)
    with house.reading() as connection:
        language = language_given(context, connection)
    data: Data = {
        "id": indicator_id,
        "title": titles("--title", title_texts, language),
        "unit": titles("--unit", unit_texts, language),
        "kind": kind,
        "definition": titles("--definition", definition_texts, language) or None,
        "system": system,
        "rhythm": rhythm,
        "note": note,
    }
    made = record_given(Indicator, data, language, _INDICATOR_OPTIONS)
    outcome = house.apply(AddIndicator(made), dry_run=dry_run)
    lines = [_("%(indicator)s is added.") % outcome.summary]
    if not dry_run:
        lines.append(
            _("Next: `pdca indicator tie PLAN %(indicator)s --baseline NUMBER --period PERIOD`.") % outcome.summary
        )
    emit_done(context, "pdca.indicator-added/1", outcome, lines, dry_run=dry_run)


_LOCAL: Final = ("title", "unit", "definition", "frequency")
_PLAIN: Final = ("kind", "system", "rhythm", "note")


@click.command(
    "set",
    cls=Command,
    short_help=N_("Change what is said of an indicator."),
    help=N_(
        "Change what is said of an indicator: FIELD=VALUE, and FIELD= to take it away. The fields are title, unit, "
        "definition, frequency, kind, system, rhythm and note; title=fr=… is the title in French. Targets and figures "
        "have commands of their own."
    ),
)
@click.argument("word", metavar="INDICATOR")
@fields_argument
@reason_option
@dry_run_option
@pass_context
def set_(
    context: Context,
    word: str,
    fields: tuple[str, ...],
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Change an indicator."""
    from pdca.exchange.as_rows import indicator, sourced
    from pdca.exchange.records import Indicator
    from pdca.indicators.define import SetIndicator

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_indicator(connection, word)
        language = language_given(context, connection)
        data = _said(connection, wanted)
    for text in fields:
        _put(data, text, language)
    made = record_given(Indicator, data, language)
    values = {**indicator(made), "note": sourced(made)["note"]}
    outcome = house.apply(SetIndicator(wanted, values, reason), dry_run=dry_run)
    changed = _("%(indicator)s is changed.") % outcome.summary
    lines = [changed if outcome.summary["changed"] else _("Everything was so already; nothing was changed.")]
    if outcome.summary["reread"]:
        lines.append(
            _(
                "Note: figures that are there are read so too. Where they were counted in another way, mark that: "
                "`pdca indicator break %(indicator)s --from PERIOD --reason …`."
            )
            % outcome.summary
        )
    emit_done(context, "pdca.indicator-changed/1", outcome, lines, dry_run=dry_run)


def _said(connection: Connection, indicator_id: str) -> Data:
    row = find_row(connection, indicator_id)
    return {
        "id": indicator_id,
        **{name: from_json(row[name]) for name in _LOCAL},
        **{name: row[name] for name in _PLAIN},
    }


def _put(data: Data, text: str, language: str) -> None:
    field, value = field_given(text, (*_LOCAL, *_PLAIN), *_LOCAL)
    code, _equals, words = value.partition("=")
    if not value or (field in _LOCAL and code in LANGUAGES and not words.strip()):
        data[field] = None
    elif field in _LOCAL:
        # One language is changed and the others stay.
        data[field] = {**(data[field] or {}), **titles(field, [value], language)}
    else:
        data[field] = value


@click.command(
    "tie",
    cls=Command,
    short_help=N_("Measure a plan by an indicator, from a baseline."),
    help=N_(
        "Measure a plan by an indicator: from a baseline (--baseline and --period), or without one for a reason "
        "(--no-baseline). Until the plan has started, the same command gives another baseline."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("word", metavar="INDICATOR")
@click.option("--baseline", metavar="NUMBER", help=N_("Where it stood before the plan."))
@dated
@click.option("--no-baseline", metavar="REASON", help=N_("Why there is no baseline."))
@dry_run_option
@pass_context
def tie(
    context: Context,
    plan_word: str,
    word: str,
    baseline: str | None,
    period: str | None,
    no_baseline: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Tie an indicator to a plan."""
    from pdca.exchange.plan_records import Baseline

    house = open_house(context)
    with house.reading() as connection:
        wanted = find_indicator(connection, word)
        language = language_given(context, connection)
    given = _baseline_given(baseline, period, no_baseline)
    # Checked before it goes into the plan, so that a mistake is placed at the option and not inside the document.
    record_given(Baseline, given, language, _BASELINE_OPTIONS)

    def change(written: Written) -> None:
        existing = written.plan.setdefault("indicators", [])
        ids = [one if isinstance(one, str) else one["id"] for one in existing]
        if wanted in ids:
            existing[ids.index(wanted)] = {"id": wanted, "baseline": given}
        else:
            existing.append({"id": wanted, "baseline": given})

    found = rewrite_plan(house, plan_word, change, dry_run=dry_run)
    line = _("%(plan)s is measured by %(indicator)s.")
    line %= {"plan": found.outcome.summary["plan"], "indicator": wanted}
    emit_rewritten(context, "pdca.indicator-tied/1", found, {"indicator": wanted}, line, dry_run=dry_run)


def _baseline_given(baseline: str | None, period: str | None, missing: str | None) -> Data:
    if (baseline is None) == (missing is None) or (baseline is None) != (period is None):
        raise Usage(
            "baseline-or-reason",
            _("A baseline is a number over a period, or there is a reason why there is none."),
            hint=_("Say --baseline NUMBER --period PERIOD, or --no-baseline REASON."),
        )
    given = {"value": number("--baseline", baseline), "period": period, "missing": missing}
    return {name: value for name, value in given.items() if value is not None}


@click.command(
    "rebase",
    cls=Command,
    short_help=N_("Measure a plan from another baseline, in Adjust."),
    help=N_(
        "Measure a plan from another baseline than the one that was locked when it started. It is a decision of "
        "Adjust, with its reason; the earlier baseline stays on record and is shown."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.argument("word", metavar="INDICATOR")
@click.option("--baseline", metavar="NUMBER", help=N_("From where it is measured now."))
@dated
@click.option("--no-baseline", metavar="REASON", help=N_("Why there is no baseline."))
@click.option("--reason", required=True, help=N_("Why; a motive that is kept and shown."))
@dry_run_option
@pass_context
def rebase(
    context: Context,
    plan_word: str,
    word: str,
    baseline: str | None,
    period: str | None,
    no_baseline: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Re-base a plan."""
    from pdca.exchange.plan_records import Baseline
    from pdca.indicators.rebase import Rebase

    house = open_house(context)
    with house.reading() as connection:
        plan_id, wanted = find_plan(connection, plan_word), find_indicator(connection, word)
        language = language_given(context, connection)
    made = record_given(Baseline, _baseline_given(baseline, period, no_baseline), language, _BASELINE_OPTIONS)
    outcome = check(house.apply(Rebase(plan_id, wanted, made, reason), dry_run=dry_run), plan_id, dry_run=dry_run)
    lines = [
        _("%(plan)s, %(indicator)s: %(before)s → %(after)s")
        % {
            **outcome.summary,
            "before": _told(outcome.summary["before"]),
            "after": _told(outcome.summary["after"]),
        }
    ]
    emit_done(context, "pdca.rebased/1", outcome, lines, dry_run=dry_run)


def _told(baseline: Data) -> str:
    if baseline["value"] is None:
        return _("no baseline: %(reason)s") % {"reason": baseline["missing"] or "-"}
    return f"{baseline['value']} ({baseline['period']})"
