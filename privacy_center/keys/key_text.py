"""Small secret files: written whole or not at all, for their owner only."""

import os
import secrets
from pathlib import Path

from privacy_center.errors import Misconfigured

KEY_BYTES = 32


def read_private_text(path: Path) -> str:
    """What a key file says; refuses (`Misconfigured`) one that is missing or that others can read."""
    if not path.is_file():
        raise Misconfigured(f"缺少密钥文件 {path}。请从备份恢复。", f"The key file {path} is missing. Restore it.")
    if path.stat().st_mode & 0o077:
        raise Misconfigured(
            f"密钥文件 {path} 其他人也能读。请运行 chmod 600 后再启动。",
            f"The key file {path} can be read by others. Run chmod 600 on it and start again.",
        )
    return path.read_bytes().decode("ascii", "replace").strip()


def write_private_text(path: Path, text: str, *, anew: bool = False) -> None:
    """Write a file (0600) in one move, on the disk before it is seen; without `anew` an existing one is refused
    (FileExistsError).
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        if anew:
            os.replace(beside, path)
        else:
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
