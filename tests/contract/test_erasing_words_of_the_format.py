"""Whoever is called like a key or a code of what is stored goes out of the texts, and it can still be read."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from pdca import methods
from pdca.engine import apply
from pdca.erasure.naming import ERASED
from pdca.erasure.person import ErasePerson
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import plan_document
from pdca.exchange.known import known_in
from pdca.exchange.plan_file import plan_of
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import plans
from pdca.store.rows import update
from tests import seed
from tests.contract import edits
from tests.contract.world import PLAN, World

DRAWN: Final = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[[4.5, 51.25], [4.75, 51.25], [4.75, 51.5], [4.5, 51.25]]]},
            "properties": {"name": "Voor het Station", "Contact": "de wijkagent"},
        }
    ],
}
FREE: Final = ("Station", "Zuid", "Winkels", "wijkagent", "Fietsdiefstal", "Toezicht", "Hangjongeren", "Contact")


def fill(plan: dict[str, Any]) -> None:
    plan["perimeter"] = {
        "places": ["Station", "Markt"],
        "by_area": {"Zuid": ["Winkels"], "Noord": ["Kerk"]},
        "geojson": DRAWN,
        "note": "Met de wijkagent.",
    }
    plan["phenomena"] = [{"text": "Fietsdiefstal", "note": "Zie het verslag."}]
    plan["axes"] = [{"id": "X1", "title": "Toezicht", "leads": ["prevention"], "note": "Overdag."}]
    plan["activities"][0]["steps"] = ["Hangjongeren aanspreken."]


@pytest.fixture
def filled(world: World) -> World:
    world.by("sofie", edits.complete_baseline())
    outcome = edits.edit(world, "sofie", fill)
    assert outcome.refusal == ()
    return world


def words_of(value: object) -> Iterator[str]:
    """Every key in what is stored, and every value of one word."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from words_of(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from words_of(inside)
    elif isinstance(value, str) and value.isidentifier():
        yield value


def stored_words(world: World) -> list[str]:
    """The keys and codes of every column of which the values can be erased, and of the document of the plan."""
    found = set(words_of(plan_document(world.reading, PLAN)))
    for name, table in FOLDED.items():
        for row in world.dump()[name]:
            for column in table.committed:
                if str(row[column]).startswith(("{", "[", '"')):
                    found.update(words_of(from_json(row[column])))
    return sorted(found)


def plan_read_again(connection: Connection) -> tuple[Any, EditPlan]:
    data = plan_document(connection, PLAN)
    definition = methods.of_plan(connection, connection.one(plans.PLAN, plan_id=PLAN) or {})
    return data, EditPlan(PLAN, plan_of(data, known_in(connection), definition))


def without_texts(value: object, before: object) -> object:
    """What there is after, with the texts of before where they are erased."""
    if isinstance(value, dict) and isinstance(before, dict) and len(value) == len(before):
        names = dict(zip(sorted(value), sorted(value), strict=True))
        erased, gone = [one for one in value if ERASED in one], [one for one in before if one not in value]
        names.update(zip(erased, gone, strict=False))
        return {names[name]: without_texts(inside, before.get(names[name])) for name, inside in value.items()}
    if isinstance(value, list) and isinstance(before, list) and len(value) == len(before):
        return [without_texts(*both) for both in zip(value, before, strict=True)]
    return before if isinstance(value, str) and ERASED in value and isinstance(before, str) else value


def test_the_plan_is_read_again_whatever_somebody_was_called(filled: World) -> None:
    before = plan_document(filled.reading, PLAN)
    anna = filled.person_id("anna")
    for word in sorted({*stored_words(filled), *FREE}):
        with filled.house.writing() as uow:
            uow.keep = False
            admin = filled.house.actor(uow.connection)
            apply(uow, seed.Plant([update("person", {"person_id": anna}, name=word)]), admin)
            apply(uow, ErasePerson(anna, "art-17", "Gevraagd."), admin)
            after, again = plan_read_again(uow.connection)
            assert without_texts(after, before) == before, word
            assert apply(uow, again, admin).events == (), word
            if word in FREE:
                assert word not in str(after), word
