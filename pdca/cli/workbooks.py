"""Workbooks need packages that not every installation has."""

from collections.abc import Iterator
from contextlib import contextmanager

from pdca.errors import Failed
from pdca.i18n import _


@contextmanager
def needing_workbooks() -> Iterator[None]:
    """Import what reads or writes workbooks; Failed when its packages are not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise Failed(
            "workbooks-missing",
            _("This installation cannot read or write workbooks: %(package)s is missing.") % {"package": error.name},
            hint=_("Install pdca with its extra “xlsx”, or use YAML."),
        ) from error
