"""Text messages and calls through the two providers, against stand-ins that check every signature."""

import io
import json
import logging
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from privacy_center.config import Settings, Sms
from privacy_center.outbox.deliver import deliver_due
from privacy_center.outbox.models import MessageKind, MessageState, OutboxMessage
from privacy_center.outbox.queue import put_message
from privacy_center.outbox.sms import acs3, tc3
from privacy_center.outbox.sms.check import sms_findings
from privacy_center.outbox.sms.templates import names_to_register, parameters_of, words_to_register
from privacy_center.outbox.sms.trial import ConsoleTexts
from privacy_center.outbox.sms.trouble import ProviderTrouble, Throttled
from privacy_center.outbox.sms.ways import sms_transports
from privacy_center.outbox.transport import Letter, Undeliverable
from privacy_center.outbox.words import write_words
from tests import sms_providers
from tests.sms_providers import KEY_ID, KEY_SECRET, Received, Wrong, check_acs3, check_tc3

PHONE = "13800138000"
CONTEXT = {
    "code": "493021", "minutes": 10, "action": "delete", "action_zh": "删除您的信息",
    "action_en": "deleting your information", "domain": "privacy.example.com",
}  # fmt: skip
TEMPLATES = {
    "sign_in_code": {"zh-CN": "T1", "en": "T2"},
    "sign_in_code.delete": {"zh-CN": "T3", "en": "T4"},
    "notice": {"zh-CN": "T5", "en": "T6"},
}


@pytest.fixture(params=["aliyun", "tencent"])
def cloud(request):
    with getattr(sms_providers, request.param)() as stand_in:
        stand_in.name = request.param
        yield stand_in


def settings_for(cloud, **more):
    voice = {"templates": {"sign_in_code": {"zh-CN": "V1"}}, "endpoint": cloud.url, "show_number": "01088886666"}
    given = {
        "provider": cloud.name, "endpoint": cloud.url, "key_id": KEY_ID, "key_secret": KEY_SECRET, "sign_name": "某某公司",
        "app_id": "1400006666", "templates": TEMPLATES, "voice": voice, "region": "",
    }  # fmt: skip
    return Sms.model_validate(given | more)


def ways(cloud, tmp_path, **more):
    return sms_transports(settings_for(cloud, **more), tmp_path)


def letter(address=PHONE, language="zh-CN", template="sign_in_code", context=CONTEXT):
    title, body = (words.spoken(language) for words in write_words(template, context))
    return Letter(uuid.uuid4(), MessageKind.SMS, address, language, title, body, template, context)


def send(cloud, tmp_path, kind=MessageKind.SMS, one=None, **more):
    ways(cloud, tmp_path, **more)[kind].send(one or letter())


# The signatures


def test_our_signature_for_aliyun_is_the_published_one_and_so_is_the_stand_ins():
    """The worked example of the provider's page, 'fixed parameters'."""
    values = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    at, query = datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC), acs3.canonical_query(values)
    headers = acs3.signed_headers(
        host="ecs.cn-shanghai.aliyuncs.com", action="RunInstances", version="2014-05-26", query=query, at=at,
        key_id="YourAccessKeyId", key_secret="YourAccessKeySecret", nonce="3156853299f313e23d1673dc12e1703d",
    )  # fmt: skip
    published = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    assert headers["Authorization"].endswith(
        f"SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        f"Signature={published}"
    )
    heard = {name.lower(): value for name, value in headers.items()}
    heard["authorization"] = heard["authorization"].replace("YourAccessKeyId", KEY_ID)
    assert check_acs3(Received("POST", "/", query, heard, b""), "YourAccessKeySecret", at, set()) == values


