"""MMM: multidisciplinary, multi-phenomenon, micro-local; a plan is called so only if all three hold (clauses 33-35)."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from pdca.store.jsontext import to_json
from pdca.store.rows import insert, update
from tests import seed
from tests.contract import edits
from tests.contract.world import PLAN, World, codes

PLACES: Final = to_json({"by_area": {"Anderlecht": ["Peterbos"]}})
GEOJSON: Final = to_json({"geojson": {"type": "Polygon", "coordinates": []}})
PHENOMENA: Final = to_json([{"phenomenon": "drugs"}, {"text": {"nl": "Overlast"}}])
WHOLE: Final[Mapping[str, Any]] = {"mmm": 1, "perimeter": PLACES, "phenomena": PHENOMENA}


@pytest.fixture
def partnered(world: World) -> World:
    """The seeded plan with two partner organisations in its group."""
    parquet = insert(
        "party", {"party_id": "parquet"}, kind="partner", name='{"nl":"Parket"}', assumed=0, discipline_assumed=0
    )
    world.by_administrator(seed.Plant([parquet]))
    world.by_administrator(edits.member("transport"))
    world.by_administrator(edits.member("parquet"))
    return world


def needs(world: World, **values: Any) -> list[str]:  # noqa: ANN401 - any column
    world.by_administrator(edits.plan(**{**WHOLE, **values}))
    world.approve("start")
    return codes(world.advance("start"))


@pytest.mark.parametrize(
    "values",
    [{}, {"perimeter": GEOJSON}, {"perimeter": to_json({"places": ["Zuidstation"]})}],
    ids=["streets by area", "drawn", "places"],
)
def test_a_plan_of_which_all_three_hold_is_started(partnered: World, values: Mapping[str, object]) -> None:
    assert needs(partnered, **values) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"perimeter": None}, "mmm-without-perimeter"),
        ({"perimeter": to_json({"by_area": {"Anderlecht": []}})}, "mmm-without-perimeter"),
        ({"phenomena": None}, "mmm-too-few-phenomena"),
        ({"phenomena": to_json([{"phenomenon": "drugs"}])}, "mmm-too-few-phenomena"),
        ({"phenomena": to_json([{"phenomenon": "drugs"}, {"phenomenon": "drugs"}])}, "mmm-too-few-phenomena"),
    ],
)
def test_clauses_34_and_35_it_is_about_several_phenomena_in_a_place(
    partnered: World, values: Mapping[str, object], code: str
) -> None:
    assert needs(partnered, **values) == [code]


@pytest.mark.parametrize(
    "change",
    [
        edits.without_member("parquet"),
        edits.Edit([update("group_member", {"plan_id": PLAN, "party_id": "parquet"}, until_date="2024-01-08")]),
    ],
    ids=["gone", "left"],
)
def test_clause_33_it_takes_several_partner_organisations(partnered: World, change: edits.Edit) -> None:
    partnered.by_administrator(change)
    assert needs(partnered) == ["mmm-too-few-partners"]


def test_disciplines_of_the_body_itself_are_no_partner_organisations(world: World) -> None:
    world.by_administrator(edits.member("chief"))
    assert needs(world) == ["mmm-too-few-partners"]


def test_a_plan_that_is_not_called_so_needs_none_of_it(world: World) -> None:
    assert needs(world, mmm=0, perimeter=None, phenomena=None) == []
