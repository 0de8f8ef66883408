"""What a statement about several plans at once picks by: `:plans` is a JSON object whose names are their ids."""

from typing import Final

# On both engines `json_each` gives the names of an object; of an array only one of them gives the items as text.
ASKED: Final = "(SELECT key FROM json_each(:plans))"
