"""What the commands on holds placed by staff take."""

import argparse

from privacy_center.holds.kinds import PlacedKind
from privacy_center.terminal.request_arguments import read_day

KINDS = tuple(kind.value for kind in PlacedKind)


def add_holds(commands, everywhere) -> None:
    """`hold list`, `place`, `review`, `end`."""
    hold = commands.add_parser("hold", help="holds placed by staff").add_subparsers(required=True, metavar="ACT")
    listing = hold.add_parser("list", parents=[everywhere], help="the holds in force, next review date first")
    listing.add_argument("--request", default="", metavar="REFERENCE", help="only those placed in this request")
    listing.add_argument("--owner", default="", metavar="STAFF")
    listing.add_argument("--kind", choices=KINDS)
    listing.add_argument("--overdue", action="store_true", help="only those whose review date has come")
    listing.add_argument("--ended", action="store_true", help="ended ones too")
    listing.set_defaults(run="holds.run_list")
    _add_place(hold, everywhere)
    review = hold.add_parser("review", parents=[everywhere], help="reviewed, and still needed until another date")
    review.add_argument("hold")
    review.add_argument("--by", required=True, metavar="STAFF")
    review.add_argument("--reason", required=True, metavar="TEXT", help="why it must still be kept")
    review.add_argument("--review-on", type=read_day, required=True, metavar="DATE")
    review.set_defaults(run="holds.run_review")
    end = hold.add_parser("end", parents=[everywhere], help="end a hold; a legal claim and an order take two people")
    end.add_argument("hold")
    end.add_argument("answer", nargs="?", choices=["confirm", "reject"], help="to the end that waits, or as a flag")
    for name in ("confirm", "reject"):
        end.add_argument(f"--{name}", dest="flag", action="store_const", const=name, help=argparse.SUPPRESS)
    end.add_argument("--by", required=True, metavar="STAFF")
    end.add_argument("--reason", default="", metavar="TEXT", help="why it ends; required of the first person")
    end.set_defaults(run="holds.run_end")


def _add_place(hold, everywhere) -> None:
    place = hold.add_parser("place", parents=[everywhere], help="keep records from every plan, from now on")
    place.add_argument("reference", nargs="?", help="the request in which it is placed, if in one")
    place.add_argument(
        "--record",
        action="append",
        required=True,
        metavar="DATASET.NAME[=KEY]",
        help="a record by its key (parts of a longer key joined by /); without a key, all records of the request there",
    )
    place.add_argument(
        "--field", action="append", default=[], metavar="DATASET.NAME.FIELD", help="only this field (default: all)"
    )
    place.add_argument("--kind", required=True, choices=KINDS)
    place.add_argument("--reason", required=True, metavar="TEXT", help="for staff; the customer does not see it")
    place.add_argument("--authority", default="", metavar="TEXT", help="who ordered it; required for an order")
    place.add_argument("--matter", default="", metavar="TEXT", help="case or file number; for a claim and an order")
    place.add_argument("--customer", default="", metavar="TEXT", help="what the customer reads (default: by kind)")
    place.add_argument("--ends-when", default="", metavar="TEXT", help="what ends it (default: by kind)")
    place.add_argument("--last-day", type=read_day, metavar="DATE", help="the last day on which it holds")
    place.add_argument("--review-on", type=read_day, metavar="DATE", help="default: in 90 days")
    place.add_argument("--owner", default="", metavar="STAFF", help="default: whoever places it")
    place.add_argument("--by", required=True, metavar="STAFF")
    place.set_defaults(run="holds.run_place")
