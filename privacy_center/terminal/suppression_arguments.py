"""What the commands on suppressed contacts take."""

from privacy_center.terminal.request_arguments import add_identity


def add_suppression(commands, everywhere) -> None:
    """`suppression check`, `add`, `remove`."""
    acts = commands.add_parser("suppression", help="contacts that must not get marketing").add_subparsers(
        required=True, metavar="ACT"
    )
    for act, told in (
        ("check", "yes or no for each contact"),
        ("add", "suppress a contact by hand"),
        ("remove", "end it: the person agreed anew"),
    ):
        one = acts.add_parser(act, parents=[everywhere], help=told)
        add_identity(one)
        one.add_argument("--channel", metavar="CHANNEL", help="e.g. sms, email (default: every channel)")
        if act != "check":
            one.add_argument("--by", required=True, metavar="STAFF")
            one.add_argument("--reason", required=True, help="why, for the record; sealed")
        one.set_defaults(run=f"suppression.run_{act}")
