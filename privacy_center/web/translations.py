"""English for the Chinese sentences in templates and views: every .po file of `translations/en`, as one catalogue."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from privacy_center.web.house import house_folder
from privacy_center.web.language import language, locale


def read_catalogue(folder: Path) -> Catalog:
    """Every message of every .po file in the folder; when two files know the same sentence the later name wins."""
    merged = Catalog(locale="en", charset="utf-8")
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", charset="utf-8"):
                if message.id and message.string:
                    merged.add(message.id, message.string, context=message.context)
    return merged


@cache
def load_english() -> Translations:
    """The English catalogue, compiled in memory once: there is no build step to forget."""
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(house_folder("translations") / "en"))
    compiled.seek(0)
    return Translations(compiled)


class HouseDomain(Domain):
    """Chinese is what the pages are written in; English comes from the catalogue."""

    def __init__(self, english: Translations) -> None:
        super().__init__()
        self._english = english
        self._chinese = NullTranslations()

    def get_translations(self) -> NullTranslations:
        return self._english if language() == "en" else self._chinese


def template_gettext(domain: HouseDomain) -> Callable[..., str]:
    """`_` of templates: the sentence in the reader's language, with values put in (escaped where the template escapes).

    What Jinja's own does in five calls, in one. As there, `%` itself is always written `%%`.
    """

    known: dict[tuple[NullTranslations, str], tuple[Markup, bool]] = {}  # as many as there are sentences in templates

    @pass_eval_context
    def said(where: EvalContext, text: str, /, **values: object) -> str:
        translations = domain.get_translations()
        if not where.autoescape:
            words = translations.gettext(text)
            return words % values if "%" in words else words
        found = known.get((translations, text))
        if found is None:
            words = Markup(translations.gettext(text))
            found = known[translations, text] = words, "%" in words
        return found[0] % values if found[1] else found[0]

    return said


def install_languages(app: Flask, timezone: str) -> None:
    """Give the app gettext in both languages, and numbers and moments by the reader's locale and the company's clock."""
    babel = Babel(app, default_locale="zh_Hans_CN", default_timezone=timezone, locale_selector=locale)
    domain = babel.domain_instance = HouseDomain(load_english())
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = template_gettext(domain)
