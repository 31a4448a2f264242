"""Settings: one home folder, one `settings.toml` in it, secrets from the environment."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from privacy_center.errors import Misconfigured

DEFAULT_HOME = "./instance"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


def endpoint_is_safe(endpoint: str) -> str:
    """An address to send messages to, as it was given; refuses all but https, save on this machine itself."""
    parts = urlsplit(endpoint)
    loopback = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    whole = parts.hostname and parts.path in {"", "/"} and not (parts.query or parts.username)
    if endpoint and not (whole and (parts.scheme == "https" or (parts.scheme == "http" and loopback))):
        raise ValueError("write https://HOST (http:// only for this machine), nothing after the host")
    return endpoint


class Company(_Part):
    """Who answers: shown on every page and in every letter."""

    name: dict[str, str] = Field(default_factory=lambda: {"zh-CN": "我们公司", "en": "Our company"})
    short_name: dict[str, str] = Field(default_factory=lambda: {"zh-CN": "我们", "en": "Us"})
    hotline: str = ""
    hotline_hours: dict[str, str] = Field(default_factory=lambda: {"zh-CN": "", "en": ""})
    officer: str = ""
    officer_email: str = ""
    address: dict[str, str] = Field(default_factory=lambda: {"zh-CN": "", "en": ""})


class Mail(_Part):
    """The SMTP server through which messages leave; no host means no e-mail leaves."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "privacy@localhost"
    starttls: bool = False


class KekSettings(_Part):
    """Where the key-encryption key comes from: a file (default: `keys/kek.key`), an environment variable, or a command."""

    file: str = ""
    env: str = ""
    command: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_place(self) -> "KekSettings":
        if sum(map(bool, (self.file, self.env, self.command))) > 1:
            raise ValueError("name one of file, env and command")
        return self


class KeySettings(_Part):
    """`store`: where the keys of data subjects are kept, when not in `keys/subjects.db`: a URL, never of our own database."""

    store: str = ""
    kek: KekSettings = KekSettings()


class Voice(_Part):
    """Codes read out by a call, for those who cannot read a text message; no templates means no calls."""

    templates: dict[str, dict[str, str]] = Field(default_factory=dict)
    endpoint: str = ""
    app_id: str = ""
    show_number: str = ""

    _endpoint = field_validator("endpoint")(endpoint_is_safe)


class Sms(_Part):
    """The provider through which text messages leave; no provider means none leave. See docs/messages.md."""

    provider: Literal["", "console", "file", "aliyun", "tencent"] = ""
    key_id: SecretStr = SecretStr("")
    key_secret: SecretStr = SecretStr("")
    sign_name: str = ""
    app_id: str = ""
    region: str = Field(default="", pattern=r"^[a-z0-9-]{0,40}$")
    endpoint: str = ""
    timeout_seconds: float = Field(default=10, gt=0, le=60)
    file: str = "messages.jsonl"
    templates: dict[str, dict[str, str]] = Field(default_factory=dict)
    voice: Voice = Voice()

    _endpoint = field_validator("endpoint")(endpoint_is_safe)


