"""Keys as files: `seal-N.key`, `sign-N.key` and `index.key`: 32 random bytes each, in hex, for their owner only."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from privacy_center.errors import Misconfigured

KEY_BYTES = 32
INDEX = "index.key"
NUMBERED = re.compile(r"(seal|sign)-(\d{1,9})\.key")


@dataclass(frozen=True, slots=True, repr=False)
class KeyFiles:
    """What the folder holds: sealing and signing keys by number, and the one key of blind indexes and hashes."""

    sealing: Mapping[int, bytes]
    signing: Mapping[int, bytes]
    index: bytes


def create_key_files(folder: Path) -> None:
    """First keys in `folder`, made 0700. Refuses a folder that already holds keys: they would make data unreadable."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.glob("*.key")):
        raise Misconfigured(
            f"{folder} 里已经有密钥。换掉它们会让已加密的数据打不开；要增加新密钥请用轮换。",
            f"{folder} already holds keys. Replacing them would make sealed data unreadable; rotate them instead.",
        )
    for name in ("seal-1.key", "sign-1.key", INDEX):
        _write_key(folder / name)


def add_key(folder: Path, kind: str) -> int:
    """One more key of `kind` (seal or sign); answers its number."""
    numbers = [int(found[2]) for found in _numbered(folder) if found[1] == kind]
    number = max(numbers, default=0) + 1
    _write_key(folder / f"{kind}-{number}.key")
    return number


def read_key_files(folder: Path) -> KeyFiles:
    """Every key in the folder; refuses with `Misconfigured` a missing, damaged or too widely readable one."""
    keys: dict[str, dict[int, bytes]] = {"seal": {}, "sign": {}}
    for found in _numbered(folder):
        keys[found[1]][int(found[2])] = _read_key(folder / found[0])
    if not keys["seal"] or not keys["sign"]:
        raise Misconfigured(
            f"{folder} 里缺少密钥文件。首次使用请运行 privacy-center init；否则请从备份恢复。",
            f"Key files are missing in {folder}. Run privacy-center init the first time; otherwise restore them.",
        )
    return KeyFiles(keys["seal"], keys["sign"], _read_key(folder / INDEX))


def _numbered(folder: Path) -> list[re.Match[str]]:
    names = sorted(path.name for path in folder.glob("*.key"))
    return [found for name in names if (found := NUMBERED.fullmatch(name))]


def _write_key(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")


def _read_key(path: Path) -> bytes:
    if not path.is_file():
        raise Misconfigured(f"缺少密钥文件 {path}。请从备份恢复。", f"The key file {path} is missing. Restore it.")
    if path.stat().st_mode & 0o077:
        raise Misconfigured(
            f"密钥文件 {path} 其他人也能读。请运行 chmod 600 后再启动。",
            f"The key file {path} can be read by others. Run chmod 600 on it and start again.",
        )
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Misconfigured(
            f"密钥文件 {path} 已损坏（应为 {KEY_BYTES} 字节的十六进制）。请从备份恢复。",
            f"The key file {path} is damaged ({KEY_BYTES} bytes in hex expected). Restore it from a backup.",
        )
    return key
