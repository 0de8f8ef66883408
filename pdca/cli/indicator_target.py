"""`pdca indicator target`: what is aimed at, adjusted with a reason, or corrected."""

from decimal import Decimal
from typing import Final

import click

from pdca.cli.activity_fields import number
from pdca.cli.context import Context
from pdca.cli.finding import find_indicator
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done, language_given, titles
from pdca.cli.house import open_house
from pdca.cli.indicator_change import dated, reason_option
from pdca.cli.plan_document import record_given
from pdca.errors import Usage
from pdca.i18n import N_, _

OPERATORS: Final = ("<", "<=", "=", ">=", ">")

_TARGET_OPTIONS: Final = {
    "to_be_determined": "--determine-by",
    **{name: f"--{name}" for name in ("period", "by", "value", "upto", "words", "direction", "reason", "note")},
}


@click.command(
    "target",
    cls=Command,
    short_help=N_("Set a target; adjust or correct one."),
    help=N_(
        "Set the target of a period (--period) or until a date (--by): a number (--op and --value), a range (--from "
        "and --upto), words (--words), a direction alone (--direction), or to be determined (--determine-by). A "
        "target is never changed: --adjusts NUMBER sets another aim and --corrects NUMBER mends a mistake, each with "
        "--reason, and the first stays visible."
    ),
)
@click.argument("word", metavar="INDICATOR")
@dated
@click.option("--by", "by_date", metavar="DATE", help=N_("Until when; it may lie beyond the plan."))
@click.option("--op", type=click.Choice(OPERATORS), help=N_("How the result compares with the value."))
@click.option("--value", metavar="NUMBER", help=N_("The number to reach."))
@click.option("--from", "low", metavar="NUMBER", help=N_("The lower end of a range."))
@click.option("--upto", metavar="NUMBER", help=N_("The upper end of a range."))
@click.option("--words", "words_texts", multiple=True, metavar="TEXT", help=N_("The target in words."))
@click.option(
    "--direction", type=click.Choice(("up", "down", "hold", "range", "none")), help=N_("What counts as better.")
)
@click.option("--determine-by", metavar="DATE", help=N_("The target is still to come, by this date."))
@click.option("--adjusts", type=click.IntRange(min=1), metavar="NUMBER", help=N_("The target that it adjusts."))
@click.option("--corrects", type=click.IntRange(min=1), metavar="NUMBER", help=N_("The target that it corrects."))
@reason_option
@click.option("--note", metavar="TEXT", help=N_("A remark."))
@dry_run_option
@pass_context
def target(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    word: str,
    period: str | None,
    by_date: str | None,
    op: str | None,
    value: str | None,
    low: str | None,
    upto: str | None,
    words_texts: tuple[str, ...],
    direction: str | None,
    determine_by: str | None,
    adjusts: int | None,
    corrects: int | None,
    reason: str | None,
    note: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Set a target."""
    from pdca.exchange.records import Target
    from pdca.indicators.aims import SetTarget

    ranged = low is not None or upto is not None
    if ranged and (op is not None or value is not None):
        raise Usage("range-or-number", _("A target is a number or a range."), hint=_("Leave --op and --value out."))
    ends = number("--from", low), number("--upto", upto)
    named = any((op, ranged, words_texts, direction, determine_by))
    for wrong, message, hint in (
        (ranged and None in ends, _("This range has one end."), _("Give --from and --upto.")),
        (
            ends[0] is not None and ends[1] is not None and ends[0] > ends[1],
            _("This range does not go up."),
            _("Give the lower end with --from, and the upper one with --upto."),
        ),
        (
            value is not None and determine_by is not None,
            _("This target has a value, so it is not to be determined any more."),
            _("Keep --value or --determine-by."),
        ),
        (
            adjusts is not None and corrects is not None,
            _("A target is either adjusted, because another aim was set, or corrected, because it was wrong."),
            _("Keep --adjusts or --corrects."),
        ),
        (value is not None and op is None, _("This target has a value but no op."), _("Add --op, such as --op '<='.")),
        (
            not named,
            _("This target says neither a number nor words."),
            _("Give --op and --value, --from and --upto, --words, --direction or --determine-by."),
        ),
        (
            period is not None and by_date is not None,
            _("A target belongs to a period or to a date, not to both."),
            _("Keep --period or --by."),
        ),
        (
            reason is None and (adjusts is not None or corrects is not None),
            _("This target replaces another and does not say why."),
            _("Give the reason with --reason."),
        ),
        (
            op is not None and value is None and note is None and determine_by is None,
            _("This target has no value and does not say why."),
            _("Add --value, or say with --note when it follows."),
        ),
    ):
        if wrong:
            raise Usage("import-incomplete", message, hint=hint)
    house = open_house(context)
    with house.reading() as connection:
        wanted = find_indicator(connection, word)
        language = language_given(context, connection)
    data = {
        "period": period,
        "by": by_date,
        "op": "range" if ranged else op,
        "value": ends[0] if ranged else number("--value", value),
        "upto": ends[1],
        "words": titles("--words", words_texts, language) or None,
        "direction": direction,
        "to_be_determined": determine_by,
        "adjusts": None if adjusts is None else Decimal(adjusts),
        "corrects": None if corrects is None else Decimal(corrects),
        "reason": reason,
        "note": note,
    }
    made = record_given(Target, data, language, _TARGET_OPTIONS)
    outcome = house.apply(SetTarget(wanted, made), dry_run=dry_run)
    lines = [_("Target %(number)s of %(indicator)s is set.") % outcome.summary]
    worse = outcome.summary["worse_than"]
    if worse is not None:
        lines.append(_("Note: it asks for less than was reached already: %(value)s in %(period)s.") % worse)
    emit_done(context, "pdca.target-set/1", outcome, lines, dry_run=dry_run)
