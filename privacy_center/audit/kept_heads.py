"""The heads that were kept elsewhere, read again: which lines are forged, which heads are missing."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.heads import KeptHead
from privacy_center.audit.models import SignedHead
from privacy_center.audit.verify import Head
from privacy_center.errors import Refusal, Words


@dataclass(slots=True)
class KeptHeads:
    """What a copy of the heads says. `troubles`: what is wrong with it, each with its place."""

    heads: list[KeptHead] = field(default_factory=list)
    troubles: list[tuple[str, Words]] = field(default_factory=list)

    @property
    def chain_heads(self) -> list[Head]:
        """The numbers and hashes that the chain must pass through."""
        return [one.head for one in self.heads]


def read_heads(path: Path, keys: Mapping[int, bytes]) -> KeptHeads:
    """Every head in a file or in the `heads-*.jsonl` of a folder; only genuine ones count, and none may be missing from
    the first on.

    Refuses a place without any such file. `keys`: key id → raw public key of those whose signature is believed.
    """
    files = sorted(path.glob("heads-*.jsonl")) if path.is_dir() else [path] if path.is_file() else []
    if not files:
        raise Refusal(
            f"{path} 里没有链头文件（heads-年-月.jsonl）。请核对路径。",
            f"There are no heads (heads-YEAR-MONTH.jsonl) at {path}. Check the path.",
        )
    found = KeptHeads()
    for place, line in _lines(files):
        _take(found, place, line, keys)
    found.heads.sort(key=lambda one: one.number)
    found.troubles += _gaps(found.heads)
    return found


def read_own_heads(session: Session, place: str, keys: Mapping[int, bytes]) -> KeptHeads | None:
    """What our own place of export holds, and what has left us and is not there; None without such a place.

    Before the first hour has left nothing is missing. Refuses a place without heads once some have been brought there.
    """
    if not place:
        return None
    left = session.scalar(sa.select(sa.func.count()).where(SignedHead.exported_at.is_not(None)))
    there = Path(place).is_file() or any(Path(place).glob("heads-*.jsonl"))
    found = read_heads(Path(place), keys) if left or there else KeptHeads()
    found.troubles += missing_from(session, found)
    return found


def missing_from(session: Session, found: KeptHeads) -> Iterator[tuple[str, Words]]:
    """Heads that left this house by our own table and are not in the copy, in order."""
    there = {one.number for one in found.heads}
    sent = sa.select(SignedHead.number).where(SignedHead.exported_at.is_not(None)).order_by(SignedHead.number)
    for number in session.scalars(sent):
        if number not in there:
            yield f"head {number}", _NOT_THERE.filled(number=number)


def _lines(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for path in files:
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if line.strip():
                yield f"{path.name}:{number}", line


def _take(found: KeptHeads, place: str, line: str, keys: Mapping[int, bytes]) -> None:
    try:
        head = KeptHead.read(json.loads(line))
    except (ValueError, KeyError, TypeError):
        found.troubles.append((place, _TORN))
        return
    if head.key not in keys:
        found.troubles.append((place, _UNKNOWN_KEY.filled(number=head.number, key=head.key)))
    elif not head.is_genuine(keys):
        found.troubles.append((place, _FORGED.filled(number=head.number)))
    else:
        found.heads.append(head)


def _gaps(heads: list[KeptHead]) -> Iterator[tuple[str, Words]]:
    """What a copy lacks in itself, whatever our own rows say: heads are numbered from 1 without a gap."""
    if not heads:
        yield "head 1", _NONE
    elif heads[0].number > 1:
        yield "head 1", _FROM_FIRST.filled(last=heads[0].number - 1)
    for before, after in itertools.pairwise(heads):
        if after.number > before.number + 1:
            missing = {"first": before.number + 1, "last": after.number - 1}
            yield f"head {before.number + 1}", _MISSING.filled(**missing)
        elif after.number == before.number and after.head != before.head:
            yield f"head {after.number}", _TWO.filled(number=after.number)
        elif after.head.seq < before.head.seq:
            yield f"head {after.number}", _BACKWARDS.filled(number=after.number, seq=after.head.seq)
        elif after.head.seq == before.head.seq and after.head != before.head:
            yield f"head {after.number}", _DIFFERS.filled(number=after.number, before=before.number, seq=after.head.seq)


_TORN = Words("这一行读不懂", "This line cannot be read")
_FORGED = Words("第 {number} 个链头的签名是伪造的或内容被改", "Head {number} is forged: its signature does not fit")
_UNKNOWN_KEY = Words(
    "第 {number} 个链头用第 {key} 号密钥签名，没有这个公钥",
    "Head {number} is signed with key {key}, which is not known here",
)
_MISSING = Words("缺少第 {first} 至 {last} 个链头", "Heads {first} to {last} are missing")
_FROM_FIRST = Words(
    "缺少第 1 至 {last} 个链头：这份副本不是从第一个链头开始的。请用所有月份的文件核对",
    "Heads 1 to {last} are missing: this copy does not begin with the first head. Verify with the files of every month",
)
_NONE = Words("这里一个可信的链头也没有", "There is no head here that can be believed")
_NOT_THERE = Words("第 {number} 个链头已导出，但这里没有", "Head {number} was exported but is not here")
_TWO = Words("有两个不同的第 {number} 个链头", "There are two different heads with number {number}")
_DIFFERS = Words(
    "第 {number} 个与第 {before} 个链头都是第 {seq} 条，哈希值却不同：这一条在两次签名之间被重写",
    "Heads {number} and {before} both stand at entry {seq} with different hashes: it was rewritten between the two",
)
_BACKWARDS = Words("第 {number} 个链头退回到第 {seq} 条", "Head {number} goes back to entry {seq}")
