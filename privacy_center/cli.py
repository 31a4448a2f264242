"""`privacy-center`: the same functions for a terminal. Refusals go to stderr with exit code 1, wrong usage with 2."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from privacy_center.errors import Refusal
from privacy_center.terminal.hold_arguments import add_holds
from privacy_center.terminal.request_arguments import DECISIONS, add_identity, add_requests, read_day
from privacy_center.terminal.say import complain
from privacy_center.terminal.suppression_arguments import add_suppression


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = read_arguments(given)
    try:
        return int(_command(arguments.run)(arguments))
    except Refusal as refusal:
        complain(refusal.words)
        return 1


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """The function behind a command (`module.function`); only what it needs is imported, so that help is quick."""
    module, _, function = name.partition(".")
    found: Callable[[argparse.Namespace], int] = getattr(import_module(f"privacy_center.terminal.{module}"), function)
    return found


def read_arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line as given; prints help and leaves with 2 on wrong usage."""
    parser = argparse.ArgumentParser(prog="privacy-center", parents=[_everywhere()], description=__doc__)
    parser.set_defaults(home=None, json=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _add_running,
        _add_look,
        add_requests,
        add_holds,
        _add_upkeep,
        _add_records,
        add_suppression,
        _add_audit,
        _add_messages,
        _add_keys,
    ):
        add(commands, _everywhere())
    arguments = parser.parse_args(given)
    if arguments.run == "requests.run_decide":
        arguments.decision = arguments.decision or arguments.flag
        if arguments.decision is None:
            parser.error(f"decide what? one of: {', '.join(DECISIONS)}")
    return arguments


def _everywhere() -> argparse.ArgumentParser:
    """Options that may stand before or after the command."""
    shared = argparse.ArgumentParser(add_help=False)
    hint = "home folder (default: $PRIVACY_CENTER_HOME or ./instance)"
    shared.add_argument("--home", default=argparse.SUPPRESS, metavar="DIR", help=hint)
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="one JSON document on stdout")
    return shared


def _add_running(commands, everywhere) -> None:
    init = commands.add_parser("init", parents=[everywhere], help="a home to start from, with comments")
    init.set_defaults(run="running.run_init")
    upgrade = commands.add_parser("upgrade", parents=[everywhere], help="migrate our own database")
    upgrade.set_defaults(run="running.run_upgrade")
    serve = commands.add_parser("serve", parents=[everywhere], help="the web, and the worker in the same process")
    serve.add_argument("--listen", metavar="HOST:PORT")
    serve.add_argument("--web-only", action="store_true", help="no worker in this process")
    serve.set_defaults(run="running.run_serve")
    worker = commands.add_parser("worker", parents=[everywhere], help="a worker; several may run on PostgreSQL")
    worker.set_defaults(run="running.run_worker")
    demo = commands.add_parser("demo", parents=[everywhere], help="the product on a sample company")
    demo.add_argument("--listen", metavar="HOST:PORT")
    demo.add_argument("--reset", action="store_true", help="start over")
    demo.add_argument("--prepare-only", action="store_true", help="set up and leave")
    demo.set_defaults(run="running.run_demo")


def _add_look(commands, everywhere) -> None:
    check = commands.add_parser(
        "check", parents=[everywhere], help="settings, keys, map, rules, connections: every finding"
    )
    check.set_defaults(run="check.run_check")
    datamap = commands.add_parser("datamap", help="data maps").add_subparsers(required=True, metavar="ACT")
    own = datamap.add_parser("own", parents=[everywhere], help="what the privacy center itself holds: its own data map")
    own.set_defaults(run="own_map.run_own")
    generate = datamap.add_parser("generate", parents=[everywhere], help="Fideslang YAML from a live database")
    generate.add_argument("url")
    generate.add_argument("--schema")
    generate.add_argument("--key", help="the fides_key of the dataset (default: the database's name)")
    generate.set_defaults(run="look.run_generate")
    locate = commands.add_parser("locate", parents=[everywhere], help="find every row of a person")
    add_identity(locate)
    locate.set_defaults(run="look.run_locate")
    plan = commands.add_parser("plan", parents=[everywhere], help="what would happen to every row; reads only")
    add_identity(plan)
    plan.add_argument("--category", action="append", help="only data of this category, e.g. user.contact")
    plan.add_argument("--on", type=read_day, metavar="DATE", help="judge as on this day (YYYY-MM-DD)")
    plan.set_defaults(run="look.run_plan")


def _add_upkeep(commands, everywhere) -> None:
    sweep = commands.add_parser("sweep", parents=[everywhere], help="release what no rule holds any more, now")
    sweep.add_argument("--request", metavar="REFERENCE")
    sweep.add_argument("--collection", metavar="DATASET.NAME", help="when told of an event there")
    sweep.set_defaults(run="upkeep.run_sweep")
    scan = commands.add_parser("scan", parents=[everywhere], help="look for erased people in every text column")
    scan.add_argument("--request", metavar="REFERENCE")
    scan.set_defaults(run="upkeep.run_scan")
    side = commands.add_parser("restriction-table", help="the side table of restricted records").add_subparsers(
        required=True, metavar="ACT"
    )
    for act, help_text in (("show", "print its DDL"), ("create", "make it in the company's database")):
        one = side.add_parser(act, parents=[everywhere], help=help_text)
        one.add_argument("dataset")
        one.add_argument("--views", action="store_true", help="also a view of each table without restricted records")
        one.set_defaults(run=f"restriction_table.run_{act}")
    replay = commands.add_parser("replay", parents=[everywhere], help="erase again what a restored backup brought back")
    replay.add_argument("--since", type=read_day, required=True, metavar="DATE")
    replay.set_defaults(run="upkeep.run_replay")


