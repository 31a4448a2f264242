"""Packages that few requests need: brought in by the first that does, so that a process without them stays small."""

from importlib import import_module
from typing import Any


class _WhenNeeded:
    """Stands for a module; the first name that is asked of it imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def when_needed(name: str) -> Any:
    """The module of this name, imported when something of it is first used. Not for modules that define models."""
    return _WhenNeeded(name)
