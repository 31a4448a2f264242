"""Keys as files: `seal-N.key`, `sign-N.key` and `index.key`: 32 random bytes each, wrapped by the KEK, for their owner only.

A file says `wrapped:` and hex, or plain hex in a folder that has no KEK.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from privacy_center.config import KekSettings
from privacy_center.errors import Misconfigured
from privacy_center.keys.kek import Kek, kek_path, open_kek
from privacy_center.keys.key_text import KEY_BYTES, read_private_text, write_private_text

INDEX = "index.key"
NUMBERED = re.compile(r"(seal|sign)-(\d{1,9})\.key")
WRAPPED = "wrapped:"


@dataclass(frozen=True, slots=True, repr=False)
class KeyFiles:
    """What the folder holds: sealing and signing keys by number, and the one key of blind indexes and hashes."""

    sealing: Mapping[int, bytes]
    signing: Mapping[int, bytes]
    index: bytes


def create_key_files(folder: Path, settings: KekSettings | None = None) -> None:
    """First keys in `folder`, made 0700, with a KEK where none is set. Refuses a folder that already holds keys: they
    would make data unreadable.
    """
    settings = settings or KekSettings()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.glob("*.key")):
        raise Misconfigured(
            f"{folder} 里已经有密钥。换掉它们会让已加密的数据打不开；要增加新密钥请用轮换。",
            f"{folder} already holds keys. Replacing them would make sealed data unreadable; rotate them instead.",
        )
    path = kek_path(folder, settings)
    if not (settings.command or settings.env or path.exists()):
        write_private_text(path, secrets.token_hex(KEY_BYTES))
    kek = open_kek(folder, settings)
    for name in ("seal-1.key", "sign-1.key", INDEX):
        _write_key(folder / name, secrets.token_bytes(KEY_BYTES), kek)


def add_key(folder: Path, kind: str, settings: KekSettings | None = None) -> int:
    """One more key of `kind` (seal or sign); answers its number."""
    numbers = [int(found[2]) for found in _numbered(folder) if found[1] == kind]
    number = max(numbers, default=0) + 1
    kek = open_kek(folder, settings or KekSettings())
    _write_key(folder / f"{kind}-{number}.key", secrets.token_bytes(KEY_BYTES), kek)
    return number


def read_key_files(folder: Path, settings: KekSettings | None = None) -> KeyFiles:
    """Every key in the folder; refuses with `Misconfigured` a missing, damaged or too widely readable one."""
    keys: dict[str, dict[int, bytes]] = {"seal": {}, "sign": {}}
    names = _numbered(folder)
    if {found[1] for found in names} != {"seal", "sign"}:
        raise Misconfigured(
            f"{folder} 里缺少密钥文件。首次使用请运行 privacy-center init；否则请从备份恢复。",
            f"Key files are missing in {folder}. Run privacy-center init the first time; otherwise restore them.",
        )
    kek = open_kek(folder, settings or KekSettings())
    for found in names:
        keys[found[1]][int(found[2])] = _read_key(folder / found[0], kek)
    return KeyFiles(keys["seal"], keys["sign"], _read_key(folder / INDEX, kek))


def wrap_anew(folder: Path, old: Kek | None, new: Kek) -> int:
    """Wrap every key file by `new`, each in one move; answers how many. Made again after a crash it does no harm."""
    paths = [*(folder / found[0] for found in _numbered(folder)), folder / INDEX]
    for path in paths:
        _write_key(path, _read_key(path, old), new, anew=True)
    return len(paths)


def _numbered(folder: Path) -> list[re.Match[str]]:
    names = sorted(path.name for path in folder.glob("*.key"))
    return [found for name in names if (found := NUMBERED.fullmatch(name))]


def _write_key(path: Path, key: bytes, kek: Kek | None, *, anew: bool = False) -> None:
    write_private_text(path, WRAPPED + kek.wrap(key).hex() if kek else key.hex(), anew=anew)


def _read_key(path: Path, kek: Kek | None) -> bytes:
    text = read_private_text(path)
    try:
        key = bytes.fromhex(text.removeprefix(WRAPPED))
    except ValueError:
        key = b""
    if text.startswith(WRAPPED) and key:
        key = _unwrap(path, key, kek)
    if len(key) != KEY_BYTES:
        raise Misconfigured(
            f"密钥文件 {path} 已损坏（应为 {KEY_BYTES} 字节的十六进制）。请从备份恢复。",
            f"The key file {path} is damaged ({KEY_BYTES} bytes in hex expected). Restore it from a backup.",
        )
    return key


def _unwrap(path: Path, wrapped: bytes, kek: Kek | None) -> bytes:
    if kek is None:
        raise Misconfigured(
            f"{path} 是加密的，但找不到主密钥 kek.key。请从备份恢复，或在 [keys] kek 里指明它在哪里。",
            f"{path} is wrapped, but the key-encryption key kek.key is missing. Restore it, or name its place in [keys] kek.",
        )
    return kek.unwrap(wrapped)
