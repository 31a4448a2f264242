"""`privacy-center messages`: try a provider, and print what to register."""

import json
from pathlib import Path

import pytest

from privacy_center.cli import main
from privacy_center.home.make import make_home
from privacy_center.outbox.sms.templates import LANGUAGES, names_to_register, words_to_register
from tests import sms_providers
from tests.sms_providers import KEY_ID, KEY_SECRET

DOCUMENT = Path(__file__).parents[3] / "docs" / "messages.md"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home as `init` makes it, on Aliyun's stand-in."""
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("SMS_ID", KEY_ID)
    monkeypatch.setenv("SMS_SECRET", KEY_SECRET)
    make_home(tmp_path / "home")
    return tmp_path / "home"


def use(home, section):
    path = home / "settings.toml"
    path.write_text(path.read_text("utf-8").partition("[sms]")[0] + section, "utf-8")


def test_a_trial_message_goes_through_the_provider_that_is_set(home, capsys):
    with sms_providers.aliyun() as cloud:
        use(
            home,
            f'[sms]\nprovider = "aliyun"\nkey_id = "${{SMS_ID}}"\nkey_secret = "${{SMS_SECRET}}"\nsign_name = "某某"\n'
            f'endpoint = "{cloud.url}"\n[sms.templates]\nsign_in_code = {{"zh-CN" = "T1"}}\n'
            f'[sms.voice]\nendpoint = "{cloud.url}"\n[sms.voice.templates]\nsign_in_code = {{"zh-CN" = "V1"}}\n',
        )
        assert main(["messages", "test", "--home", str(home), "--to", "138 0013 8000"]) == 0
        assert main(["messages", "test", "--home", str(home), "--to", "13800138000", "--voice"]) == 0
        cloud.next.append("isv.OUT_OF_SERVICE")
        assert main(["messages", "test", "--home", str(home), "--to", "13800138000"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "sms → 138****8000: sent", "voice → 138****8000: sent", "sms → 138****8000: isv.OUT_OF_SERVICE",
    ]  # fmt: skip
    assert [one["action"] for one in cloud.taken] == ["SendSms", "SingleCallByTts"]
    assert KEY_SECRET not in said.out + said.err


def test_without_a_way_out_it_says_what_to_set(home, capsys):
    assert main(["messages", "test", "--home", str(home), "--to", "13800138000"]) == 1
    assert "[sms]" in capsys.readouterr().err
    assert main(["messages", "test", "--home", str(home), "--to", "someone@example.com"]) == 1
    assert "[mail]" in capsys.readouterr().err


def test_check_tells_what_is_wrong_with_the_section(home, capsys):
    use(home, '[sms]\nprovider = "aliyun"\nkey_secret = "abc"\n')
    assert main(["check", "--home", str(home)]) == 1
    said = capsys.readouterr().out
    assert "[sms] lacks key_id" in said and "key_secret is written in settings.toml" in said and "abc" not in said
    use(home, '[sms]\nendpoint = "http://sms.example.com"\n')
    assert main(["check", "--home", str(home)]) == 1
    assert "https://HOST" in capsys.readouterr().out


def test_the_texts_to_register_are_printed_and_documented(home, capsys):
    assert main(["messages", "templates", "--home", str(home), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {one["template"] for one in printed} == set(names_to_register())
    document = DOCUMENT.read_text("utf-8")
    for name in names_to_register():
        for language in LANGUAGES:
            assert words_to_register(name, language, "aliyun", "https://privacy.example.com") in document, name
