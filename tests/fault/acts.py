"""What writes to the log, each as one act that can be repeated, with what has to be there before."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pdca.checkpoints import sign_state
from pdca.engine import Command, Outcome
from pdca.erasure.erase import erase_person
from pdca.erasure.person import ErasePerson
from pdca.exchange.importer import ImportDocument
from pdca.house import House
from pdca.key_change import change_key
from pdca.keys import KeyFile
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.store.reads import exchange
from scheduler import seal, sweep
from tests import seed
from tests.contract.world import MOMENTS, MOTIVE, PLAN, WATCH_DAY, WATCHED, World, morning, recording

KEY: Final = "log.key"
ANNA: Final = "U-004"
"""By her id, which stays: by her handle nobody finds her once she is erased."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done, in an installation that was brought `before` it; `perform` may be called again.

    `rest` goes on after a failure, where to repeat what the log says was done would be to do another thing.
    """

    name: str
    before: Callable[[World, Path], None]
    perform: Callable[[House, Path], object]
    rest: Callable[[House, Path], object] | None = None
    postgresql_only: bool = False


def _taken(*triggers: str) -> Callable[[World, Path], None]:
    return lambda world, _folder: world.take(*triggers)


def _by(handle: str, command: Command) -> Callable[[House, Path], Outcome]:
    return lambda house, _folder: replace(house, as_person=handle).apply(command)


def _advance(trigger: str, *before: str, approved: str | None = None) -> Act:
    def bring(world: World, _folder: Path) -> None:
        world.take(*before)
        if approved is not None:
            world.approve_if_needed(approved)

    return Act(trigger, bring, _by("sofie", Advance(PLAN, trigger, attempt=Attempt(MOTIVE, WATCHED, WATCH_DAY))))


def _due(world: World, _folder: Path) -> None:
    world.take("start")
    world.go_to(morning(MOMENTS[0]))


def _keyed(world: World, folder: Path) -> None:
    change_key(world.house, folder / KEY, {}, MOTIVE)
    world.take("start")


def _sign(house: House, folder: Path) -> None:
    with house.writing() as uow:
        sign_state(uow, KeyFile(folder / KEY))


ACTS: Final = (
    _advance("start", approved="start"),
    _advance("evaluate", "start"),
    _advance("conclude", "start", "evaluate", "record"),
    _advance("close", "start", "evaluate", "record", "conclude", approved="close"),
    Act("approve", _taken("start", "evaluate", "record", "conclude"), _by("lea", Approve(PLAN, "close", MOTIVE))),
    Act("record", _taken("start", "evaluate"), _by("marc", recording("E-101"))),
    Act("sweep", _due, lambda house, _folder: sweep.run_once(house)),
    Act("import", _taken(), lambda house, _folder: house.apply(ImportDocument(seed.document()))),
    Act("seal", _taken("start"), lambda house, _folder: seal.run_once(house), postgresql_only=True),
    Act("checkpoint", _keyed, _sign),
    Act(
        "erase",
        _taken("start"),
        lambda house, folder: erase_person(house, ErasePerson(ANNA, "art-17", "Op papier gevraagd."), folder),
    ),
    Act(
        "key change",
        _keyed,
        lambda house, folder: change_key(house, folder / KEY, {}, "Gezien door een ander."),
        rest=_sign,
    ),
)
"""Every kind of write: by people, by the scheduler, from a file, and to the log itself."""


def done(world: World) -> Counter[str]:
    """Count what there is, refused attempts left out: events by kind and trigger, leaves, rows, plans by state."""
    dump = world.dump()
    bodies = [json.loads(bytes(row["body"])) for row in dump["event"]]
    count = Counter(f"{body['kind']} {body['trigger']}" for body in bodies if body["refused"] is None)
    count.update(f"{row['plan_id']} is in {row['state']}, cycle {row['cycle']}" for row in dump["plan"])
    count.update({name: len(dump[name]) for name in exchange.ROWS})
    count["unsealed"] = len(dump["event"]) - len(dump["tree_leaf"])
    return count
