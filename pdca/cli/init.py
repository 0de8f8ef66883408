"""`pdca init`: founding an installation, or bringing its database up to date."""

import os
import pwd
from collections.abc import Mapping
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.house import open_house
from pdca.cli.naming import program, slug
from pdca.cli.output import Block, Heading, emit_object
from pdca.cli.words import DRY_RUN
from pdca.clock import Clock, FixedClock
from pdca.errors import Failed, Place, Usage
from pdca.house import House
from pdca.i18n import N_, _
from workflows.schedule import ScheduleError, named_zone

_COUNTRY_LENGTH: Final = 2


@click.command(
    "init",
    cls=Command,
    short_help=N_("Make a new database."),
    help=N_(
        "Make a new database for one organisation, with you as its first administrator. The language of --lang becomes "
        "that of the organisation. On PostgreSQL the database must exist and be empty. Importing a programme fills in "
        "the name and the time zone that stand in it."
    ),
)
@click.option("--name", help=N_("The name of the organisation."))
@click.option("--zone", help=N_("Its time zone, such as Europe/Brussels; otherwise the one this machine is in."))
@click.option("--country", metavar="CODE", help=N_("Its country in two letters, such as BE."))
@click.option("--simulated", is_flag=True, help=N_("Mark it as a simulation for good: time and people are pretended."))
@click.option("--upgrade", is_flag=True, help=N_("Bring an older database up to date instead."))
@dry_run_option
@pass_context
def init(
    context: Context,
    name: str | None,
    zone: str | None,
    country: str | None,
    simulated: bool,  # noqa: FBT001 - a flag of the command line
    upgrade: bool,  # noqa: FBT001 - a flag of the command line
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Found an installation, or upgrade its database."""
    house = open_house(context)
    if upgrade:
        if simulated or any(value is not None for value in (name, zone, country)):
            raise Usage(
                "upgrade-alone",
                _("--upgrade changes the form of a database, not what stands in it."),
                hint=_("Leave out --name, --zone, --country and --simulated."),
            )
        _upgrade(context, house, dry_run=dry_run)
        return
    from pdca.installation import CreateInstallation, found
    from pdca.keys import KeyFile, key_path, new_origin
    from pdca.store.jsontext import to_json

    called = (name or "").strip() or _("Our organisation")
    login, person = _whoever(house)
    organisation = slug(called) or "organisation"
    origin = new_origin(organisation)
    file = KeyFile(key_path(context.settings.audit.key_file, context.environ, origin))
    vkey = None if dry_run else str(file.make(origin).verifier)
    command = CreateInstallation(
        organisation_id=organisation,
        name=to_json({context.language: called}),
        zone=_zone(zone, context.environ),
        language=context.language,
        country=_country(country),
        simulated=simulated,
        administrator_login=login,
        administrator_name=person,
        log_key=vkey,
    )
    try:
        outcome = found(house.database, command, _clock(context, simulated=simulated), keep=not dry_run)
    except BaseException:
        file.forget()
        raise
    view = {
        "database": _place(house),
        "name": {context.language: called},
        "zone": command.zone,
        "country": command.country,
        "language": command.language,
        "simulated": simulated,
        "administrator": {"person": "U-001", "login": login, "name": person},
        "event": outcome.events[0] if outcome.events and not dry_run else None,
        "log_key": {"vkey": vkey, "file": str(file.path)},
        "dry_run": dry_run,
    }
    emit_object(context, "pdca.init/1", view, human=lambda: _human(context, view, called))


def _human(context: Context, view: Mapping[str, Any], called: str) -> list[Block]:
    blocks: list[Block] = []
    if view["simulated"]:
        blocks.append(_("SIMULATION: nothing in this database is real."))
    blocks += [
        _("“%(name)s” has its database: %(database)s.") % {"name": called, "database": view["database"]},
        _("Time zone %(zone)s, language %(language)s.") % view,
        _("You are its administrator: %(person)s, login %(login)s.") % view["administrator"],
    ]
    if view["dry_run"]:
        return [*blocks, _(DRY_RUN)]
    command = program(context)
    return [
        *blocks,
        _("Its log is signed by the key in %(file)s. Keep a copy of that file apart from the database.")
        % view["log_key"],
        Heading(_("What comes next")),
        "  " + _("%(command)s import FILE: take in a programme with its plans and people") % {"command": command},
        "  " + _("%(command)s programme new --title TITLE: or make one here, step by step") % {"command": command},
        "  " + _("%(command)s person add --name NAME --function FUNCTION: add somebody") % {"command": command},
        "  " + _("%(command)s scheduler run: let dates be enforced") % {"command": command},
        "  " + _("%(command)s doctor: check that everything is in order") % {"command": command},
    ]


def _upgrade(context: Context, house: House, *, dry_run: bool) -> None:
    from pdca.store.catalogue import SCHEMA_VERSION

    changed = _is_older(house)
    if changed and not dry_run:
        from pdca.engine import must_administer

        # Not noted when it is refused: this program cannot write the log of another schema.
        with house.database.connect_any_schema(writing=False) as connection:
            must_administer(house.actor(connection), N_("upgrade the database"))
        from pdca.store.schema import upgrade

        upgrade(house.database)
    view = {"database": _place(house), "version": SCHEMA_VERSION, "changed": changed, "dry_run": dry_run}
    words = (
        _("%(database)s is brought up to date: schema %(version)s.")
        if changed
        else _("%(database)s is up to date: schema %(version)s.")
    )
    blocks = [words % view, *([_(DRY_RUN)] if dry_run else [])]
    emit_object(context, "pdca.upgrade/1", view, human=lambda: blocks)


def _is_older(house: House) -> bool:
    try:
        house.database.connect().close()
    except Failed as error:
        if error.code != "schema-older":
            raise
        return True
    return False


def _place(house: House) -> str:
    from pdca.log import masked

    return str(house.database.path or masked(house.database.url))


def _whoever(house: House) -> tuple[str, str]:
    """Give the login and the name of whoever founds; the server's login where there is one."""
    login = house.operating_system_login()
    if house.database.path is None:
        with house.database.connect_any_schema(writing=False) as connection:
            login = house.login(connection)
    try:
        name = pwd.getpwnam(login).pw_gecos.split(",")[0].strip()
    except KeyError:
        name = ""
    return login, name or login


def _clock(context: Context, *, simulated: bool) -> Clock:
    pretended = context.requested_now
    if pretended is None:
        return context.clock
    if not simulated:
        raise Usage(
            "not-simulated",
            _("Only a simulated database accepts PDCA_NOW."),
            hint=_("Unset PDCA_NOW, or add --simulated."),
            place=Place(field="PDCA_NOW"),
        )
    return FixedClock(pretended)


def _zone(asked: str | None, environ: Mapping[str, str]) -> str:
    if asked is None:
        return _machine_zone(environ)
    try:
        named_zone(asked)
    except ScheduleError as error:
        raise Usage(
            "zone-unknown",
            _("There is no time zone “%(zone)s”.") % {"zone": asked},
            hint=_("Use a name of the IANA time zone database, such as Europe/Brussels."),
            place=Place(field="--zone"),
        ) from error
    return asked


def _machine_zone(environ: Mapping[str, str]) -> str:
    _folder, zoneinfo, linked = os.path.realpath("/etc/localtime").rpartition("/zoneinfo/")
    for candidate in (environ.get("TZ", "").lstrip(":"), linked if zoneinfo else ""):
        try:
            if candidate:
                named_zone(candidate)
                return candidate
        except ScheduleError:
            continue
    return "UTC"


def _country(code: str | None) -> str | None:
    if code is None:
        return None
    country = code.upper()
    if len(country) != _COUNTRY_LENGTH or not (country.isascii() and country.isalpha()):
        raise Usage(
            "country-unknown",
            _("“%(text)s” is no country code.") % {"text": code},
            hint=_("Write two letters, such as BE."),
            place=Place(field="--country"),
        )
    return country
