"""What the commands on privacy requests take: their options, and how a person and a day are typed."""

import argparse
from datetime import date

DECISIONS = ("approve", "approve-in-part", "refuse", "ask", "confirm", "send-back")


def add_requests(commands, everywhere) -> None:
    """`request submit`, `show`, `list`, `compare`, `decide`, `extend`, `execute`, `cancel`."""
    request = commands.add_parser("request", help="privacy requests").add_subparsers(required=True, metavar="ACT")
    submit = request.add_parser(
        "submit", parents=[everywhere], help="enter a request for a person whose identity was checked"
    )
    submit.add_argument("--kind", required=True, metavar="KIND", help="deletion")
    add_identity(submit)
    submit.add_argument("--category", action="append")
    submit.add_argument("--channel", default="online", choices=["online", "hotline", "counter"])
    submit.add_argument("--verified-by", required=True, metavar="METHOD", help="how the identity was checked")
    submit.add_argument("--level", default="V2", choices=["V1", "V2", "V3"])
    submit.add_argument("--by", required=True, metavar="STAFF", help="staff number")
    submit.add_argument("--words", default="", help="what the customer said")
    submit.add_argument("--cooling-off", type=int, default=0, metavar="DAYS", help="days in which it can be taken back")
    submit.set_defaults(run="requests.run_submit")
    show = request.add_parser("show", parents=[everywhere], help="one request with its items, runs and certificates")
    show.add_argument("reference")
    show.set_defaults(run="requests.run_show")
    listing = request.add_parser("list", parents=[everywhere], help="requests, the most urgent first")
    listing.add_argument("--state")
    listing.set_defaults(run="request_list.run_list")
    _add_drafts(request, everywhere)
    _add_decide(request, everywhere)
    _add_extend(request, everywhere)
    execute = request.add_parser(
        "execute", parents=[everywhere], help="carry out an approved request and wait for the end"
    )
    execute.add_argument("reference")
    execute.set_defaults(run="requests.run_execute")
    cancel = request.add_parser("cancel", parents=[everywhere], help="take a request back before it is carried out")
    cancel.add_argument("reference")
    cancel.add_argument("--by", required=True, metavar="STAFF")
    cancel.set_defaults(run="requests.run_cancel")


def _add_drafts(request, everywhere) -> None:
    compare = request.add_parser(
        "compare", parents=[everywhere], help="what a look today would do otherwise than the frozen plan"
    )
    compare.add_argument("reference")
    compare.set_defaults(run="compare.run_compare")
    redraft = request.add_parser(
        "redraft", parents=[everywhere], help="use what a look today says in place of the frozen plan"
    )
    redraft.add_argument("reference")
    redraft.add_argument("--by", required=True, metavar="STAFF")
    redraft.set_defaults(run="compare.run_redraft")


def _add_decide(request, everywhere) -> None:
    decide = request.add_parser("decide", parents=[everywhere], help="approve, refuse or ask")
    decide.add_argument("reference")
    decide.add_argument("decision", nargs="?", choices=DECISIONS, help="or as a flag: --approve, --refuse, …")
    for name in DECISIONS:
        decide.add_argument(f"--{name}", dest="flag", action="store_const", const=name, help=argparse.SUPPRESS)
    decide.add_argument("--by", required=True, metavar="STAFF")
    decide.add_argument("--reason", action="append", default=[], metavar="CODE", help="reason code: a refusal, a child")
    decide.add_argument("--text", default="", help="in your own words, for the customer")
    decide.add_argument(
        "--item",
        action="append",
        default=[],
        metavar="N[.R]=erase|keep|restrict:CODE:TEXT",
        help="decide otherwise on item N, or on its record R alone (from 1)",
    )
    decide.add_argument(
        "--seen", action="store_true", help="with confirm: the changes were read (confirm alone prints them)"
    )
    decide.add_argument(
        "--hold-reason", action="append", default=[], metavar="RULE=TEXT", help="why a rule still keeps it"
    )
    decide.add_argument("--until", type=read_day, metavar="DATE", help="with ask: the customer's last day to answer")
    decide.add_argument(
        "--on-silence",
        choices=["decide", "close"],
        help="with ask: what happens without an answer (default: it is decided on what is known)",
    )
    decide.set_defaults(run="requests.run_decide")


def _add_extend(request, everywhere) -> None:
    extend = request.add_parser(
        "extend", parents=[everywhere], help="put off the reply: proposed by one person, confirmed by another"
    )
    extend.add_argument("reference")
    extend.add_argument(
        "answer", nargs="?", choices=["confirm", "reject"], help="to the extension that waits, or as a flag"
    )
    for name in ("confirm", "reject"):
        extend.add_argument(f"--{name}", dest="flag", action="store_const", const=name, help=argparse.SUPPRESS)
    extend.add_argument("--until", type=read_day, metavar="DATE", help="the new last day to reply")
    extend.add_argument("--reason", default="", metavar="CODE", help="reason code, for the customer")
    extend.add_argument("--text", default="", help="more for the customer, in your own words")
    extend.add_argument("--by", required=True, metavar="STAFF")
    extend.set_defaults(run="extend.run_extend")


def add_identity(parser: argparse.ArgumentParser) -> None:
    """The option that names a person."""
    parser.add_argument(
        "--identity",
        action="append",
        required=True,
        type=_kind_and_value,
        metavar="KIND=VALUE",
        help="e.g. email=li@example.com",
    )


def _kind_and_value(written: str) -> tuple[str, str]:
    kind, _, value = (part.strip() for part in written.partition("="))
    if not kind or not value:
        raise argparse.ArgumentTypeError(f"write kind=value, as in email=li@example.com, not {written!r}")
    return kind, value


def read_day(written: str) -> date:
    """A day of the calendar as it is typed; anything else is wrong usage."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"write a day of the calendar as YYYY-MM-DD, not {written!r}") from None
