"""`pdca plan lifecycle`: the states a plan went through, in words, as a state diagram, or as a picture."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from pdca.cli.audit_statistics import days
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import Block, Column, Heading, Row, Table, emit_object
from pdca.cli.words import day
from pdca.errors import Usage
from pdca.files import whole_file
from pdca.i18n import N_, _, localized, ngettext
from pdca.words import with_name

FORMS: Final = ("mermaid", "svg")


@click.command(
    "lifecycle",
    cls=Command,
    short_help=N_("Show the states a plan went through: how long in each, which steps, how often."),
    help=N_(
        "Show the states that a plan went through, from the log: how often and how long it was in each, and every step "
        "that it took, with how often and after how long. In words, as a state diagram in the language Mermaid, or as "
        "a picture (SVG) that any browser shows. In the state in which the plan is now, it is counted until now."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--draw", "form", type=click.Choice(FORMS), help=N_("As a state diagram in Mermaid, or as a picture."))
@click.option("--out", metavar="FILE", help=N_("Where to; a file there is not replaced. Otherwise stdout."))
@pass_context
def lifecycle(context: Context, plan_word: str, form: str | None, out: str | None) -> None:
    """Show the lifecycle of a plan."""
    from pdca.report.lifecycle import lifecycle as lived

    if out is not None and form is None:
        raise Usage(
            "nothing-drawn",
            _("Only a drawing is written to a file."),
            hint=_("Say --draw svg or --draw mermaid, or leave --out out."),
        )
    house = open_house(context)
    with house.reading() as connection:
        view = lived(connection, find_plan(connection, plan_word), house.now(connection))
    if form is None:
        emit_object(context, "pdca.lifecycle/1", view, human=lambda: _page(view))
        return
    text = _mermaid(view) if form == "mermaid" else _svg(view)
    drawn = {"plan": view["plan"], "form": form, "out": out, "text": text if out is None else None}
    if out is None:
        if context.json:
            emit_object(context, "pdca.lifecycle-drawing/1", drawn)
        else:
            # As it is, on a terminal too: it is read by programs.
            sys.stdout.write(text)
        return
    with whole_file(Path(out)) as new:
        new.write_text(text, encoding="utf-8", newline="\n")
    emit_object(context, "pdca.lifecycle-drawing/1", drawn, human=lambda: [_("Written to %(file)s.") % {"file": out}])


def _page(view: Row) -> Iterator[Block]:
    yield Heading(_title(view))
    yield Table(
        (
            Column("state", N_("State"), show=lambda row: localized(row["label"])),
            Column("visits", N_("Times"), right=True, show=lambda row: str(row["visits"] or "")),
            Column("seconds", N_("Days"), right=True, show=lambda row: days(row["seconds"]) if row["visits"] else ""),
            Column("since", N_("Still, since"), whole=True, show=lambda row: day(row["since"], view["zone"])),
        ),
        view["states"],
    )
    if view["steps"]:
        yield Heading(_("Steps"))
        yield Table(
            (
                Column("from", N_("From state"), show=lambda row: _label(view, row["from"])),
                Column("to", N_("To state"), show=lambda row: _label(view, row["to"])),
                Column("trigger", N_("Step"), show=_step),
                Column("count", N_("Times"), right=True),
                Column("seconds", N_("After days"), right=True, show=lambda row: days(row["seconds"])),
                Column("last", N_("Last"), whole=True, show=lambda row: day(row["last"], view["zone"])),
            ),
            view["steps"],
        )


def _title(view: Row) -> str:
    return f"{view['plan']} {localized(view['title'])}"


def _label(view: Row, state: str) -> str:
    return next(localized(one["label"]) for one in view["states"] if one["state"] == state)


def _step(row: Row) -> str:
    return localized(row["label"]) if row["label"] else str(row["trigger"] or "")


def _times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": count}


def _stood(view: Row, state: Row) -> str:
    """Say how often and how long a plan was in a state."""
    if not state["visits"]:
        return _("not yet")
    said = {
        "times": _times(state["visits"]),
        "days": days(state["seconds"]),
        "since": day(state["since"], view["zone"]),
    }
    if state["since"]:
        return _("%(times)s, %(days)s days, there since %(since)s") % said
    return _("%(times)s, %(days)s days") % said


def _taken(view: Row, step: Row) -> str:
    """Say how often a step was taken, after how long, and when it last was."""
    said = {"times": _times(step["count"]), "days": days(step["seconds"]), "last": day(step["last"], view["zone"])}
    if step["count"] == 1:
        return _("once, after %(days)s days, on %(last)s") % said
    return _("%(times)s, after %(days)s days altogether, last on %(last)s") % said


def _mermaid(view: Row) -> str:
    from workflows.diagram import state_diagram

    stood = [state for state in view["states"] if state["visits"]]
    return state_diagram(
        {state["state"]: f"{localized(state['label'])} ({_stood(view, state)})" for state in stood},
        [(step["from"], step["to"], f"{_step(step)} ({_taken(view, step)})") for step in view["steps"]],
        view["first"],
        [state["state"] for state in stood if state["ended"] and state["since"]],
    )


def _svg(view: Row) -> str:
    from pdca.pages.lifecycle_svg import StateBox, Step, lifecycle_svg

    boxes = [
        StateBox(
            one["state"], localized(one["label"]), _stood(view, one), bool(one["visits"]), one["since"] is not None
        )
        for one in view["states"]
    ]
    steps = [
        Step(step["from"], step["to"], with_name(f"{_between(view, step)} ({_step(step)})", _taken(view, step)))
        for step in view["steps"]
    ]
    told = [with_name(box.words, f"{box.told}.") for box in boxes] + [f"{step.told}." for step in steps]
    return lifecycle_svg(_title(view), " ".join(told), boxes, steps)


def _between(view: Row, step: Row) -> str:
    return f"{_label(view, step['from'])} → {_label(view, step['to'])}"
