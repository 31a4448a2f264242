"""Text messages and calls through Alibaba Cloud: Dysmsapi SendSms and Dyvmsapi SingleCallByTts, both of 2017-05-25."""

import json

from privacy_center import clock
from privacy_center.config import Sms
from privacy_center.outbox.sms.acs3 import canonical_query, signed_headers
from privacy_center.outbox.sms.numbers import callable_e164, e164
from privacy_center.outbox.sms.post import host_of, post
from privacy_center.outbox.sms.templates import template_id, values_of
from privacy_center.outbox.sms.trouble import ProviderTrouble, Throttled, provider_code
from privacy_center.outbox.transport import Letter, Undeliverable

TEXTS, CALLS = "https://dysmsapi.aliyuncs.com", "https://dyvmsapi.aliyuncs.com"
VERSION = "2017-05-25"
NEVER = {  # codes that speak of the number itself: https://help.aliyun.com/document_detail/101346.html
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    "isv.INTERNATIONAL_NUMBER_NOT_SUPPORTED",
    "isv.BLACK_KEY_CONTROL_LIMIT",
}
LATER = {"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL", "SignatureNonceUsed"}


class AliyunTexts:
    """SendSms: one text message to one number."""

    def __init__(self, settings: Sms) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Raises `Undeliverable` when the number is refused for good, `ProviderTrouble` for everything else."""
        query = {
            "PhoneNumbers": e164(letter.address).removeprefix("+"),
            "SignName": self._settings.sign_name,
            "TemplateCode": template_id(letter, self._settings.templates),
            "TemplateParam": _as_json(letter),
            "OutId": str(letter.id),
        }
        ask(self._settings, self._settings.endpoint or TEXTS, "SendSms", query)


class AliyunCalls:
    """SingleCallByTts: a call that reads the template out, twice. It calls numbers in China only."""

    def __init__(self, settings: Sms) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Raises as `AliyunTexts.send` does."""
        voice = self._settings.voice
        query = {
            "CalledNumber": callable_e164(letter.address).removeprefix("+86"),
            "TtsCode": template_id(letter, voice.templates),
            "TtsParam": _as_json(letter),
            "PlayTimes": "2",
            "OutId": str(letter.id)[:15],
        }
        if voice.show_number:
            query["CalledShowNumber"] = voice.show_number
        ask(self._settings, voice.endpoint or CALLS, "SingleCallByTts", query)


def ask(settings: Sms, endpoint: str, action: str, values: dict[str, str]) -> None:
    """Make one signed call, and raise what the answer's `Code` means unless it is OK."""
    query = canonical_query(values | ({"RegionId": settings.region} if settings.region else {}))
    headers = signed_headers(
        host=host_of(endpoint), action=action, version=VERSION, query=query, at=clock.now(),
        key_id=settings.key_id.get_secret_value(), key_secret=settings.key_secret.get_secret_value(),
    )  # fmt: skip
    code = post(endpoint, f"/?{query}", headers, b"", settings.timeout_seconds).get("Code")
    if code == "OK":
        return
    if code in NEVER:
        raise Undeliverable(provider_code(code))
    if code in LATER or str(code).startswith("Throttling"):
        raise Throttled(code)
    raise ProviderTrouble(code)


def _as_json(letter: Letter) -> str:
    return json.dumps(values_of(letter), ensure_ascii=False, separators=(",", ":"))
