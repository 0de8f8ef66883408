"""The fingerprint of a progress report: by it anybody can tell whether a page is the one that was prepared."""

import hashlib

from pdca.store.driver import Row
from pdca.store.jsontext import from_json


def sha256_of(content: bytes) -> str:
    """Give the hash of what is sent, in hex."""
    return hashlib.sha256(content).hexdigest()


def is_as_frozen(report: Row) -> bool:
    """Tell whether the pages of a report are those that were prepared: to the letter, by their hashes."""
    pages, hashes = from_json(report["contents"]), from_json(report["hashes"])
    return all(sha256_of(page.encode()) == hashes[language] for language, page in pages.items())
