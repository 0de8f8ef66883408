"""The bench of a whole body takes it in, writes it out and shows it; each figure is of work that was done."""

from pathlib import Path

from benchmarks import body
from pdca.i18n import speaking
from pdca.site import Site
from pdca.store.database import locate
from pdca.store.reads import plans

PLANS, FIGURES = 3, 14


def test_each_piece_is_measured_against_what_it_may_take() -> None:
    figures = body.run(1, PLANS, FIGURES)
    assert [(one.ours, one.other, one.bound is not None) for one in figures] == [
        ("import", "10 s", True),
        ("export", "10 s", False),
        ("the board", "50 ms", True),
        ("the report of the programme", "50 ms", True),
        ("the report of a plan", "50 ms", True),
        ("a page of the whole site, on average", "50 ms", True),
    ]
    assert all(one.ratio > 0 for one in figures)


def test_the_work_is_done_on_a_body_that_has_all_of_it(tmp_path: Path) -> None:
    house = body.a_body(tmp_path, PLANS, FIGURES)
    commands = body.commands(tmp_path)
    commands[body.IMPORT]()
    commands[body.EXPORT]()
    with locate(f"sqlite:///{tmp_path / 'taking.db'}").connect() as connection:
        assert len(connection.all(plans.PLANS)) == PLANS
    assert (tmp_path / "out.yaml").read_text(encoding="utf-8").count("period: 2010-") == PLANS * 12
    with house.reading() as connection, speaking(body.LANGUAGE):
        made = {name: piece() for name, piece in body.pages(connection).items()}
    whole = made.pop("a page of the whole site, on average")
    assert isinstance(whole, Site)
    assert len(whole.plans) == PLANS
    assert all("<html" in str(page) and "Actieplan 0" in str(page) for page in made.values())
