"""One record of the import format made of what stood on a command line, checked as a file is."""

from typing import Any, Final, TypeVar

from pdca.exchange.document import checked
from pdca.exchange.located import Located, Mark
from pdca.exchange.records import Record

Made = TypeVar("Made", bound=Record)
_NOWHERE: Final = Mark(None, None)


def record_of(schema: type[Made], data: dict[str, Any], language: str, name: str) -> Made:
    """Make a record; `language` is that of plain texts, `name` what errors call the whole.

    Raises ImportRefused with everything that is wrong with it.
    """
    return checked(schema, data, language, [], Located(data, name, _NOWHERE))
