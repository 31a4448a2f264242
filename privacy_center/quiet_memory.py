"""Memory that lives as long as the process is left alone by the collector of cycles."""

import gc

NEW_OBJECTS = 10_000


def leave_what_stays() -> None:
    """Call it once a process has started: modules, mapped classes, the data map and rules are never looked through again.

    Without it every full collection walks some hundred thousand objects that never go away, and every statement that is
    built makes enough small objects to bring one about. 10,000 new objects (700 by default) are about one deletion.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
