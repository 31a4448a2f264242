"""The words that providers hold: which of their templates says one of our messages, and with which values."""

import re
from collections.abc import Iterator, Mapping

from privacy_center.outbox.sms.trouble import ProviderTrouble
from privacy_center.outbox.transport import Letter
from privacy_center.outbox.words import ACTIONS, TEMPLATES

LANGUAGES = ("zh-CN", "en")
FIXED = {"action_zh", "action_en", "site", "stop"}
"""Written into the provider's template: in a code's template they take digits only, and nowhere an address."""


def parameters_of(template: str) -> list[str]:
    """The names of the values that are given for a template, in the order of the Chinese words."""
    names = re.findall(r"{(\w+)}", TEMPLATES[template].body.zh)
    return [name for name in dict.fromkeys(names) if name not in FIXED]


def values_of(letter: Letter) -> dict[str, str]:
    """The values of a letter by name, in the order of `parameters_of`."""
    return {name: str(letter.context.get(name, "")) for name in parameters_of(letter.template)}


def template_id(letter: Letter, templates: Mapping[str, Mapping[str, str]]) -> str:
    """The provider's name of the template for this letter: for its action and language, else for any of them.

    Raises `ProviderTrouble` when settings.toml names none.
    """
    action = str(letter.context.get("action", ""))
    wanted = templates.get(f"{letter.template}.{action}") or templates.get(letter.template) or {}
    spoken = "zh-CN" if letter.language.lower().startswith("zh") else "en"
    found = wanted.get(spoken) or wanted.get("zh-CN")
    if not found:
        raise ProviderTrouble(f"no-template-for-{letter.template}")
    return found


def names_to_register() -> Iterator[str]:
    """Every template that can leave the house: one for each action of a code, since its words must name the action."""
    for name, template in TEMPLATES.items():
        if "{action_zh}" in template.body.zh:
            yield from (f"{name}.{action}" for action in ACTIONS)
        elif not template.private:
            yield name


def words_to_register(name: str, language: str, provider: str, site: str) -> str:
    """The exact text to register with a provider: `${code}` at Aliyun, `{1}` at Tencent Cloud."""
    template, _, action = name.partition(".")
    said = TEMPLATES[template].body.spoken(language)
    places = {"site": site, "stop": f"{site}/not-me"}
    if action:
        places |= {"action_zh": ACTIONS[action].zh, "action_en": ACTIONS[action].en}
    for number, one in enumerate(parameters_of(template), 1):
        places[one] = f"{{{number}}}" if provider == "tencent" else f"${{{one}}}"
    return said.format(**places)
