"""Memory of a process that runs for long: what stays is not looked through again, and threads share what is free."""

import ctypes
import gc
import sys

NEW_OBJECTS = 10_000
ARENAS = 2
_M_ARENA_MAX = -8
"""The name of that setting in glibc's malloc.h."""


def share_free_memory() -> None:
    """Call it before the first thread starts: glibc then keeps free memory in two heaps, not in one for each thread.

    Python lets one thread run at a time, so that threads hardly ever wait for each other there. Other systems and C
    libraries have no such setting, and are left as they are.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, ARENAS)


def leave_what_stays() -> None:
    """Call it once a process has started: modules, mapped classes, the data map and rules are never looked through again.

    Without it every full collection walks some hundred thousand objects that never go away, and every statement that is
    built makes enough small objects to bring one about. 10,000 new objects (700 by default) are about one deletion.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