class Oidc(_Part):
    """Signing in with the company's own accounts (OpenID Connect); no issuer means there is no such button.

    `claims`: claim → kind of identity. See docs/identity.md.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    name: dict[str, str] = Field(default_factory=lambda: {"zh-CN": "公司账号", "en": "the company account"})
    scopes: list[str] = Field(default_factory=lambda: ["openid", "email", "phone"])
    claims: dict[str, str] = Field(default_factory=lambda: {"email": "email", "phone_number": "phone_number"})

    @field_validator("issuer")
    @classmethod
    def _safe_issuer(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        loopback = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if issuer and (parts.query or not (parts.scheme == "https" or (parts.scheme == "http" and loopback))):
            raise ValueError("write https://… as the provider says it (http:// only for this machine)")
        return issuer


class Orders(_Part):
    """Who has no account signs in by order number and contact: `dataset.collection.field` of each. See docs/identity.md."""

    number: str = ""
    contacts: list[str] = Field(default_factory=list)


class Risk(_Part):
    """`phone_changed_at`: the `dataset.collection.field` that says when a customer's phone number was last changed.

    `people_on_one_device`: how many people who signed in with one browser within 30 days are a sign of risk.
    """

    phone_changed_at: str = ""
    people_on_one_device: int = Field(default=4, ge=2)


SecondGround = Literal[
    "refusal", "overrides", "unclear", "sensitive", "account", "counter", "level", "rows", "child", "age", "extension"
]  # fmt: skip


class SecondReview(_Part):
    """Where a company lets one person decide although the default is two: `alone`, and `reason`, which pages show."""

    alone: list[SecondGround] = Field(default_factory=list)
    reason: str = Field(default="", max_length=300)


class AuditSettings(_Part):
    """Where the signed heads of the record go every hour: a folder of one's own, a command that reads them, or both.

    A folder that is not absolute is taken from the home.
    """

    export: str = ""
    command: list[str] = Field(default_factory=list)

    @property
    def is_set(self) -> bool:
        """Whether heads leave the house at all."""
        return bool(self.export or self.command)


class Settings(_Part):
    """Everything that differs between two installations. Defaults are the safe ones."""

    home: Path
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8765"
    listen: str = "127.0.0.1:8765"
    timezone: str = "Asia/Shanghai"
    fiscal_year_start: str = "01-01"
    jurisdiction: str = "CN"
    flags: list[str] = Field(default_factory=list)
    cooling_off_days: int = Field(default=7, ge=0, le=15)
    secure_cookies: bool = True
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    require_second_approval: bool = True
    second_approval_reason: str = Field(default="", max_length=300)
    metrics_token: SecretStr = SecretStr("")
    evidence_largest_mb: int = Field(default=8, ge=1, le=20)
    sweep_hour: int = Field(default=3, ge=0, le=23)
    demo: bool = False
    company: Company = Company()
    mail: Mail = Mail()
    audit: AuditSettings = AuditSettings()
    access_log_months: int = Field(default=36, ge=6, le=600)
    levels: dict[str, Literal["V0", "V1", "V2", "V3"]] = Field(default_factory=dict)
    oidc: Oidc = Oidc()
    orders: Orders = Orders()
    risk: Risk = Risk()
    sms: Sms = Sms()
    keys: KeySettings = KeySettings()
    second_review: SecondReview = SecondReview()

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"there is no time zone {name}; write one such as Asia/Shanghai") from error
        return name

    @property
    def own_database_url(self) -> str:
        """The URL of the privacy center's own database: the one that is set, else a SQLite file in the home."""
        return self.database_url or f"sqlite:///{self.home / 'privacy-center.db'}"


def find_home(given: str | os.PathLike[str] | None = None) -> Path:
    """The home folder: what was given, else PRIVACY_CENTER_HOME, else ./instance."""
    return Path(given or os.environ.get("PRIVACY_CENTER_HOME") or DEFAULT_HOME).resolve()


def load_settings(home: Path) -> Settings:
    """Settings from `settings.toml` in the home; `${NAME}` comes from the environment.

    Refuses with `Misconfigured` what it cannot read, an unknown key, a wrong type, or a name the environment lacks.
    """
    path = home / "settings.toml"
    try:
        raw = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
        settings = Settings(home=home, **fill_from_environment(raw, path.name))
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path.name} 读不懂：{error}", f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Misconfigured(f"{path.name} 有误：{said}", f"{path.name} is wrong: {said}") from error
    if settings.audit.export:
        settings.audit.export = str(home / settings.audit.export)
    return settings


def fill_from_environment(value: Any, file: str) -> Any:
    """The same structure with every `${NAME}` replaced from the environment; refuses a name that is not set."""
    if isinstance(value, dict):
        return {key: fill_from_environment(inner, file) for key, inner in value.items()}
    if isinstance(value, list):
        return [fill_from_environment(inner, file) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: _from_environment(match[1], file), value)
    return value


def _from_environment(name: str, file: str) -> str:
    if name not in os.environ:
        raise Misconfigured(
            f"{file} 用到环境变量 {name}，但没有设置。请设置后再启动。",
            f"{file} uses the environment variable {name}, which is not set. Set it and start again.",
        )
    return os.environ[name]
