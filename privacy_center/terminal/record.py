"""Commands about the record: audit verify."""

from argparse import Namespace

from privacy_center.audit.verify import verify_chain
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say, spoken


def run_verify(arguments: Namespace) -> int:
    """Read the whole audit chain again; 1 and the first broken link when it does not hold."""
    center = open_to_act(arguments.home, sound=False)
    with center.database.reading() as session:
        found = verify_chain(session)
    broken = {"seq": found.first_broken.seq, "what": spoken(found.first_broken.words)} if found.first_broken else None
    document = {"ok": found.ok, "entries": found.entries, "first_broken": broken}
    line = f"ok, {found.entries} entries" if found.ok else f"broken at {broken['seq']}: {broken['what']}"
    say(arguments, document, [line])
    return 0 if found.ok else 1
