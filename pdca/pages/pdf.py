"""A page as PDF/UA, made by weasyprint, which not every installation has."""

from typing import cast

from pdca.errors import Failed
from pdca.i18n import _


def as_pdf(html: str) -> bytes:
    """Print a page; whatever it names outside itself is not fetched. Raises Failed when weasyprint is not there."""
    try:
        from weasyprint import HTML
    except (ModuleNotFoundError, OSError) as error:
        raise Failed(
            "pdf-missing",
            _("This installation cannot make a PDF: %(reason)s.") % {"reason": error},
            hint=_("Install pdca with its extra “pdf” and the library Pango, or print the HTML page with a browser."),
        ) from error
    return cast("bytes", HTML(string=html, url_fetcher=_fetch_nothing).write_pdf(pdf_variant="pdf/ua-1"))


def _fetch_nothing(url: str, *_arguments: object, **_options: object) -> dict[str, object]:
    message = f"a page names nothing outside itself: {url}"
    raise ValueError(message)
