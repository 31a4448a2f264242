"""Commands for whoever sets up how messages leave: try one, and print what to register."""

import uuid
from argparse import Namespace

from privacy_center.center import Center
from privacy_center.errors import Refusal
from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.sms.templates import LANGUAGES, names_to_register, words_to_register
from privacy_center.outbox.sms.trouble import ProviderTrouble
from privacy_center.outbox.transport import Letter, Undeliverable
from privacy_center.outbox.words import ACTIONS, write_words
from privacy_center.people.contact import Contact, mask_contact, read_contact
from privacy_center.people.sign_in import CODE_LASTS
from privacy_center.rounds import transports_of
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say

CODE = "123456"


def run_test(arguments: Namespace) -> int:
    """Send a code that opens nothing to one address, at once; 1 and the provider's own word when it was not taken."""
    center = open_to_act(arguments.home, sound=False)
    contact = read_contact(arguments.to)
    kind = _kind(contact, voice=arguments.voice)
    transport = transports_of(center).get(kind)
    if transport is None:
        raise _no_way(kind)
    came = "sent"
    try:
        transport.send(_letter(contact, kind, arguments.language))
    except (ProviderTrouble, Undeliverable) as trouble:
        came = str(trouble) or type(trouble).__name__
    except OSError as trouble:
        came = type(trouble).__name__
    shown = mask_contact(contact)
    say(arguments, {"to": shown, "kind": kind.value, "answer": came}, [f"{kind.value} → {shown}: {came}"])
    return 0 if came == "sent" else 1


def run_templates(arguments: Namespace) -> int:
    """Every text to register with the provider, in both languages, with its parameters in their order."""
    center = open_to_act(arguments.home, sound=False)
    found = [
        {"template": name, "language": language, "words": _words(center, name, language)}
        for name in names_to_register()
        for language in LANGUAGES
    ]
    say(arguments, found, [f"{one['template']} ({one['language']}): {one['words']}" for one in found])
    return 0


def _words(center: Center, name: str, language: str) -> str:
    return words_to_register(name, language, center.settings.sms.provider, center.settings.base_url)


def _kind(contact: Contact, *, voice: bool) -> MessageKind:
    if contact.kind == "email":
        return MessageKind.EMAIL
    return MessageKind.VOICE if voice else MessageKind.SMS


def _letter(contact: Contact, kind: MessageKind, language: str) -> Letter:
    does, minutes = ACTIONS["sign_in"], int(CODE_LASTS.total_seconds() // 60)
    context = {"code": CODE, "minutes": minutes, "action": "sign_in", "action_zh": does.zh, "action_en": does.en}
    title, body = (words.spoken(language) for words in write_words("sign_in_code", context))
    return Letter(uuid.uuid4(), kind, contact.value, language, title, body, "sign_in_code", context)


def _no_way(kind: MessageKind) -> Refusal:
    part = "mail" if kind is MessageKind.EMAIL else "sms"
    return Refusal(
        f"settings.toml 的 [{part}] 没有设好，{kind.value} 发不出去。见 docs/messages.md。",
        f"[{part}] in settings.toml is not set up, so nothing leaves by {kind.value}. See docs/messages.md.",
    )
