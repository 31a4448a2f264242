"""Ways out of the house. A transport takes one letter and raises when it could not hand it over."""

import smtplib
import ssl
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol

from privacy_center import clock
from privacy_center.config import Mail
from privacy_center.db import Database
from privacy_center.keys.sealing import seal_json, seal_text
from privacy_center.outbox.models import DemoMail, MessageKind

TIMEOUT = 20  # seconds that a mail server may stay silent


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it leaves: to whom, in which language, in words. `id` stays the same when it is sent again."""

    id: uuid.UUID
    kind: MessageKind
    address: str
    language: str
    title: str
    body: str
    template: str = ""
    context: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What the body was filled with, for providers that hold the words themselves and are given the values."""


class Undeliverable(Exception):
    """It will never arrive, so there is no use in trying again: the address does not exist."""


class Transport(Protocol):
    """Hands one letter over, or raises."""

    def send(self, letter: Letter) -> None: ...


class SmtpTransport:
    """E-mail through the SMTP server of `[mail]` in settings.toml."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def send(self, letter: Letter) -> None:
        """Raises `Undeliverable` when the server refuses the address for good (5xx), else what smtplib raises."""
        try:
            with smtplib.SMTP(self._mail.host, self._mail.port, timeout=TIMEOUT) as server:
                if self._mail.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._mail.user:
                    server.login(self._mail.user, self._mail.password.get_secret_value())
                server.send_message(self._compose(letter))
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= 500 for code, _ in error.recipients.values()):
                raise Undeliverable from error
            raise

    def _compose(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._mail.sender
        message["To"] = Address(addr_spec=letter.address)
        message["Subject"] = letter.title
        message["Date"] = clock.now()
        message["Message-ID"] = f"<{letter.id}@{self._mail.sender.rpartition('@')[2].strip('<> ') or 'localhost'}>"
        message["Content-Language"] = letter.language
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message


class MailboxTransport:
    """For the demo: keeps what would have been sent, so that a page can show it."""

    def __init__(self, database: Database, now: Callable[[], object] = clock.now) -> None:
        self._database = database
        self._now = now

    def send(self, letter: Letter) -> None:
        with self._database.transaction() as session:
            words = {"title": letter.title, "body": letter.body}
            mail = DemoMail(
                id=letter.id,
                kind=letter.kind,
                address_sealed=seal_text(session, letter.address, "demo_mailbox.address"),
                words_sealed=seal_json(session, words, "demo_mailbox.words"),
                at=self._now(),
            )
            session.merge(mail)