def _add_records(commands, everywhere) -> None:
    vault = commands.add_parser("vault", help="sealed values").add_subparsers(required=True, metavar="ACT")
    opening = vault.add_parser(
        "open",
        parents=[everywhere],
        help="read what is sealed of a request, once two people have agreed on the staff pages",
    )
    opening.add_argument("reference")
    opening.add_argument("--by", required=True, metavar="STAFF")
    opening.set_defaults(run="vault.run_open")
    people = commands.add_parser("staff", help="staff accounts").add_subparsers(required=True, metavar="ACT")
    add = people.add_parser("add", parents=[everywhere], help="a new account; prints a first password once")
    add.add_argument("number")
    add.add_argument("--name", required=True)
    add.add_argument("--email", required=True)
    add.add_argument("--role", action="append", required=True)
    add.add_argument("--department", default="")
    add.set_defaults(run="staff.run_add")
    train = people.add_parser("train", parents=[everywhere], help="enter a training; without one customer data is shut")
    train.add_argument("number")
    train.add_argument("--title", required=True)
    train.add_argument("--done", required=True, metavar="DATE")
    train.add_argument("--due", required=True, metavar="DATE", help="the last day on which it counts")
    train.set_defaults(run="staff.run_train")
    end = people.add_parser("end", parents=[everywhere], help="set the last day of an employment")
    end.add_argument("number")
    end.add_argument("--on", required=True, metavar="DATE")
    end.set_defaults(run="staff.run_end")
    listing = people.add_parser("list", parents=[everywhere], help="every account and its roles")
    listing.set_defaults(run="staff.run_list")


def _add_audit(commands, everywhere) -> None:
    audit = commands.add_parser("audit", help="the audit trail").add_subparsers(required=True, metavar="ACT")
    verify = audit.add_parser("verify", parents=[everywhere], help="prove the chain, or name the first broken link")
    verify.add_argument("--heads", metavar="PATH", help="signed heads kept elsewhere: a folder or a file")
    verify.add_argument("--public-key", metavar="FILE", help="believe these keys alone (what `audit keys` prints)")
    verify.add_argument("--database", metavar="URL", help="with --public-key: the database to check")
    verify.set_defaults(run="record.run_verify")
    keys = audit.add_parser("keys", parents=[everywhere], help="the public keys that check our signatures")
    keys.set_defaults(run="record.run_keys")
    export = audit.add_parser("export", parents=[everywhere], help="sign this hour's head and export what waits, now")
    export.set_defaults(run="record.run_export")
    systems = commands.add_parser(
        "systems", help="systems that write into the access log or ask for suppressions"
    ).add_subparsers(required=True, metavar="ACT")
    for act, told in (("add", "a token for a system, printed once"), ("revoke", "its tokens end at once")):
        one = systems.add_parser(act, parents=[everywhere], help=told)
        one.add_argument("name")
        if act == "add":
            one.add_argument(
                "--may", action="append", choices=["access-log", "suppression-check", "suppression-change"],
                help="what the token opens (default: access-log); may be given several times",
            )  # fmt: skip
        one.set_defaults(run=f"systems.run_{act}")
    listing = systems.add_parser("list", parents=[everywhere], help="every system, and when it last wrote")
    listing.set_defaults(run="systems.run_list")


def _add_messages(commands, everywhere) -> None:
    messages = commands.add_parser("messages", help="text messages and e-mail").add_subparsers(
        required=True, metavar="ACT"
    )
    test = messages.add_parser("test", parents=[everywhere], help="send one code that opens nothing, and say what came")
    test.add_argument("--to", required=True, metavar="NUMBER|EMAIL")
    test.add_argument("--voice", action="store_true", help="by a call")
    test.add_argument("--language", default="zh-CN", choices=["zh-CN", "en"])
    test.set_defaults(run="messages.run_test")
    templates = messages.add_parser("templates", parents=[everywhere], help="the texts to register with the provider")
    templates.set_defaults(run="messages.run_templates")


def _add_keys(commands, everywhere) -> None:
    keys = commands.add_parser("keys", help="sealing keys").add_subparsers(required=True, metavar="ACT")
    rotate = keys.add_parser("rotate", parents=[everywhere], help="a new master key, while everything runs")
    rotate.add_argument("--kek", action="store_true", help="a new key-encryption key instead")
    rotate.set_defaults(run="keys.run_rotate")
    check = keys.add_parser("check", parents=[everywhere], help="every sealed value opens, nothing personal is plain")
    check.set_defaults(run="keys.run_check")
    destroy = keys.add_parser(
        "destroy", parents=[everywhere], help="make everything of one person unreadable, for good"
    )
    whose = destroy.add_mutually_exclusive_group(required=True)
    whose.add_argument("--request", metavar="REFERENCE")
    whose.add_argument("--person", metavar="ID")
    destroy.add_argument("--by", metavar="STAFF", help="staff number, for the audit trail")
    destroy.set_defaults(run="keys.run_destroy")


if __name__ == "__main__":
    sys.exit(main())
