"""Commands about the record: audit verify, audit keys, audit export."""

from argparse import Namespace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.export import export_due, export_state
from privacy_center.audit.kept_heads import KeptHeads, read_heads, read_own_heads
from privacy_center.audit.verify import Verification, verify_chain
from privacy_center.db import Database
from privacy_center.errors import Refusal
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say, spoken


def run_verify(arguments: Namespace) -> int:
    """Read the whole chain again, and hold it against the signed heads kept elsewhere; 1 when anything does not hold.

    With a public key alone no key of ours is opened: that is how an outside auditor checks a copy of the database.
    """
    if arguments.public_key:
        return _verify_outside(arguments)
    center = open_to_act(arguments.home, sound=False)
    given, keys = arguments.heads, center.keyring.public_keys()
    with center.database.reading() as session:
        if given:
            kept: KeptHeads | None = read_heads(Path(given), keys)
        else:
            kept = read_own_heads(session, center.settings.audit.export, keys)
        found = verify_chain(session, kept.chain_heads if kept else None)
    return _tell(arguments, found, kept)


def _verify_outside(arguments: Namespace) -> int:
    if not (arguments.heads and arguments.database):
        raise Refusal(
            "只用公钥核对时，请写明 --heads（链头所在处）和 --database（数据库的网址）。",
            "To verify with the public key alone, say --heads (where the heads are) and --database (its URL).",
        )
    kept = read_heads(Path(arguments.heads), read_public_keys(Path(arguments.public_key)))
    database = Database(arguments.database)
    try:
        with database.reading() as session:
            found = verify_chain(session, kept.chain_heads)
    except sa.exc.SQLAlchemyError as error:
        raise Refusal(
            "打不开这个数据库，或其中没有记录链。请核对网址。",
            "This database cannot be opened, or holds no record. Check the URL.",
        ) from error
    finally:
        database.close()
    return _tell(arguments, found, kept)


def _tell(arguments: Namespace, found: Verification, kept: KeptHeads | None) -> int:
    broken = {"seq": found.first_broken.seq, "what": spoken(found.first_broken.words)} if found.first_broken else None
    troubles = [{"place": place, "what": spoken(words)} for place, words in (kept.troubles if kept else [])]
    good = found.ok and not troubles
    document: dict[str, Any] = {"ok": good, "entries": found.entries, "first_broken": broken}
    document |= {"heads": len(kept.heads) if kept else 0, "troubles": troubles}
    lines = [f"ok, {found.entries} entries"] if found.ok else [f"broken at {broken['seq']}: {broken['what']}"]  # type: ignore[index]
    lines += [f"{one['place']}: {one['what']}" for one in troubles]
    if kept:
        last = kept.heads[-1] if kept.heads else None
        lines.append(
            f"{len(kept.heads)} signed heads" + (f", up to entry {last.head.seq} at {last.at}" if last else "")
        )
    say(arguments, document, lines)
    return 0 if good else 1


def run_keys(arguments: Namespace) -> int:
    """The public keys that check our signatures, one a line: id and 32 bytes in hex. They are no secret."""
    center = open_to_act(arguments.home, sound=False)
    keys = {number: key.hex() for number, key in sorted(center.keyring.public_keys().items())}
    say(arguments, keys, [f"{number} {key}" for number, key in keys.items()])
    return 0


def run_export(arguments: Namespace) -> int:
    """Sign this hour's head and export all that wait, now; 1 when one could not leave."""
    center = open_to_act(arguments.home, sound=False)
    left = export_due(center.database, center.settings.audit, clock.now())
    with center.database.reading() as session:
        state = export_state(session)
    say(
        arguments,
        {"exported": left, "waiting": state.waiting, "error": state.error},
        [f"{left} exported, {state.waiting} waiting {state.error}".rstrip()],
    )
    return 1 if state.waiting else 0


def read_public_keys(path: Path) -> dict[int, bytes]:
    """Key id → public key from a file that `audit keys` printed; refuses a file with anything else in it."""
    try:
        pairs = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
        keys = {int(number): bytes.fromhex(key) for number, key in pairs}
    except (OSError, ValueError) as error:
        raise Refusal(
            f"{path} 不是公钥文件。请用 privacy-center audit keys 的输出。",
            f"{path} is no file of public keys. Use what privacy-center audit keys prints.",
        ) from error
    if not keys or any(len(key) != 32 for key in keys.values()):
        raise Refusal(f"{path} 里没有 32 字节的公钥。", f"There is no public key of 32 bytes in {path}.")
    return keys
