"""The program's own log: structlog to stderr, lines for people on a terminal, JSON otherwise, secrets masked.

This is not the auditor's log (`pdca.audit`): it tells an administrator what the program does. structlog is imported
only when somebody logs. Lines of libraries that use the standard library's logging come out in the same form.
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TextIO

from pdca.clock import Clock, SystemClock

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger
    from structlog.typing import EventDict, Processor, WrappedLogger

MASK: Final = "***"
_SECRET_NAME: Final = re.compile(r"pass(word|wd|phrase)?$|secret|token|credential|api_?key|private_?key", re.IGNORECASE)
_URL_PASSWORD: Final = re.compile(r"(\w://[^\s/:@]*):[^\s/]*@")
_QUERY_PASSWORD: Final = re.compile(r"([?&;\s](?:ssl)?password=)[^&;\s\"']+", re.IGNORECASE)
_secrets: set[str] = set()


def keep_secret(value: str) -> None:
    """Mask `value` wherever it turns up in the log from now on."""
    if value:
        _secrets.add(value)


def masked(text: str) -> str:
    """Give `text` without passwords in addresses and without the secrets that are known."""
    # The longest first: one that begins like another would leave the rest of it to be read.
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _QUERY_PASSWORD.sub(rf"\1{MASK}", _URL_PASSWORD.sub(rf"\1:{MASK}@", text))


def configure(
    form: str = "auto",
    *,
    debug: bool = False,
    clock: Clock | None = None,
    stream: TextIO | None = None,
    colour: bool = True,
) -> None:
    """Set the log up. `form` is auto, console or json; `clock` gives the instants, the machine's when there is none."""
    import structlog

    target = stream or sys.stderr
    terminal = target.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _stamper(clock or SystemClock()),
        structlog.processors.format_exc_info,
        _mask,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=colour and terminal)
        if form == "console" or (form == "auto" and terminal)
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[],
            processors=[*shared, structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    # These say something at every tick and at every step; only what they warn of is news.
    for chatty in ("apscheduler", "transitions"):
        logging.getLogger(chatty).setLevel(logging.DEBUG if debug else logging.WARNING)


def get_logger(name: str, **bound: object) -> "BoundLogger":
    """Give a logger with values that stand in all its lines, such as the id of a tick or a command."""
    import structlog

    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger.bind(**bound)


def _stamper(clock: Clock) -> "Processor":
    def stamp(_logger: "WrappedLogger", _method: str, event: "EventDict") -> "EventDict":
        event["at"] = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return event

    return stamp


def _mask(_logger: "WrappedLogger", _method: str, event: "EventDict") -> "EventDict":
    return {name: value if name.startswith("_") else _without_secrets(name, value) for name, value in event.items()}


def _without_secrets(name: str, value: Any) -> Any:  # noqa: ANN401 - a log line may hold anything
    if _SECRET_NAME.search(name):
        return MASK
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: _without_secrets(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets("", part) for part in value]
    return value if value is None or isinstance(value, int | float) else masked(str(value))
