"""The demo's home folder: made on the first start, found as it was on every later one, thrown away on demand."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.config import Settings, load_settings
from privacy_center.db import Database
from privacy_center.db_upgrade import upgrade_database
from privacy_center.demo.company import create_company
from privacy_center.demo.held import place_story_hold
from privacy_center.demo.order_since import ask_before_the_order
from privacy_center.demo.staff import STAFF, hire_staff
from privacy_center.demo.stories import STORIES
from privacy_center.errors import Misconfigured
from privacy_center.keys.keyring import Keyring

HOME_FILES = Path(__file__).parent / "home"
MARKER = ".privacy-center-demo.json"
"""Only a folder that holds this file is ever filled or thrown away."""


@dataclass(frozen=True, slots=True)
class DemoInfo:
    """What to tell whoever started the demo. `fresh`: it was made just now."""

    home: Path
    fresh: bool
    lines: tuple[str, ...]


def prepare_demo(home: Path, at: datetime, address: str = "") -> DemoInfo:
    """A home that is ready to start: made if it is not there, else left as it is.

    `address`: where it will be found, if not where its settings say. Refuses with `Misconfigured` a folder that holds
    something else.
    """
    fresh = build_home(home, at)
    if fresh:
        ask_before_the_order(home, at)
    return DemoInfo(home, fresh, tuple(_tell(address or load_settings(home).base_url)))


def build_home(home: Path, at: datetime) -> bool:
    """Make the home's files, keys, both company databases, our own database and the staff; true where it was made anew.

    A build that was cut off is finished. The company's dates count back from the day of the first build (in Shanghai).
    """
    fresh = _claim(home, at)
    _copy_home_files(home)
    (home / "record-of-heads").mkdir(exist_ok=True, mode=0o700)
    settings = load_settings(home)
    if not (home / "keys").exists():
        _in_one_move(home / "keys", Keyring.create)
    if not (home / "company").exists():
        today = date.fromisoformat(json.loads((home / MARKER).read_text("utf-8"))["today"])
        _in_one_move(home / "company", lambda folder: _found_company(folder, today))
    _prepare_own_database(settings, at)
    return fresh


def reset_home(home: Path) -> None:
    """Throw the demo away, everything in its folder included. Refuses a folder that the demo did not make."""
    if not home.exists():
        return
    if not (home / MARKER).exists():
        raise _not_ours(home)
    shutil.rmtree(home)


def _claim(home: Path, at: datetime) -> bool:
    if (home / MARKER).exists():
        return False
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise _not_ours(home)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    today = clock.local_date(at, "Asia/Shanghai").isoformat()
    (home / MARKER).write_text(json.dumps({"made_by": "privacy-center demo", "today": today}) + "\n", "utf-8")
    return True


def _not_ours(home: Path) -> Misconfigured:
    return Misconfigured(
        f"{home} 不是演示建立的文件夹，不会动它。请换一个空文件夹。",
        f"{home} was not made by the demo and is left alone. Use an empty folder.",
    )


def _copy_home_files(home: Path) -> None:
    for source in sorted(HOME_FILES.rglob("*")):
        target = home / source.relative_to(HOME_FILES)
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _in_one_move(target: Path, make: Callable[[Path], object]) -> None:
    """Make a folder beside its place and move it there whole, so that a half-made one is never taken for a made one."""
    beside = target.with_name(f"{target.name}.making")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    make(beside)
    beside.rename(target)


def _found_company(folder: Path, today: date) -> None:
    engines = [sa.create_engine(f"sqlite:///{folder / name}.db") for name in ("shop", "crm")]
    try:
        create_company(engines[0], engines[1], today)
    finally:
        for engine in engines:
            engine.dispose()


def _prepare_own_database(settings: Settings, at: datetime) -> None:
    database = Database(settings.own_database_url, keyring=Keyring.open(settings.home / "keys"))
    try:
        upgrade_database(database)
        with database.transaction() as session:
            hire_staff(session, at)
            place_story_hold(session, settings.home / "company", at)
    finally:
        database.close()


def _tell(address: str) -> list[str]:
    lines = [
        "",
        f"  青禾隐私中心（演示）    {address}/",
        "  Qinghe privacy center, a demo. Everybody in it is made up.",
        "",
        f"  验证码和消息 / codes and messages   {address}/demo/mailbox",
        f"  试什么 / what to try                {address}/demo/people",
        "",
        "  顾客 / customers: sign in with",
    ]
    lines += [f"    {one.contact:<27}{one.name}  {one.title.zh} / {one.title.en}" for one in STORIES]
    lines += ["", f"  员工 / staff: {address}/staff/   密码 / password: {STAFF[0].password}"]
    lines += [f"    {one.number}  {one.name}  {one.what_they_do.zh} / {one.what_they_do.en}" for one in STAFF]
    lines += [
        f"    动态码 / app codes: {address}/demo/people",
        "",
        "  Ctrl-C 停止，再启动数据还在 / stops; data stays.",
        "",
    ]
    return lines
