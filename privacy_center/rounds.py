"""The rounds a worker makes: begin what is ready, deliver what waits, and once a day release, scan and count."""

from collections.abc import Mapping
from datetime import datetime

from privacy_center.anomalies.watch import watch
from privacy_center.audit.export import export_due, export_state
from privacy_center.center import Center
from privacy_center.execution.due import begin_ready, release_due, sweep_is_due
from privacy_center.execution.forget_ended import forget_ended
from privacy_center.execution.proceed import HandIn
from privacy_center.execution.scan import runs_to_scan, scan_everything
from privacy_center.holds.review_dates import escalate_reviews
from privacy_center.outbox.deliver import Delivered, deliver_due
from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.sms.ways import sms_transports
from privacy_center.outbox.transport import MailboxTransport, SmtpTransport, Transport
from privacy_center.people.forget import forget_old
from privacy_center.people.identity import find_person
from privacy_center.people.staff.roles import Role
from privacy_center.people.staff.tell import tell_staff
from privacy_center.people.staff.terms import settle_everybody
from privacy_center.plans.followed import any_free_records, note_free_records
from privacy_center.plans.overlap import release_ended
from privacy_center.privacy_requests.queries import cooling_off_ends_soon
from privacy_center.privacy_requests.question import questions_due, remind_of_questions, settle_unanswered
from privacy_center.privacy_requests.remind import remind_of_cooling_off
from privacy_center.sources.on_file import is_on_file
from privacy_center.sources.order_on_file import order_names


def make_round(center: Center, hand_in: HandIn, at: datetime) -> None:
    """What is due at a moment (UTC): messages, runs, reminders. Safe to make twice, in one worker or in several."""
    deliver(center, at)
    begin_ready(center, hand_in, at)
    remind(center, at)


def sweep_when_due(center: Center, hand_in: HandIn, at: datetime) -> None:
    """The daily pass, if its hour has come and it has not been made today. It may take long, so it has a thread of its own."""
    if sweep_is_due(center, at):
        sweep(center, hand_in, at)


def watch_record(center: Center, at: datetime) -> None:
    """Sign and export this hour's chain head, and read what is new in the record for unusual access. Safe in several
    workers; operators are told once a day that heads do not leave.
    """
    export_due(center.database, center.settings.audit, at)
    with center.database.reading() as session:
        state = export_state(session)
    if state.failures:
        told = {"waiting": state.waiting, "error": state.error}
        with center.database.transaction() as session:
            dedupe = f"audit-export:{center.today(at)}"
            tell_staff(session, Role.OPERATOR, "record_trouble", told, dedupe_key=dedupe, at=at)
    watch(center.database, center.anomaly_rules, center.surroundings, at)


def deliver(center: Center, at: datetime) -> Delivered:
    """Send the messages that are due; without a way to send a kind of message they wait, and staff see them."""
    return deliver_due(
        center.database,
        transports_of(center),
        at,
        is_on_file=lambda kind, value, *order: _is_known(center, kind, value, *order),
    )


def _is_known(center: Center, kind: str, value: str, order: str = "") -> bool:
    """Whether a message may go to this contact; one that was asked for by an order number, only if the order names it."""
    sources, data_map, orders = center.sources, center.data_map, center.settings.orders
    if order:
        return order_names(sources, data_map, orders.number, orders.contacts, order, kind, value)
    return is_on_file(sources, data_map, kind, value) or _is_proven(center, kind, value)


def _is_proven(center: Center, kind: str, value: str) -> bool:
    """Whether somebody has proven this contact to the privacy center itself, as after a change of contact."""
    with center.database.reading() as session:
        return find_person(session, kind, value) is not None


def transports_of(center: Center) -> Mapping[MessageKind, Transport]:
    """How each kind of message leaves: in the demo into the mailbox page, else as `[mail]` and `[sms]` say."""
    if center.settings.demo:
        return dict.fromkeys(MessageKind, MailboxTransport(center.database))
    by_mail = {MessageKind.EMAIL: SmtpTransport(center.settings.mail)} if center.settings.mail.host else {}
    return by_mail | sms_transports(center.settings.sms, center.settings.home)


def remind(center: Center, at: datetime) -> None:
    """Tell everybody whose time to change their mind ends within a day, once; remind of questions, and settle those to
    which no answer came in time; tell staff of plans that waited for another request and can be drafted again.
    """
    today = center.today(at)
    with center.database.reading() as session:
        due = questions_due(session, today)
        ending, free = cooling_off_ends_soon(session, at), any_free_records(session)
    if due:
        with center.database.transaction() as session:
            remind_of_questions(session, today, at)
            settle_unanswered(session, today, at)
    if ending:
        with center.database.transaction() as session:
            remind_of_cooling_off(session, at)
    if free:
        with center.database.transaction() as session:
            note_free_records(session, at)


def sweep(center: Center, hand_in: HandIn, at: datetime) -> None:
    """The daily pass: release what no rule holds any more, look for everybody erased since the last pass, and forget
    codes, sessions and counts of our own that have ended. Terms of staff begin and end. Owners of holds whose review is due
    are told.
    """
    release_due(center, hand_in, at)
    with center.database.transaction() as session:
        forget_old(session, at)
        release_ended(session)
        settle_everybody(session, at)
        escalate_reviews(session, center.today(at), at)
    forget_ended(center.database, at, center.settings.timezone)
    with center.database.reading() as session:
        runs = runs_to_scan(session)
    scan_everything(center, runs)
