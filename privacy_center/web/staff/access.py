"""The staff half of the access table: every staff endpoint and the roles that may open it."""

from privacy_center.web.may import May

STAFF_ACCESS: dict[str, May] = {}
