"""`pdca plan show`: one plan with all that belongs to it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pdca import methods
from pdca.actor import Actor
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import Block, emit_object
from pdca.cli.words import parse_day
from pdca.i18n import N_, _
from pdca.plans.roles import local_date
from pdca.report import plans as views
from pdca.store.driver import Connection
from pdca.store.reads import plans as statements
from pdca.words import need_fields

if TYPE_CHECKING:
    from pdca.indicators.series import Series


@click.command("show", cls=Command, short_help=N_("Show one plan with all that belongs to it."))
@click.argument("plan_word", metavar="PLAN")
@click.option("--as-of", metavar="DATE", help=N_("As it was at the end of this day, as the log has it."))
@pass_context
def show(context: Context, plan_word: str, as_of: str | None) -> None:
    """Show one plan."""
    from pdca.cli.plan_page import page
    from pdca.cli.series_shape import shape

    day_asked = parse_day("--as-of", as_of)
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        now, actor = house.now(connection), house.actor(connection)
        view, series = (
            _view(connection, plan_id, now, actor)
            if day_asked is None
            else _then(connection, plan_id, day_asked, now, actor)
        )
    told: list[Block] = [_("As it was at the end of %(day)s:") % {"day": as_of}] if as_of else []
    emit_object(
        context,
        "pdca.plan/1",
        {**view, "as_of": as_of},
        human=lambda: [
            *told,
            *page(
                {
                    **view,
                    "indicators": [{**row, "shape": shape(series[row["indicator_id"]])} for row in view["indicators"]],
                }
            ),
        ],
    )


def _view(
    connection: Connection, plan_id: str, now: datetime, actor: Actor, log: Connection | None = None
) -> tuple[views.View, dict[str, "Series"]]:
    """Give the plan, whether it may call itself MMM, the hash of what an approval would be bound to, and those given;
    and beside it the series of its indicators.

    `log` holds the events when `connection` does not.
    """
    from pdca.content import content_hash
    from pdca.indicators.find import find_row
    from pdca.report.approvals import approvals_of
    from pdca.report.cycles import standing as cycle_standing
    from pdca.report.mmm import standing
    from pdca.report.readings import aimed_at, recorded_of

    row = connection.one(statements.PLAN, plan_id=plan_id) or {}
    found, lacking = standing(connection, row, now, actor)
    found["needs"] = [need_fields(need) for need in lacking]
    digest = content_hash(connection, plan_id) if methods.purposes(methods.of_plan(connection, row)) else None
    view = views.whole(connection, plan_id, now)
    series = {}
    for one in view["indicators"]:
        recorded = recorded_of(connection, find_row(connection, one["indicator_id"]), now)
        one["target"] = aimed_at(connection, recorded, now, local_date(now, view["zone"]))
        series[one["indicator_id"]] = recorded.series
    return {
        **view,
        **cycle_standing(connection, row),
        "mmm_standing": found,
        "content_sha256": digest,
        "approvals": approvals_of(connection, row, now, log),
    }, series


def _then(
    connection: Connection, plan_id: str, asked: date, now: datetime, actor: Actor
) -> tuple[views.View, dict[str, "Series"]]:
    """Give it as the log has it at the end of a day."""
    from pdca.report.then import as_of, end_of_day, not_to_come

    at = end_of_day(connection, plan_id, not_to_come(connection, plan_id, asked, now))
    with as_of(connection, plan_id, at) as then:
        return _view(then, plan_id, at, actor, log=connection)
