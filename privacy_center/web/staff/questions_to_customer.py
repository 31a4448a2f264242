"""The question to a customer as reviewers begin it: the day by which an answer is expected, and common questions."""

from dataclasses import dataclass

from privacy_center.errors import Words
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.question import default_answer_by
from privacy_center.web.filters import today
from privacy_center.web.staff.letter import letter_language

COMMON_QUESTIONS = (
    Words(
        "您的手机号以前可能属于别人。请告诉我们，您从什么时候开始使用这个号码？",
        "Your number may have belonged to somebody else before. Since when have you been using it?",
    ),
    Words(
        "请告诉我们，您要删除的是哪一笔订单（订单编号或下单日期）？",
        "Which order do you want erased? Please give its number or the day on which it was placed.",
    ),
    Words(
        "您还有未处理完的售后或退款。请告诉我们，是否等它办完再删除？",
        "A case or refund of yours is still open. Should we wait until it is finished before we erase?",
    ),
    Words(
        "我们找到两个姓名不同的账户。请告诉我们，哪一个是您的？请不要发送证件照片。",
        "We found two accounts with different names. Which of them is yours? Please do not send a picture of a document.",
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """`answer_by`: the suggested last day (ISO); `templates`: common questions in the customer's language."""

    answer_by: str
    templates: list[str]
    language: str


def question_of(asked: PrivacyRequest) -> Question:
    """What the form suggests for a question on this request."""
    language = letter_language(asked)
    common = [words.spoken(language) for words in COMMON_QUESTIONS]
    return Question(default_answer_by(asked, today()).isoformat(), common, language)
