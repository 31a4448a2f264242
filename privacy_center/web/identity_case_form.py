"""The form of a case: what was typed, pictures made harmless, and the case filed."""

from flask import request
from werkzeug.datastructures import FileStorage

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.evidence.keep import MOST_PICTURES
from privacy_center.people.evidence.picture import CleanPicture, clean_picture
from privacy_center.people.identity_cases.file import Asked, Facts, file_case, wrong_facts
from privacy_center.people.identity_cases.models import Path
from privacy_center.web.filters import answer_by, today, words
from privacy_center.web.language import language
from privacy_center.web.units import center, transaction
from privacy_center.web.uploads import MEGABYTE
from privacy_center.web.visitor import signed_in

FIELDS = ("contact", "number", "name", "born", "relation", "interest", "statement", "permission")
ORDER = ("wants", "name", "contact", "number", "born", "relation", "interest", "permission", "statement", "evidence")
"""In which the fields stand on the page: the summary of what is wrong follows it."""

_CHOOSE_AGAIN = Refusal(
    "图片没有留下：浏览器不会替您记住。请重新选择图片。",
    "The pictures were not kept: a browser cannot remember them. Choose them again.",
    status=422,
    field="evidence",
)


def typed_facts() -> Facts:
    """What stands in the form; fields that were left out are empty."""
    return Facts(**{name: request.form.get(name, "").strip()[:2_000] for name in FIELDS})


def take_in_case(kind: Path) -> tuple[str, dict[str, str], int]:
    """The new case's reference, or field → what is wrong, with the status of the answer.

    Nothing is looked up of whom it concerns: the work and the answer depend on what was typed alone.
    """
    facts, wants = typed_facts(), request.form.get("wants", "deletion")
    wrong = wrong_facts(kind, wants, facts, today())
    pictures: list[CleanPicture] = []
    try:
        pictures = _pictures()
        if not wrong:
            return _file(Asked(kind, wants, facts, pictures)), {}, 303
    except Refusal as refusal:
        wrong[refusal.field or ""] = refusal
    if _files():
        wrong.setdefault("evidence", _CHOOSE_AGAIN)
    in_order = sorted(wrong, key=lambda field: ORDER.index(field) if field in ORDER else -1)
    errors = {field: words(wrong[field].words) for field in in_order}
    return "", errors, max(refusal.status for refusal in wrong.values())


def _file(asked: Asked) -> str:
    with transaction() as session:
        case = file_case(
            session, asked, asker=signed_in().person, language=language(), due_on=answer_by(), at=clock.now()
        )
        return case.reference


def _files() -> list[FileStorage]:
    return [one for one in request.files.getlist("evidence") if one.filename]


def _pictures() -> list[CleanPicture]:
    files = _files()
    if len(files) > MOST_PICTURES:
        raise Refusal(
            f"最多上传 {MOST_PICTURES} 张图片。", f"At most {MOST_PICTURES} pictures.", status=422, field="evidence"
        )
    largest = center().settings.evidence_largest_mb * MEGABYTE
    on = today() if request.form.get("watermark") == "yes" else None
    return [clean_picture(one.read(), largest=largest, watermark_on=on) for one in files]
