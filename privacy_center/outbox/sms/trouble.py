"""What a provider of text messages may answer instead of yes."""

import re

CODE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


class ProviderTrouble(Exception):
    """The provider did not take the message, and may take it later. `code` is its own word for why, and nothing else.

    The sentence that comes with it is left behind: it may repeat the number.
    """

    def __init__(self, code: object) -> None:
        self.code = code if isinstance(code, str) and CODE.fullmatch(code) else "unreadable"
        super().__init__(self.code)


class Throttled(ProviderTrouble):
    """Too many messages for this number, this hour or this account: it is tried again with growing pauses."""


def provider_code(code: object) -> str:
    """The provider's own word for what went wrong, if it is a word."""
    return ProviderTrouble(code).code
