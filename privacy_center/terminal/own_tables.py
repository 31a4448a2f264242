"""Every table of our own, for commands that look at all of them."""

import importlib
import pkgutil

import sqlalchemy as sa

import privacy_center
from privacy_center.db import Base


def every_table() -> sa.MetaData:
    """The tables of every room: each `models` module is imported."""
    for found in pkgutil.walk_packages(privacy_center.__path__, "privacy_center."):
        if found.name.endswith(".models"):
            importlib.import_module(found.name)
    return Base.metadata
