"""The command that writes the privacy center's own data map."""

from argparse import Namespace

from privacy_center.datamap.own_map import own_dataset
from privacy_center.terminal.own_tables import every_table
from privacy_center.terminal.say import say


def run_own(arguments: Namespace) -> int:
    """Fideslang YAML of what the privacy center itself holds on people, from its models."""
    written = own_dataset(every_table())
    say(arguments, {"map": written}, [written])
    return 0
