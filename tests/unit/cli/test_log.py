"""The program's own log: on stderr, in one form, without secrets."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from pdca import log
from pdca.clock import FixedClock
from tests.unit.cli.running import run_on_terminal, run_process

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def stream() -> Iterator[StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    target = StringIO()
    log.configure("json", clock=FixedClock(NOON), stream=target)
    yield target
    root.handlers[:] = before
    root.setLevel(level)


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_instant_level_and_what_was_bound(stream: StringIO) -> None:
    log.get_logger("scheduler.sweep", tick=7).warning("late", plan="P-001")
    assert lines(stream) == [
        {
            "event": "late",
            "level": "warning",
            "logger": "scheduler.sweep",
            "tick": 7,
            "plan": "P-001",
            "at": "2025-03-01T12:00:00.000000Z",
        }
    ]


def test_a_library_s_lines_come_in_the_same_form(stream: StringIO) -> None:
    logging.getLogger("apscheduler").warning("missed %s", "job")
    assert [(line["event"], line["logger"], line["level"]) for line in lines(stream)] == [
        ("missed job", "apscheduler", "warning")
    ]


def test_secrets_are_masked_by_name_by_form_and_by_value(stream: StringIO) -> None:
    log.keep_secret("tr0ub4dor")
    log.get_logger("mail").info(
        "sent with tr0ub4dor",
        smtp_password="hunter2",  # noqa: S106 - it is what must not be seen
        api_key="hunter2",
        url="postgresql://zone:hunter2@db/zone?password=hunter2&x=1",
        parts=[{"token": "hunter2"}, "smtp://u:hunter2@mail"],
        password_file="/run/secret",  # noqa: S106 - a place, not a secret
    )
    text = stream.getvalue()
    assert "hunter2" not in text
    assert "tr0ub4dor" not in text
    line = lines(stream)[0]
    assert line["url"] == "postgresql://zone:***@db/zone?password=***&x=1"
    assert line["password_file"] == "/run/secret"  # noqa: S105 - a place, not a secret


def test_an_exception_stands_in_its_line_without_secrets(stream: StringIO) -> None:
    error = OSError("cannot reach postgresql://zone:hunter2@db")
    log.get_logger("sweep").error("failed", exc_info=error)
    line = lines(stream)[0]
    assert "OSError: cannot reach postgresql://zone:***@db" in line["exception"]


def test_debug_lines_are_written_only_when_asked_for(stream: StringIO) -> None:
    log.get_logger("x").debug("quiet")
    log.configure("json", debug=True, stream=stream)
    log.get_logger("x").debug("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_off_a_terminal_the_log_is_json_on_stderr() -> None:
    ran = run_process("sample", "talk")
    assert ran.out == ""
    assert json.loads(ran.err)["event"] == "mail sent"


def test_on_a_terminal_the_log_is_lines_for_people_coloured_unless_declined() -> None:
    shown = run_on_terminal("sample", "talk").out
    assert "mail sent" in shown
    assert "\x1b[" in shown
    assert "hunter2" not in shown
    plain = run_on_terminal("sample", "talk", changes={"NO_COLOR": "1"}).out
    assert "mail sent" in plain
    assert "\x1b[" not in plain
    assert not plain.startswith("{")
