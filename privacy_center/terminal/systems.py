"""Commands about the company's other systems that may call: add, revoke, list."""

from argparse import Namespace

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.looks.systems import SystemRight, add_system, all_systems, revoke_system
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say

TERMINAL = Actor("system", "terminal")


def run_add(arguments: Namespace) -> int:
    """A token for a system, printed once; whoever has it can do what `--may` says: by default write looks and read nothing."""
    center = open_to_act(arguments.home, sound=False)
    with center.database.transaction() as session:
        may = [SystemRight(one) for one in arguments.may or (SystemRight.WRITE_LOOKS.value,)]
        token = add_system(session, arguments.name, actor=TERMINAL, at=clock.now(), may=may)
    say(arguments, {"system": arguments.name, "token": token}, [f"{arguments.name}  {token}"])
    return 0


def run_revoke(arguments: Namespace) -> int:
    """Every token of a system ends at once."""
    center = open_to_act(arguments.home, sound=False)
    with center.database.transaction() as session:
        ended = revoke_system(session, arguments.name, actor=TERMINAL, at=clock.now())
    say(arguments, {"system": arguments.name, "ended": ended}, [f"{arguments.name}  {ended}"])
    return 0


def run_list(arguments: Namespace) -> int:
    """Every token that was given: system, since when, until when, when last used; never the token."""
    center = open_to_act(arguments.home, sound=False)
    with center.database.reading() as session:
        rows = [
            {
                "system": one.name,
                "may": list(one.may),
                "since": one.created_at.isoformat(),
                "ended": one.revoked_at.isoformat() if one.revoked_at else None,
                "last_seen": one.last_seen_at.isoformat() if one.last_seen_at else None,
            }
            for one in all_systems(session)
        ]
    say(
        arguments,
        rows,
        [f"{row['system']:24} {row['since']}  {row['ended'] or 'works'}  {', '.join(row['may'])}" for row in rows],
    )
    return 0
