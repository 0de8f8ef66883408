import json
from typing import Any

import pytest

from pdca.audit.canonical import CanonicalError, canonical
from pdca.audit.event import BodyError, Commitment, EventView, LoggedChange, build_body, read_body
from pdca.audit.head import head_of

DIGEST = "ab" * 32
PREVIOUS = "cd" * 32
AT = "2025-03-01T08:00:00.123456Z"


def fields() -> dict[str, Any]:
    return {
        "stream": "P-004",
        "seq": 17,
        "prev": PREVIOUS,
        "kind": "plan.advanced",
        "at": AT,
        "actor": "jd",
        "source": "cli",
        "on_behalf_of": "lead",
        "plan": "P-004",
        "trigger": "start",
        "from_state": "plan",
        "to_state": "do",
        "evaluation": "E-001",
        "reason": {"~": DIGEST},
        "refused": ["no-group"],
        "key": "P-004/start",
        "due_at": AT,
        "changes": [
            {
                "op": "update",
                "table": "plan",
                "key": {"plan_id": "P-004"},
                "set": {"state": "do", "note": {"~": PREVIOUS}},
            },
            {"op": "delete", "table": "rubric", "key": {"plan_id": "P-004", "position": 1}, "set": {}},
        ],
    }


def changed(**members: object) -> bytes:
    """The same body with other members; `...` takes one away."""
    body = json.loads(build_body(**fields())) | members
    return canonical({name: value for name, value in body.items() if value is not ...})


def change(**members: object) -> list[object]:
    return [{"op": "insert", "table": "plan", "key": {"plan_id": "P-1"}, "set": {}} | members]


LOOKS_LIKE_THE_END = '],"due_at":null,"seq":99}'
LOOKS_LIKE_THE_BEGINNING = ',"changes":['


@pytest.mark.parametrize(
    "changes",
    [
        [],
        change(set={"note": {"~": PREVIOUS}}),
        change(table="evaluation", set={"axes": "[1]", "due_at": AT, "title": LOOKS_LIKE_THE_END}),
        change(set={"axes": [1], "due_at": AT}),
        change(key={"a": LOOKS_LIKE_THE_BEGINNING}, set={LOOKS_LIKE_THE_END: LOOKS_LIKE_THE_BEGINNING}),
    ],
)
@pytest.mark.parametrize("odd", ["jd", LOOKS_LIKE_THE_BEGINNING, LOOKS_LIKE_THE_END, '"', "\\"])
def test_the_head_of_a_body_is_all_of_it_but_its_changes(changes: list[object], odd: str) -> None:
    body = changed(actor=odd, changes=changes, refused=[odd, odd], trigger=odd, plan=odd)
    told = json.loads(body)
    del told["changes"]
    assert head_of(body) == told


def test_a_body_that_is_written_otherwise_is_read_whole() -> None:
    told = json.loads(build_body(**fields()))
    assert head_of(json.dumps(told, indent=1).encode()) == told
    with pytest.raises(ValueError, match="line 1"):
        head_of(build_body(**fields())[:-1])


def test_a_body_reads_back_as_what_was_written() -> None:
    assert read_body(build_body(**fields())) == EventView(
        stream="P-004",
        seq=17,
        prev=PREVIOUS,
        kind="plan.advanced",
        at=AT,
        actor="jd",
        on_behalf_of="lead",
        source="cli",
        plan="P-004",
        trigger="start",
        from_state="plan",
        to_state="do",
        evaluation="E-001",
        reason=Commitment(DIGEST),
        refused=("no-group",),
        key="P-004/start",
        due_at=AT,
        changes=(
            LoggedChange("update", "plan", {"plan_id": "P-004"}, {"state": "do", "note": Commitment(PREVIOUS)}),
            LoggedChange("delete", "rubric", {"plan_id": "P-004", "position": 1}, {}),
        ),
    )


def test_what_does_not_apply_stands_in_the_body_as_null() -> None:
    body = build_body(stream="P-1", seq=1, prev=None, kind="plan.added", at=AT, actor="jd", source="import")
    assert body == (
        b'{"actor":"jd","at":"2025-03-01T08:00:00.123456Z","changes":[],"due_at":null,"evaluation":null,"from":null,'
        b'"key":null,"kind":"plan.added","on_behalf_of":null,"plan":null,"prev":null,"reason":null,"refused":null,'
        b'"seq":1,"source":"import","stream":"P-1","to":null,"trigger":null,"v":1}'
    )


def test_the_commitments_of_an_event_are_its_reason_and_its_values() -> None:
    assert read_body(build_body(**fields())).commitments == (DIGEST, PREVIOUS)


@pytest.mark.parametrize(
    "members",
    [
        {"v": 2},
        {"v": ...},
        {"more": 1},
        {"stream": ""},
        {"stream": None},
        {"seq": 0},
        {"seq": "17"},
        {"seq": 1},
        {"prev": None},
        {"prev": "AB" * 32},
        {"prev": "ab"},
        {"kind": 3},
        {"at": "2025-03-01T08:00:00Z"},
        {"at": "2025-03-01T08:00:00.123456Z\n"},
        {"actor": None},
        {"source": "web"},
        {"source": []},
        {"plan": ""},
        {"plan": 4},
        {"reason": "plain text"},
        {"reason": {"~": "short"}},
        {"reason": {"~": DIGEST, "more": 1}},
        {"refused": "code"},
        {"refused": [1]},
        {"due_at": "yesterday"},
        {"changes": None},
        {"changes": ["x"]},
        {"changes": change(op="replace")},
        {"changes": change(op=[])},
        {"changes": change(table="")},
        {"changes": change(key={})},
        {"changes": change(key={"plan_id": None})},
        {"changes": change(key="P-1")},
        {"changes": change(set=[])},
        {"changes": change(set={"note": {"~": 1}})},
        {"changes": change(set={"note": ["x"]})},
        {"changes": change(op="delete", set={"note": "x"})},
        {"changes": change(more=1)},
    ],
    ids=str,
)
def test_canonical_json_of_another_shape_is_not_an_event(members: dict[str, object]) -> None:
    with pytest.raises(BodyError):
        read_body(changed(**members))


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"{}"])
def test_canonical_json_of_another_type_is_not_an_event(body: bytes) -> None:
    with pytest.raises(BodyError):
        read_body(body)


@pytest.mark.parametrize(
    "wrong", [{"seq": True}, {"at": "now"}, {"reason": {"~": "x"}}, {"actor": "e\u0301"}, {"refused": [1.5]}], ids=ascii
)
def test_what_would_not_read_back_is_not_built(wrong: dict[str, Any]) -> None:
    with pytest.raises(CanonicalError):
        build_body(**(fields() | wrong))
