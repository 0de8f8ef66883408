"""`pdca whoami`: who you are to the program, and what you may do."""

from collections.abc import Mapping
from typing import Any, Final

import click

from pdca.cli.cells import legend
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import Block, emit_object
from pdca.cli.person import access_words
from pdca.i18n import N_, _, localized
from pdca.report.people import of_actor
from pdca.words import marked, spoken

MAY: Final = {
    "read": N_("read everything"),
    "work": N_("move the plans you lead on, record evaluations of the plans of others, approve what others ask"),
    "administer": N_("take in programmes, add and appoint people"),
    "schedule": N_("run the scheduler and deliver messages"),
}


@click.command("whoami", cls=Command, short_help=N_("Tell who you are to the program, and what you may do."))
@pass_context
def whoami(context: Context) -> None:
    """Tell who acts."""
    house = open_house(context)
    with house.reading() as connection:
        view = of_actor(connection, house.actor(connection), house.now(connection))
    emit_object(context, "pdca.whoami/1", view, human=lambda: _human(view))


def _human(view: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    if view["simulated"]:
        blocks.append(_("SIMULATION: nothing in this database is real."))
    if view["login"]:
        blocks.append(_("Login: %(login)s") % view)
    if view["person"] is None:
        blocks.append(_("No person here has this login, so it may only read."))
        blocks.append(_("An administrator adds it with `pdca person add --name … --login %(login)s`.") % view)
        return blocks
    blocks.append(
        _("Person: %(person)s %(name)s") % {"person": view["person"], "name": marked(view["name"], view["assumed"])}
    )
    blocks.append(_("Access: %(access)s") % {"access": access_words(view)})
    held = [f"{localized(one['name'])} ({one['party_id']})" for one in view["functions"]]
    blocks.append(_("Functions: %(functions)s") % {"functions": ", ".join(held) or _("none")})
    if view["leads"]:
        blocks.append(_("Leads: %(plans)s") % {"plans": ", ".join(view["leads"])})
    if view["in_group_of"]:
        blocks.append(_("In the project group of: %(plans)s") % {"plans": ", ".join(view["in_group_of"])})
    blocks.append(_("You may:"))
    blocks += [f"  - {spoken(MAY, one)}" for one in view["may"]]
    return [*blocks, *legend(view["assumed"])]
