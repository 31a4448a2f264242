"""What is wrong with `[sms]` in settings.toml, all of it at once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from privacy_center.config import Settings, Sms
from privacy_center.errors import Words
from privacy_center.outbox.sms.templates import LANGUAGES, names_to_register
from privacy_center.outbox.sms.ways import CLOUDS

PLACE = "settings.toml"
Said = tuple[str, str, Words]


def sms_findings(folder: Path, settings: Settings) -> Iterator[Said]:
    """Level (`error`, `warning`), place and words of everything that keeps text messages from leaving, or makes them unsafe."""
    sms = settings.sms
    if sms.provider in CLOUDS:
        yield from _missing(sms)
        yield from _templates("sms.templates", sms.templates, every=True)
        yield from _secrets_in_the_file(folder)
    if sms.voice.templates:
        yield from _templates("sms.voice.templates", sms.voice.templates, every=False)
    if sms.provider in {"console", "file"} and settings.base_url.startswith("https://"):
        yield _warn(
            f"[sms] provider = {sms.provider} 只供试用：验证码会被写出来，能看到的人都能登录。正式使用请改为 aliyun 或 tencent。",
            f"[sms] provider = {sms.provider} is for trials: whoever reads what it writes can sign in. "
            "For real customers set aliyun or tencent.",
        )


def _missing(sms: Sms) -> Iterator[Said]:
    needed = {
        "key_id": sms.key_id.get_secret_value(),
        "key_secret": sms.key_secret.get_secret_value(),
        "sign_name": sms.sign_name,
    }
    if sms.provider == "tencent":
        needed["app_id"] = sms.app_id
    for name in (name for name, value in needed.items() if not value.strip()):
        yield _err(
            f"[sms] 缺少 {name}，短信发不出去。填写办法见 docs/messages.md。",
            f"[sms] lacks {name}, so no text message can leave. docs/messages.md says what to write.",
        )


def _templates(section: str, given: dict[str, dict[str, str]], *, every: bool) -> Iterator[Said]:
    wanted = [name for name in names_to_register() if every or "." in name]
    known = {*wanted, *(name.partition(".")[0] for name in wanted)}
    for name in sorted(set(given) - known):
        yield _err(
            f"[{section}] 没有名为 {name} 的消息。可用的名字：{'、'.join(wanted)}。",
            f"[{section}] names {name}, which is no message. Names: {', '.join(wanted)}.",
        )
    lacking = [name for name in wanted if name not in given]
    for name in (one for one in lacking if one.partition(".")[0] not in given):
        yield _err(
            f"[{section}] 缺少 {name} 的模板编号，这种消息发不出去。",
            f"[{section}] has no template for {name}, so that message cannot leave.",
        )
    unnamed = [name for name in lacking if name.partition(".")[0] in given]
    if unnamed:
        yield _warn(
            f"[{section}] 这些验证码用的是通用模板，短信里没有写明用途：{'、'.join(unnamed)}。",
            f"[{section}] These codes leave with a general template that does not say what they are for: "
            f"{', '.join(unnamed)}.",
        )
    yield from _languages(section, {name: given[name] for name in sorted(known & set(given))})


def _languages(section: str, given: dict[str, dict[str, str]]) -> Iterator[Said]:
    for name, found in given.items():
        if not found.get("zh-CN"):
            yield _err(
                f"[{section}] {name} 缺少 zh-CN 的模板编号，这种消息发不出去。",
                f"[{section}] {name} has no zh-CN template, so that message cannot leave.",
            )
        elif not all(found.get(one) for one in LANGUAGES):
            yield _warn(
                f"[{section}] {name} 没有英文模板，用英文的客户会收到中文。",
                f"[{section}] {name} has no English template; readers of English get the Chinese one.",
            )


def _secrets_in_the_file(folder: Path) -> Iterator[Said]:
    written = tomllib.loads((folder / PLACE).read_text("utf-8")).get("sms", {})
    for name in ("key_id", "key_secret"):
        if written.get(name) and "${" not in str(written[name]):
            yield _warn(
                f"[sms] {name} 直接写在 settings.toml 里。请改为 ${{环境变量名}}，并更换这把密钥。",
                f"[sms] {name} is written in settings.toml itself. Write ${{NAME_OF_A_VARIABLE}}, and replace that key.",
            )


def _err(zh: str, en: str) -> Said:
    return "error", PLACE, Words(zh, en)


def _warn(zh: str, en: str) -> Said:
    return "warning", PLACE, Words(zh, en)
