"""Taking out of the folder of letters and pages what may not be shown any more, and writing the site there anew.

What cannot be taken away is said, and tried again at the next run.
"""

from dataclasses import dataclass
from pathlib import Path

from pdca.engine import apply
from pdca.errors import NoRight, TryAgain, Unusable
from pdca.house import House
from pdca.information.in_folder import SITE, Seen, ToWithdraw, published_in, tidy, to_withdraw
from pdca.information.withdraw import RecordWithdrawn
from pdca.log import get_logger
from pdca.report.audiences import PUBLIC
from pdca.report.site_mark import is_out_of_date, read_mark
from pdca.site import check_ours, site
from pdca.whole_folder import put_in_place


@dataclass(frozen=True, slots=True)
class WithdrawCounts:
    """What a run did: reports whose files were taken away, sites written anew, and what failed."""

    withdrawn: int = 0
    rewritten: int = 0
    failed: int = 0


def run_once(house: House, folder: Path, seen: Seen | None = None) -> WithdrawCounts:
    """Take away the files that may not be shown any more; for `seen` see `to_withdraw`."""
    log = get_logger("scheduler.withdraw")
    tidy(folder)
    with house.reading() as connection:
        found = [*to_withdraw(connection, folder, {} if seen is None else seen)]
    withdrawn = failed = 0
    for one in found:
        if one.unsure is not None:
            failed += 1
            log.error("report_not_looked_at", report=one.report_id, exc_info=one.unsure)
            continue
        try:
            _take_away(house, one)
        except (Unusable, TryAgain, NoRight):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one must not keep the others where they are
            failed += 1
            log.warning("report_not_withdrawn", report=one.report_id, error=f"{type(error).__name__}: {error}")
        else:
            withdrawn += 1
            log.info("report_withdrawn", report=one.report_id, because=", ".join(one.codes))
    try:
        rewritten = _rewrite(house, folder)
    except (Unusable, TryAgain):
        raise
    except Exception as error:  # noqa: BLE001 - what was withdrawn is told all the same
        log.warning("site_not_rewritten", error=f"{type(error).__name__}: {error}")
        return WithdrawCounts(withdrawn, 0, failed + 1)
    return WithdrawCounts(withdrawn, int(rewritten), failed)


def _take_away(house: House, one: ToWithdraw) -> None:
    for path in one.files:
        path.unlink(missing_ok=True)
    with house.writing() as uow:
        apply(uow, RecordWithdrawn(one.report_id), house.scheduler(uow.connection))


def _rewrite(house: House, folder: Path) -> bool:
    """Write the site that stands where pages are published anew, if it shows what it may not; tell whether it did."""
    place = folder / SITE
    mark = read_mark(place)
    if mark.audience is None:
        return False
    with house.reading() as connection:
        if not is_out_of_date(connection, mark):
            return False
        check_ours(place, mark.audience)
        made = site(connection, audience=mark.audience, now=house.now(connection))
    # Read last: a page may have been published while the site was made.
    with house.reading() as connection:
        published = published_in(connection, folder)
    put_in_place(place, {**published, **made.files}, private=mark.audience != PUBLIC)
    return True
