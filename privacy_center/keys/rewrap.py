"""Another key-encryption key: every key file is wrapped anew, nothing else changes."""

import secrets
from pathlib import Path

from privacy_center.config import KekSettings
from privacy_center.errors import Refusal
from privacy_center.keys.files import wrap_anew
from privacy_center.keys.kek import Kek, kek_path, open_kek, read_keks
from privacy_center.keys.key_text import KEY_BYTES, write_private_text


def rotate_kek(folder: Path, settings: KekSettings) -> int:
    """Wrap every key file by a new KEK; answers how many.

    A KEK file gets a new first line, and loses the others when all is wrapped by it: killed in between, nothing is lost.
    With an environment variable the new one must stand before the old in it (`NEW,OLD`); a command is asked to unwrap and to
    wrap again. Processes that run keep what they have read.
    """
    if settings.command or settings.env:
        kek = open_kek(folder, settings)
        return wrap_anew(folder, kek, _there(kek))
    path = kek_path(folder, settings)
    old = open_kek(folder, settings)
    new = secrets.token_bytes(KEY_BYTES)
    earlier = read_keks(path) if path.exists() else []
    write_private_text(path, "\n".join(key.hex() for key in [new, *earlier]), anew=True)
    both = _there(open_kek(folder, settings))
    done = wrap_anew(folder, both if old else None, both)
    write_private_text(path, new.hex(), anew=True)
    return done


def _there(kek: Kek | None) -> Kek:
    if kek is None:
        raise Refusal("没有主密钥可用。", "There is no key-encryption key to wrap with.")
    return kek
