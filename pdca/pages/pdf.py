"""A page as PDF/UA, made by weasyprint, which not every installation has."""

from typing import cast

from pdca.errors import Failed
from pdca.i18n import N_, _


def as_pdf(html: str) -> bytes:
    """Print a page; whatever it names outside itself is not fetched. Raises Failed when weasyprint is not there."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise Failed(
            "pdf-missing",
            N_("This installation cannot make a PDF: %(reason)s."),
            filling={"reason": error},
            hint=_("Install pdca with its extra “pdf” and the library Pango, or print the HTML page with a browser."),
        ) from error
    nothing = URLFetcher(allowed_protocols=())
    return cast("bytes", HTML(string=html, url_fetcher=nothing).write_pdf(pdf_variant="pdf/ua-1"))