def test_our_signature_for_tencent_is_the_published_one_and_so_is_the_stand_ins():
    """The worked example of the provider's page; its secret is printed there as 32 stars, and is 32 stars."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    at, secret = datetime.fromtimestamp(1551113065, UTC), "*" * 32
    headers = tc3.signed_headers(
        host="cvm.tencentcloudapi.com", service="cvm", action="DescribeInstances", version="2017-03-12",
        region="ap-guangzhou", body=body, key_id=KEY_ID, key_secret=secret, at=at,
    )  # fmt: skip
    signing = "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af"
    assert tc3.signing_key(secret, "2019-02-25", "cvm").hex() == signing
    published = "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    assert headers["Authorization"].endswith(f"Signature={published}")
    heard = {name.lower(): value for name, value in headers.items()}
    assert check_tc3(Received("POST", "/", "", heard, body), secret, at)["Limit"] == 1


def test_a_wrong_key_is_refused_and_the_letter_is_tried_again(cloud, tmp_path):
    for wrong in ({"key_secret": "another secret"}, {"key_id": "another-id"}):
        with pytest.raises(ProviderTrouble, match=r"Signature|NotFound"):
            send(cloud, tmp_path, **wrong)
    assert cloud.taken == []


def test_an_old_signature_is_refused(cloud, tmp_path):
    for ahead in (timedelta(minutes=20), -timedelta(minutes=20)):
        cloud.ahead = ahead
        with pytest.raises(ProviderTrouble, match="Expire"):
            send(cloud, tmp_path)
    assert cloud.taken == []


def test_a_request_that_was_changed_on_its_way_is_refused(cloud, tmp_path):
    send(cloud, tmp_path)
    came, now = cloud.received[0], cloud.now()
    said = came.query + came.body.decode()
    for was, becomes in ((PHONE, "13900139000"), ("493021", "111111"), ("T3", "T5")):
        assert was in said
        changed = Received(
            came.method, came.path, came.query.replace(was, becomes), came.headers,
            came.body.replace(was.encode(), becomes.encode()),
        )  # fmt: skip
        with pytest.raises(Wrong, match="Signature"):
            check_acs3(changed, KEY_SECRET, now, set()) if came.query else check_tc3(changed, KEY_SECRET, now)
    other = Received(came.method, came.path, came.query, {**came.headers, "host": "elsewhere.example"}, came.body)
    with pytest.raises(Wrong, match="Signature"):
        check_acs3(other, KEY_SECRET, now, set()) if came.query else check_tc3(other, KEY_SECRET, now)


def test_a_nonce_works_once():
    with sms_providers.aliyun() as cloud:
        cloud.name = "aliyun"
        sms_transports(settings_for(cloud), None)[MessageKind.SMS].send(letter())
        sms_transports(settings_for(cloud), None)[MessageKind.SMS].send(letter())
        first, second = (one.headers["x-acs-signature-nonce"] for one in cloud.received)
        assert first != second
        with pytest.raises(Wrong, match="NonceUsed"):
            check_acs3(cloud.received[0], KEY_SECRET, cloud.now(), cloud.nonces)


# What is sent


def test_a_code_reaches_the_provider_with_number_template_and_values(cloud, tmp_path):
    send(cloud, tmp_path)
    (taken,) = cloud.taken
    if cloud.name == "aliyun":
        assert (taken["action"], taken["version"]) == ("SendSms", "2017-05-25")
        assert (taken["PhoneNumbers"], taken["SignName"], taken["TemplateCode"]) == ("86" + PHONE, "某某公司", "T3")
        assert json.loads(taken["TemplateParam"]) == {"code": "493021", "minutes": "10"}
    else:
        assert (taken["action"], taken["version"]) == ("SendSms", "2021-01-11")
        assert (taken["PhoneNumberSet"], taken["SignName"], taken["TemplateId"]) == (["+86" + PHONE], "某某公司", "T3")
        assert (taken["TemplateParamSet"], taken["SmsSdkAppId"]) == (["493021", "10"], "1400006666")


def test_the_template_follows_action_and_language(cloud, tmp_path):
    notice = {
        "reference": "PR-1",
        "site": "https://privacy.example.com",
        "stop": "https://privacy.example.com/not-me/T",
    }
    letters = [
        letter(language="en"),
        letter(language="zh-TW", context=CONTEXT | {"action": "reveal"}),
        letter(template="notice", context=notice),
    ]
    for one in letters:
        send(cloud, tmp_path, one=one)
    assert [one.get("TemplateCode") or one.get("TemplateId") for one in cloud.taken] == ["T4", "T1", "T5"]
    values = cloud.taken[2].get("TemplateParam") or cloud.taken[2]["TemplateParamSet"]
    assert values in ('{"reference":"PR-1"}', ["PR-1"])


def test_a_number_from_abroad_keeps_its_country(cloud, tmp_path):
    send(cloud, tmp_path, one=letter("+85251234567"))
    (taken,) = cloud.taken
    assert (taken.get("PhoneNumbers") or taken["PhoneNumberSet"]) in ("85251234567", ["+85251234567"])


@pytest.mark.parametrize("number", ["01088886666", "12", "nobody", ""])
def test_what_takes_no_text_message_is_never_asked_for(cloud, tmp_path, number):
    with pytest.raises(Undeliverable):
        send(cloud, tmp_path, one=letter(number))
    assert cloud.received == []


def test_a_code_is_read_out_by_a_call_digit_by_digit(cloud, tmp_path):
    send(cloud, tmp_path, kind=MessageKind.VOICE)
    (taken,) = cloud.taken
    if cloud.name == "aliyun":
        assert (taken["action"], taken["CalledNumber"], taken["TtsCode"]) == ("SingleCallByTts", PHONE, "V1")
        assert taken["CalledShowNumber"] == "01088886666"
    else:
        assert (taken["action"], taken["version"]) == ("SendTtsVoice", "2020-09-02")
        assert (taken["CalledNumber"], taken["TemplateParamSet"][0]) == ("+86" + PHONE, "4,9,3,0,2,1")
    with pytest.raises(Undeliverable, match="china"):
        send(cloud, tmp_path, kind=MessageKind.VOICE, one=letter("+85251234567"))


def test_without_voice_templates_nobody_is_called(cloud, tmp_path):
    assert set(ways(cloud, tmp_path, voice={})) == {MessageKind.SMS}


# What goes wrong

THROTTLED = {"aliyun": "isv.BUSINESS_LIMIT_CONTROL", "tencent": "LimitExceeded.PhoneNumberDailyLimit"}
FLOODED = {"aliyun": "Throttling.User", "tencent": "RequestLimitExceeded"}
NEVER = {"aliyun": "isv.MOBILE_NUMBER_ILLEGAL", "tencent": "FailedOperation.PhoneNumberInBlacklist"}
MONEY = {"aliyun": "isv.OUT_OF_SERVICE", "tencent": "FailedOperation.InsufficientBalanceInSmsPackage"}


def test_the_providers_codes_say_whether_to_try_again(cloud, tmp_path):
    for codes, kind in ((THROTTLED, Throttled), (FLOODED, Throttled), (NEVER, Undeliverable), (MONEY, ProviderTrouble)):
        cloud.next.append(codes[cloud.name])
        with pytest.raises(kind, match=re.escape(codes[cloud.name])) as raised:
            send(cloud, tmp_path)
        assert PHONE not in str(raised.value) and "493021" not in str(raised.value)


@pytest.mark.parametrize(
    ("does", "said"), [("!broken", "http-503"), ("!redirect", "redirect"), ("!huge", "answer-too-long")]
)
def test_other_answers_are_no_answer(cloud, tmp_path, does, said):
    cloud.next.append(does)
    with pytest.raises(ProviderTrouble, match=said):
        send(cloud, tmp_path)
    assert len(cloud.received) == 1
    send(cloud, tmp_path)
    assert len(cloud.taken) == 1


@pytest.mark.parametrize("does", ["!silence", "!drip"])
def test_a_provider_that_does_not_come_to_an_end_is_left(cloud, tmp_path, does):
    cloud.next.append(does)
    with pytest.raises((OSError, ProviderTrouble)):
        send(cloud, tmp_path, timeout_seconds=0.3)


def test_nobody_at_home_is_an_ordinary_failure(cloud, tmp_path):
    with pytest.raises(OSError):
        send(cloud, tmp_path, endpoint="http://127.0.0.1:1")


def test_throttled_and_broken_messages_go_later_and_a_refused_number_waits_for_a_person(own, at, cloud, tmp_path):
    with own.transaction() as session:
        put_message(
            session, kind=MessageKind.SMS, address=PHONE, template="sign_in_code", context=CONTEXT, dedupe_key="k1",
            language="zh-CN", at=at, expires_at=at + timedelta(minutes=10),
        )  # fmt: skip
    cloud.next += [THROTTLED[cloud.name], "!broken", NEVER[cloud.name]]
    seen = []
    for minutes in (0, 1, 3):
        deliver_due(own, ways(cloud, tmp_path), at + timedelta(minutes=minutes))
        with own.reading() as session:
            one = session.scalars(sa.select(OutboxMessage)).one()
            seen.append((one.state, one.last_error))
    assert seen == [
        (MessageState.WAITING, f"Throttled {THROTTLED[cloud.name]}"),
        (MessageState.WAITING, "ProviderTrouble http-503"),
        (MessageState.PARKED, f"the address was refused {NEVER[cloud.name]}"),
    ]


def test_secrets_numbers_and_codes_are_not_logged(cloud, tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    cloud.next.append(MONEY[cloud.name])
    with pytest.raises(ProviderTrouble):
        send(cloud, tmp_path)
    send(cloud, tmp_path)
    said = caplog.text + "".join(capsys.readouterr()) + repr(settings_for(cloud)) + repr(letter().context is None)
    assert not any(secret in said for secret in (KEY_SECRET, PHONE, "493021"))
    assert KEY_SECRET.encode() not in b"".join(repr(one).encode() for one in cloud.received)


# For trying


def test_the_console_and_the_file_show_the_whole_message_with_the_line_that_phones_read(tmp_path):
    out = io.StringIO()
    ConsoleTexts(out).send(letter())
    assert out.getvalue().rstrip().splitlines()[-1] == "@privacy.example.com #493021"
    assert "删除您的信息" in out.getvalue()
    file = sms_transports(Sms(provider="file", file="texts.jsonl"), tmp_path)
    for kind in (MessageKind.SMS, MessageKind.VOICE):
        file[kind].send(letter())
    written = tmp_path / "texts.jsonl"
    lines = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    assert [one["to"] for one in lines] == [PHONE, PHONE]
    assert written.stat().st_mode & 0o777 == 0o600


# Settings


@pytest.mark.parametrize(
    "endpoint",
    ["http://sms.example.com", "https://", "ftp://127.0.0.1", "https://a.example/path", "https://u@a.example"],
)
def test_an_endpoint_is_https_or_this_machine(endpoint):
    with pytest.raises(ValueError, match="write https://HOST"):
        Sms(endpoint=endpoint)
    with pytest.raises(ValueError, match="write https://HOST"):
        Sms.model_validate({"voice": {"endpoint": endpoint}})


def said_by_check(folder, written, **more):
    (folder / "settings.toml").write_text(written, "utf-8")
    settings = Settings.model_validate({"home": folder, **more})
    return [(level, words.en) for level, _, words in sms_findings(folder, settings)]


def test_check_tells_what_the_section_lacks(cloud, tmp_path):
    assert said_by_check(tmp_path, "", sms={}) == []
    every = {name: {"zh-CN": "T1", "en": "T2"} for name in names_to_register()}
    whole = settings_for(cloud).model_dump() | {
        "key_id": KEY_ID,
        "key_secret": KEY_SECRET,
        "voice": {},
        "templates": every,
    }
    assert said_by_check(tmp_path, '[sms]\nkey_id = "${A}"\nkey_secret = "${B}"\n', sms=whole) == []
    bare = said_by_check(tmp_path, '[sms]\nkey_secret = "abc"\n', sms={"provider": cloud.name})
    lacks = ("key_id", "key_secret", "sign_name", "app_id", "sign_in_code.delete", "notice")
    assert {name for name in lacks if any(name in words for _, words in bare)} == set(lacks) - (
        {"app_id"} if cloud.name == "aliyun" else set()
    )
    assert (
        "warning",
        "[sms] key_secret is written in settings.toml itself. Write ${NAME_OF_A_VARIABLE}, and replace that key.",
    ) in bare
    odd = said_by_check(tmp_path, "", sms=whole | {"templates": every | {"sign_in_cod": {"zh-CN": "T"}}})
    assert [level for level, _ in odd] == ["error"] and "sign_in_cod," in odd[0][1]
    general = {name.partition(".")[0]: {"zh-CN": "T", "en": "T"} for name in names_to_register()}
    general |= {"sign_in_code": {"zh-CN": "T"}, "notice": {"en": "T"}}
    general = said_by_check(tmp_path, "", sms=whole | {"templates": general})
    assert [level for level, _ in general] == ["warning", "error", "warning"]
    assert "sign_in_code.delete" in general[0][1] and "notice" in general[1][1] and "no English" in general[2][1]


def test_check_warns_of_a_trial_way_on_a_public_address(tmp_path):
    trial = {"sms": {"provider": "console"}}
    assert said_by_check(tmp_path, "", **trial) == []
    (found,) = said_by_check(tmp_path, "", base_url="https://privacy.example.com", **trial)
    assert found[0] == "warning" and "trials" in found[1]


def test_the_texts_to_register_name_the_action_and_hold_digits_only():
    names = list(names_to_register())
    assert {"sign_in_code.sign_in", "sign_in_code.delete", "notice"} <= set(names)
    assert parameters_of("sign_in_code") == ["code", "minutes"]
    said = words_to_register("sign_in_code.delete", "zh-CN", "aliyun", "https://privacy.example.com")
    assert said == "验证码 ${code}，用于删除您的信息，${minutes} 分钟内有效。如非本人操作，不必理会，也不要告诉任何人。"
    assert "{1}" in words_to_register("sign_in_code.delete", "en", "tencent", "x")
    assert "https://p.example" in words_to_register("notice", "en", "tencent", "https://p.example")
