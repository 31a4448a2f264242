"""The staff pages, put into the app."""

from flask import Flask


def register_staff(app: Flask) -> None:
    """Add every staff blueprint; each endpoint must also stand in `web/staff/access.py`."""
