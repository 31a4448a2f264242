"""Which way text messages and calls leave, as `[sms]` in settings.toml says."""

from collections.abc import Callable
from pathlib import Path

from privacy_center.config import Sms
from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.sms.aliyun import AliyunCalls, AliyunTexts
from privacy_center.outbox.sms.tencent import TencentCalls, TencentTexts
from privacy_center.outbox.sms.trial import ConsoleTexts, FileTexts
from privacy_center.outbox.transport import Transport

CLOUDS: dict[str, tuple[Callable[[Sms], Transport], Callable[[Sms], Transport]]] = {
    "aliyun": (AliyunTexts, AliyunCalls),
    "tencent": (TencentTexts, TencentCalls),
}


def sms_transports(sms: Sms, home: Path) -> dict[MessageKind, Transport]:
    """A transport for text messages where there is a provider, and one for calls where voice templates are set."""
    if sms.provider in CLOUDS:
        texts, calls = CLOUDS[sms.provider]
        found: dict[MessageKind, Transport] = {MessageKind.SMS: texts(sms)}
        return found | ({MessageKind.VOICE: calls(sms)} if sms.voice.templates else {})
    if sms.provider:
        trial: Transport = ConsoleTexts() if sms.provider == "console" else FileTexts(home / sms.file)
        return {MessageKind.SMS: trial, MessageKind.VOICE: trial}
    return {}


def can_call(sms: Sms, *, demo: bool = False) -> bool:
    """Whether a code can be read out by a call."""
    return demo or MessageKind.VOICE in sms_transports(sms, Path())
