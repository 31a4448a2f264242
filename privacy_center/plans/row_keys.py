"""Row keys as JSON: they live in `sources.row_keys` now; plans and whoever reads plans may ask for them here."""

from privacy_center.sources.row_keys import plain_key, read_keys, write_keys

__all__ = ["plain_key", "read_keys", "write_keys"]
