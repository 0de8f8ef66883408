"""Where a plan works, and whether it may call itself MMM (clauses 33 to 35)."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

LEAD = ("--as", "ijsbrand")
RING = [[4.29, 50.83], [4.30, 50.83], [4.30, 50.84], [4.29, 50.83]]
AREA = {"type": "Polygon", "coordinates": [RING]}
TWO = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "Peterbos"}, "geometry": AREA},
        {"type": "Feature", "properties": None, "geometry": {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}},
    ],
}


def perimeter() -> dict[str, Any]:
    view: dict[str, Any] = run("plan", "perimeter", "P-004", "--json").json
    return view


def drawn(value: object) -> str:
    Path("area.geojson").write_text(json.dumps(value, indent="\t"), encoding="utf-8")
    return "area.geojson"


def test_places_by_name_are_shown_and_replaced() -> None:
    assert perimeter()["places"] == ["Peterbos", "Kuregem", "Zuidstation"]
    ran = run(
        *("plan", "perimeter", "P-004", "--place", "Zuidstation", "--place", "Anderlecht: Peterbos"),
        *("--place", "Anderlecht: Kuregem", *LEAD),
    )
    assert ran.status == 0, ran.err
    assert perimeter()["places"] == ["Zuidstation"]
    assert perimeter()["by_area"] == {"Anderlecht": ["Peterbos", "Kuregem"]}
    assert "Anderlecht: Peterbos, Kuregem" in run("plan", "perimeter", "P-004").out
    for page in ("perimeter", "show"):
        assert "Anderlecht\u00a0: Peterbos, Kuregem" in run("plan", page, "P-004", "--lang", "fr").out


def test_clause_35_areas_on_a_map_are_taken_beside_the_names_and_given_back() -> None:
    assert run("plan", "perimeter", "P-004", "--geojson", drawn(TWO), *LEAD).status == 0
    assert perimeter()["geojson"] == TWO
    assert perimeter()["places"] == ["Peterbos", "Kuregem", "Zuidstation"]
    out = run("plan", "perimeter", "P-004").out
    assert "3 areas on a map, between 4.290 and 4.300 east, 50.830 and 50.840 north" in out
    assert "3 areas on a map" in run("plan", "show", "P-004").out
    assert run("plan", "perimeter", "P-004", "--place", "Kuregem", *LEAD).status == 0
    assert perimeter()["geojson"] == TWO


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"type": "Point", "coordinates": [4, 50]}, "import-bad-geometry"),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, "import-bad-geometry"),
        ({"type": "Polygon", "coordinates": [[*RING[:2], [148_000, 170_000], RING[0]]]}, "import-bad-geometry"),
        ([1], "import-wrong-type"),
    ],
)
def test_what_is_no_area_is_refused_with_its_place(value: object, code: str) -> None:
    ran = run("plan", "perimeter", "P-004", "--geojson", drawn(value), *LEAD, "--json")
    assert (ran.status, ran.error["code"], ran.error["place"]["file"]) == (1, code, "area.geojson")
    assert perimeter()["geojson"] is None


def test_a_file_that_is_not_there_or_no_json_is_refused() -> None:
    assert (
        run("plan", "perimeter", "P-004", "--geojson", "nowhere", *LEAD, "--json").error["code"] == "import-unreadable"
    )
    Path("area.geojson").write_text('{"type": ', encoding="utf-8")
    assert run("plan", "perimeter", "P-004", "--geojson", "area.geojson", *LEAD).status == 1


def test_only_the_project_group_sets_it_and_a_dry_run_does_not() -> None:
    assert run("plan", "perimeter", "P-004", "--place", "Elders", "--as", "kaatje").status == 3
    assert run("plan", "perimeter", "P-004", "--place", "Elders", *LEAD, "--dry-run").status == 0
    assert perimeter()["places"] == ["Peterbos", "Kuregem", "Zuidstation"]


def test_clauses_33_to_35_a_plan_shows_whether_it_may_call_itself_mmm_and_what_it_would_need() -> None:
    view = run("plan", "show", "P-004", "--json").json["mmm_standing"]
    assert (view["called"], view["possible"]) == (False, False)
    assert [need["code"] for need in view["needs"]] == ["mmm-too-few-phenomena"]
    assert [one["party_id"] for one in view["partners"]] == ["federale_politie", "huisvesting"]
    out = run("plan", "show", "P-004").out
    assert "MMM: no; it would need several phenomena\n" in out
    assert "Partners: federale politie" in out


def test_a_plan_that_is_called_mmm_without_being_it_is_told_the_command_that_mends_it() -> None:
    out = run("plan", "show", "AP-MMM").out
    assert "MMM: it is called so, but may not be:" in out
    assert "pdca group add P-010 PARTY" in out
    assert run("group", "add", "AP-MMM", "mivb").status == 0
    found = run("plan", "show", "AP-MMM", "--json").json["mmm_standing"]
    assert (found["called"], found["possible"], found["needs"]) == (True, True, [])
    assert "MMM: yes" in run("plan", "show", "AP-MMM").out
    assert run("group", "remove", "AP-MMM", "mivb").status == 0
    assert "MMM: yes" not in run("plan", "show", "AP-MMM").out
