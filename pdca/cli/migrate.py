"""`pdca plan migrate`: moving a plan to another version of its method, or to another method."""

from collections.abc import Iterator

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required
from pdca.cli.given import what_came
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.output import Block, Row, emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.store.reads import plans as statements
from pdca.words import WHAT, spoken


@click.command(
    "migrate",
    cls=Command,
    short_help=N_("Move a plan to another version of its method, or to another method."),
    help=N_(
        "Move a plan to another version of its method, the newest unless --to-version names one, or with --to to "
        "another method. Until then a plan keeps what it started on. Shown is everything that is different for the "
        "plan; --dry-run shows it beforehand. It is refused when the plan has something that there is no place for; "
        "a state that is called otherwise there is named with --state. Deadlines that run go on as they are. An "
        "approval of the plan is void afterwards, for it was given under other rules."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--to-version", type=click.IntRange(min=1), metavar="N", help=N_("The version, such as 2."))
@click.option("--to", "method", metavar="METHOD[@VERSION]", help=N_("The method, such as own or own@2."))
@click.option(
    "--state",
    "states",
    metavar="STATE=STATE",
    multiple=True,
    help=N_("Which state takes the place of one, such as do=doing; may be repeated."),
)
@reason_required
@dry_run_option
@pass_context
def migrate(
    context: Context,
    plan_word: str,
    to_version: int | None,
    method: str | None,
    states: tuple[str, ...],
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Move a plan to another version or method."""
    from pdca.plans.advance import Seen
    from pdca.plans.migrate import Migrate

    name, version = stated(method, to_version)
    taking = dict(_pair(one) for one in states)
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        row = connection.one(statements.PLAN, plan_id=plan_id) or {}
    seen = Seen(row["version"], None if context.requested_now else context.opened_at)
    outcome = house.apply(Migrate(plan_id, version, reason, seen, name, taking), dry_run=dry_run)
    check(outcome, plan_id, dry_run=dry_run)
    summary = {**outcome.summary, **what_came(outcome, dry_run=dry_run)}
    emit_object(context, "pdca.migrate/1", summary, human=lambda: _migrated(summary))


def stated(method: str | None, to_version: int | None = None) -> tuple[str | None, int | None]:
    """Read ID@VERSION; the version may also stand in an option of its own."""
    name, at, version = (method or "").partition("@")
    if not at:
        return name or None, to_version
    if not (version.isdecimal() and version.isascii()) or to_version not in (None, int(version)):
        raise Usage(
            "version-unknown",
            _("“%(text)s” is no version.") % {"text": version},
            hint=_("Write it like zvp@1."),
        )
    return name, int(version)


def _pair(text: str) -> tuple[str, str]:
    before, equals, after = (part.strip() for part in text.partition("="))
    if not (before and equals and after):
        raise Usage(
            "state-pair",
            _("“%(text)s” does not say which state takes the place of which.") % {"text": text},
            hint=_("Write it like do=doing."),
        )
    return before, after


def _migrated(view: Row) -> Iterator[Block]:
    from pdca.cli.workflow_page import difference_lines
    from workflows.difference import Difference

    if view["from_method"] == view["method"]:
        yield _("%(plan)s: version %(from_version)s → %(to_version)s of “%(method)s”.") % view
    else:
        yield _("%(plan)s: %(from_method)s@%(from_version)s → %(method)s@%(to_version)s.") % view
    for before, after in view["states"].items():
        yield _("State: %(before)s → %(after)s.") % {"before": before, "after": after}
    yield from difference_lines(tuple(Difference(**one) for one in view["changes"]))
    if view["rubrics_to_write"]:
        yield _("Rubrics that are not written yet: %(rubrics)s.") % {"rubrics": ", ".join(view["rubrics_to_write"])}
    for text, deadlines in ((_KEPT, view["deadlines_kept"]), (_SET, view["deadlines_set"])):
        for one in deadlines:
            yield _(text) % {"what": spoken(WHAT, one["kind"]), "day": one["since"][:10]}
    if view["dry_run"]:
        yield _(DRY_RUN)


_KEPT = N_("The deadline “%(what)s” of %(day)s stays as it is.")
_SET = N_("From now on: “%(what)s” by %(day)s.")
