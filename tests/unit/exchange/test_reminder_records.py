"""What is wrong with a decision about reminders, grace and ladder is told where it stands in the file."""

from decimal import Decimal
from typing import get_args

import pytest

from pdca.exchange.one_record import record_of
from pdca.exchange.problems import ImportRefused
from pdca.exchange.reminder_records import Grace, Reminding, Rung
from pdca.exchange.workbook_cells import Unfit, cell_of, value_of
from pdca.exchange.workbook_kinds import Kind, Leaf
from pdca.plans.reminding import GRACE, Terms
from workflows.method import RECIPIENTS, LadderStep

DECISION = {"number": 1, "decided": "2024-01-05", "reason": "Zo beslist."}
LADDER = [{"after": 0, "to": "lead"}, {"after": 7, "to": "chief"}]


def decided(**different: object) -> Reminding:
    return record_of(Reminding, {**DECISION, **different}, "nl", "a test")


def test_what_a_decision_does_not_say_is_as_the_method_says() -> None:
    assert decided().terms == Terms()
    assert decided(no_reminders=True).terms == Terms(lead_days=())
    assert decided(days=[30, 7], grace={"record": 0}, ladder=LADDER).terms == Terms(
        (30, 7), {"record": 0}, (LadderStep(0, "lead"), LadderStep(7, "chief"))
    )


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"days": [30, 0]}, "days[1]"),
        ({"days": [30, 30]}, "days[1]"),
        ({"days": [30, Decimal("1.5")]}, "days[1]"),
        ({"days": [30], "no_reminders": True}, "no_reminders"),
        ({"grace": {"record": 367}}, "grace.record"),
        ({"grace": {"lunch": 1}}, "grace.lunch"),
        ({"ladder": [{"after": 1, "to": "lead"}]}, "ladder"),
        ({"ladder": [{"after": 0, "to": "press"}]}, "ladder[0].to"),
        ({"ladder": [*LADDER, {"after": 7, "to": "group"}]}, "ladder[2].after"),
    ],
)
def test_what_is_wrong_with_a_decision_is_placed_at_its_key(different: dict[str, object], field: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        decided(**different)
    assert refused.value.problems[0].place.field == field


def test_a_file_can_say_whatever_can_be_decided() -> None:
    assert tuple(Grace.model_fields) == GRACE
    assert get_args(Rung.model_fields["to"].annotation) == RECIPIENTS


def test_days_stand_in_one_cell_with_commas_between() -> None:
    leaf = Leaf(Kind.NUMBERS)
    assert cell_of(leaf, [30, Decimal(14), 7]) == "30, 14, 7"
    assert [value_of(leaf, cell) for cell in ("30, 14, 7", "30;14\n7", 30, 30.0)] == [[30, 14, 7]] * 2 + [[30]] * 2
    for wrong in ("30, soon", True):
        with pytest.raises(Unfit) as unfit:
            value_of(leaf, wrong)
        assert (unfit.value.code, "commas" in (unfit.value.hint or "")) == ("import-wrong-type", True)
