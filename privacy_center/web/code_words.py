"""What is said about codes before anything is looked up: that none was typed, and that one was asked for too soon."""

from collections.abc import Iterator
from contextlib import contextmanager

from privacy_center.errors import Refusal
from privacy_center.people.rate import TooOften


def read_code(typed: str) -> str:
    """The code as it was typed. Refuses (422) an empty field, which is no wrong try and is not counted as one."""
    if typed.strip():
        return typed
    raise Refusal(
        "写下我们发给您的 6 位数字。",
        "Enter the six digits that we sent you.",
        status=422,
        field="code",
    )


@contextmanager
def say_wait_a_minute() -> Iterator[None]:
    """Codes have a limit of one a minute beside those of the hour; which of them it was is told to nobody."""
    try:
        yield
    except TooOften as refusal:
        raise Refusal(
            "验证码要得太频繁了。等一分钟再要一次；还不行，一小时后再来。一天要得太多，就要等到明天，或打电话给我们。",
            "Codes were asked for too quickly. Wait a minute and ask again; if that does not help, come back in an hour. "
            "After very many in one day, come back tomorrow or call us.",
            status=refusal.status,
        ) from refusal
