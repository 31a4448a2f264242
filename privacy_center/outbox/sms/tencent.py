"""Text messages and calls through Tencent Cloud: SMS SendSms of 2021-01-11 and VMS SendTtsVoice of 2020-09-02."""

import json
from typing import Any

from privacy_center import clock
from privacy_center.config import Sms
from privacy_center.outbox.sms.numbers import callable_e164, e164
from privacy_center.outbox.sms.post import host_of, post
from privacy_center.outbox.sms.tc3 import signed_headers
from privacy_center.outbox.sms.templates import template_id, values_of
from privacy_center.outbox.sms.trouble import ProviderTrouble, Throttled, provider_code
from privacy_center.outbox.transport import Letter, Undeliverable

TEXTS, CALLS = "https://sms.tencentcloudapi.com", "https://vms.tencentcloudapi.com"
REGION = "ap-guangzhou"
NEVER = {  # codes that speak of the number itself: https://cloud.tencent.com/document/api/382/59177
    "InvalidParameterValue.IncorrectPhoneNumber",
    "FailedOperation.PhoneNumberInBlacklist",
    "UnsupportedOperation.UnsupportedRegion",
}


class TencentTexts:
    """SendSms: one text message to one number."""

    def __init__(self, settings: Sms) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Raises `Undeliverable` when the number is refused for good, `ProviderTrouble` for everything else."""
        asked = {
            "PhoneNumberSet": [e164(letter.address)],
            "SmsSdkAppId": self._settings.app_id,
            "SignName": self._settings.sign_name,
            "TemplateId": template_id(letter, self._settings.templates),
            "TemplateParamSet": list(values_of(letter).values()),
            "SessionContext": str(letter.id),
        }
        answer = ask(self._settings, self._settings.endpoint or TEXTS, "sms", "SendSms", "2021-01-11", asked)
        states = answer.get("SendStatusSet")
        state = states[0] if isinstance(states, list) and states and isinstance(states[0], dict) else {}
        _raise_unless_taken(state.get("Code"))


class TencentCalls:
    """SendTtsVoice: a call that reads the template out, twice. It calls numbers in China only."""

    def __init__(self, settings: Sms) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Raises as `TencentTexts.send` does. A comma after each digit makes the voice read digits, not thousands."""
        voice = self._settings.voice
        values = values_of(letter)
        if "code" in values:
            values["code"] = ",".join(values["code"])
        asked = {
            "TemplateId": template_id(letter, voice.templates),
            "TemplateParamSet": list(values.values()),
            "CalledNumber": callable_e164(letter.address),
            "VoiceSdkAppid": voice.app_id or self._settings.app_id,
            "PlayTimes": 2,
            "SessionContext": str(letter.id),
        }
        answer = ask(self._settings, voice.endpoint or CALLS, "vms", "SendTtsVoice", "2020-09-02", asked)
        if not isinstance(answer.get("SendStatus"), dict):
            raise ProviderTrouble("no-status")


def ask(settings: Sms, endpoint: str, service: str, action: str, version: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Make one signed call and answer its `Response`; raises what an `Error` in it means."""
    body = json.dumps(asked, ensure_ascii=False).encode()
    headers = signed_headers(
        host=host_of(endpoint), service=service, action=action, version=version, body=body, at=clock.now(),
        region=settings.region or REGION,
        key_id=settings.key_id.get_secret_value(), key_secret=settings.key_secret.get_secret_value(),
    )  # fmt: skip
    answer = post(endpoint, "/", headers, body, settings.timeout_seconds).get("Response")
    if not isinstance(answer, dict):
        raise ProviderTrouble("no-response")
    error = answer.get("Error")
    if error is not None:
        _raise_unless_taken(error.get("Code") if isinstance(error, dict) else None)
    return answer


def _raise_unless_taken(code: object) -> None:
    """What a code means: `Ok` nothing, the number's own fault `Undeliverable`, a limit `Throttled`."""
    if code == "Ok":
        return
    if code in NEVER:
        raise Undeliverable(provider_code(code))
    if str(code).startswith(("LimitExceeded", "RequestLimitExceeded")):
        raise Throttled(code)
    raise ProviderTrouble(code)
