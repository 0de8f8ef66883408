"""`pdca plan perimeter`: where a plan works, as places by name and as areas on a map."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_option
from pdca.cli.house import find_plan, open_house
from pdca.cli.output import Block, emit_object
from pdca.cli.plan_document import Written, emit_rewritten, rewrite_plan
from pdca.house import House
from pdca.i18n import N_, _, ngettext
from pdca.store.jsontext import from_json
from pdca.store.reads import plans
from pdca.words import with_name

STDIN: Final = "-"


@click.command(
    "perimeter",
    cls=Command,
    short_help=N_("Show or set where a plan works."),
    help=N_(
        "Show where a plan works, or set it: places by name (--place, once for each; “Anderlecht: Peterbos” is a place "
        "in a municipality), areas on a map (--geojson, - is standard input), or both. What is named replaces what was "
        "named before, and what is drawn what was drawn. With --json the areas are given as GeoJSON."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--place", "places", multiple=True, metavar="NAME", help=N_("A street or an area, by name."))
@click.option("--geojson", metavar="FILE", help=N_("The areas on a map, as GeoJSON."))
@reason_option
@dry_run_option
@pass_context
def perimeter(
    context: Context,
    plan_word: str,
    places: tuple[str, ...],
    geojson: str | None,
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Show or set the perimeter."""
    house = open_house(context)
    if not places and geojson is None:
        _show(context, house, plan_word)
        return
    drawn = None if geojson is None else _read(geojson)

    def change(written: Written) -> None:
        old = written.plan.get("perimeter") or {}
        kept: dict[str, Any] = {"places": old} if isinstance(old, list) else dict(old)
        if places:
            kept = {**{key: value for key, value in kept.items() if key not in ("places", "by_area")}, **_named(places)}
        if drawn is not None:
            kept["geojson"] = drawn
        written.plan["perimeter"] = kept

    found = rewrite_plan(house, plan_word, change, reason=reason, dry_run=dry_run)
    words = _("%(plan)s has its perimeter.") % {"plan": found.outcome.summary["plan"]}
    emit_rewritten(context, "pdca.perimeter-changed/1", found, {}, words, dry_run=dry_run)


def _show(context: Context, house: House, plan_word: str) -> None:
    with house.reading() as connection:
        row = connection.one(plans.PLAN, plan_id=find_plan(connection, plan_word)) or {}
    found = from_json(row["perimeter"]) or {}
    view = {
        "plan": row["plan_id"],
        "places": found.get("places", []),
        "by_area": found.get("by_area", {}),
        "geojson": found.get("geojson"),
    }
    emit_object(context, "pdca.perimeter/1", view, human=lambda: _page(view))


def _page(view: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = [f"  {place}" for place in view["places"]]
    blocks += ["  " + with_name(area, ", ".join(names)) for area, names in view["by_area"].items()]
    if view["geojson"]:
        blocks.append("  " + on_a_map(view["geojson"]))
    if not blocks:
        return [_("%(plan)s has no perimeter.") % view]
    return [_("%(plan)s works in:") % view, *blocks]


def on_a_map(geojson: Mapping[str, Any]) -> str:
    """Say how many areas are drawn, and between which longitudes and latitudes."""
    areas = list(_areas(geojson))
    corners = [position for area in areas for position in _positions(area["coordinates"])]
    count = sum(len(area["coordinates"]) if area["type"] == "MultiPolygon" else 1 for area in areas)
    west, east = (f"{choose(one[0] for one in corners):.3f}" for choose in (min, max))
    south, north = (f"{choose(one[1] for one in corners):.3f}" for choose in (min, max))
    words = ngettext(
        "%(count)s area on a map, between %(west)s and %(east)s east, %(south)s and %(north)s north",
        "%(count)s areas on a map, between %(west)s and %(east)s east, %(south)s and %(north)s north",
        count,
    )
    return words % {"count": count, "west": west, "east": east, "south": south, "north": north}


def _areas(geojson: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if geojson["type"] == "FeatureCollection":
        yield from (feature["geometry"] for feature in geojson["features"])
    else:
        yield geojson["geometry"] if geojson["type"] == "Feature" else geojson


def _positions(coordinates: Sequence[Any]) -> Iterator[Sequence[float]]:
    if isinstance(coordinates[0], list):
        for inner in coordinates:
            yield from _positions(inner)
    else:
        yield coordinates


def _named(places: Sequence[str]) -> dict[str, Any]:
    alone = [place.strip() for place in places if ":" not in place]
    by_area: dict[str, list[str]] = {}
    for place in places:
        area, colon, name = place.partition(":")
        if colon:
            by_area.setdefault(area.strip(), []).append(name.strip())
    return {name: value for name, value in (("places", alone), ("by_area", by_area)) if value}


def _read(file: str) -> dict[str, Any]:
    from pdca.exchange.geojson import read_geojson

    return read_geojson(sys.stdin.buffer, _("standard input")) if file == STDIN else read_geojson(Path(file))
