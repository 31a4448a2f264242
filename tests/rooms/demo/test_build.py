"""The demo's home is made once, found again, and nothing of anybody else's is ever touched."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privacy_center.config import load_settings
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.datamap.compare import compare_with_live
from privacy_center.datamap.load import load_map
from privacy_center.db import Database
from privacy_center.demo.build import HOME_FILES, MARKER, build_home, prepare_demo, reset_home
from privacy_center.demo.schema import CRM, SHOP
from privacy_center.demo.staff import STAFF, DemoStaff
from privacy_center.demo.stories import STORIES
from privacy_center.errors import Misconfigured
from privacy_center.keys.keyring import Keyring
from privacy_center.people.staff.passwords import check_password
from privacy_center.people.staff.roster import find_staff, is_same_person
from privacy_center.people.staff.second_factor import check_totp
from privacy_center.sources.config import load_sources
from privacy_center.sources.open import Sources

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes") / "demo"
    assert prepare_demo(folder, AT).fresh
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Every file with the digest of what is in it; a database's working files do not count."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm")))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_second_start_changes_nothing(home: Path) -> None:
    before = contents(home)
    again = prepare_demo(home, AT + timedelta(days=3))
    assert not again.fresh
    assert contents(home) == before


def test_the_first_words_name_the_address_the_mailbox_and_everybody_to_sign_in_as(home: Path) -> None:
    said = "\n".join(prepare_demo(home, AT).lines)
    assert "http://127.0.0.1:8765/demo/mailbox" in said
    assert all(one.contact in said for one in STORIES)
    assert all(one.number in said for one in STAFF)
    elsewhere = "\n".join(prepare_demo(home, AT, "http://127.0.0.1:9001").lines)
    assert "http://127.0.0.1:9001/demo/mailbox" in elsewhere and "8765" not in elsewhere


def test_signed_heads_of_the_record_go_to_a_folder_of_the_home(home: Path) -> None:
    assert load_settings(home).audit.export == str(home / "record-of-heads") and (home / "record-of-heads").is_dir()


def test_a_build_that_was_cut_off_is_finished(tmp_path: Path) -> None:
    build_home(tmp_path / "demo", AT)
    for name in ("keys", "company"):
        (tmp_path / "demo" / name).rename(tmp_path / name)
        (tmp_path / "demo" / f"{name}.making").mkdir()
    (tmp_path / "demo" / "privacy-center.db").unlink()
    assert not build_home(tmp_path / "demo", AT)
    assert (tmp_path / "demo" / "company" / "shop.db").exists()
    assert not (tmp_path / "demo" / "company.making").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for touch in (lambda: build_home(tmp_path, AT), lambda: reset_home(tmp_path)):
        with pytest.raises(Misconfigured):
            touch()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_reset_takes_away_what_the_demo_made(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / MARKER).write_text("{}")
    reset_home(tmp_path / "demo")
    assert not (tmp_path / "demo").exists()
    reset_home(tmp_path / "demo")


@pytest.mark.parametrize("one", STAFF, ids=lambda one: one.number)
def test_staff_can_sign_in_with_what_is_told(home: Path, one: DemoStaff) -> None:
    database = Database(load_settings(home).own_database_url, keyring=Keyring.open(home / "keys"))
    with database.reading() as session:
        member = check_password(session, one.number, one.password, AT)
        assert member is not None
        assert check_totp(session, member, one.code(AT), AT)
    database.close()


def test_the_reviewer_who_is_a_customer_is_known_as_such(home: Path) -> None:
    database = Database(load_settings(home).own_database_url, keyring=Keyring.open(home / "keys"))
    with database.reading() as session:
        hers = {"phone_number": ["+86 138 0001 0015"]}
        assert is_same_person(session, find_staff(session, "S0007"), hers)
        assert not is_same_person(session, find_staff(session, "S0101"), hers)
    database.close()


def test_the_map_and_the_catalogue_have_no_error() -> None:
    catalogue = load_catalogue(HOME_FILES / "catalogue.yml")
    data_map, findings = load_map(HOME_FILES / "datamap")
    assert [*catalogue.findings, *catalogue.check_against(data_map)] == []
    assert [(one.level, one.collection) for one in findings] == [("warning", "browsing_history")]  # it has no key


def test_every_column_is_mapped_and_has_a_category() -> None:
    data_map, _ = load_map(HOME_FILES / "datamap")
    for dataset, tables in (("shop", SHOP), ("crm", CRM)):
        for name, table in tables.tables.items():
            fields = data_map.collections[f"{dataset}.{name}"].fields
            assert set(fields) == set(table.columns.keys())
            assert all(one.data_categories for one in fields.values()), name


def test_every_collection_has_words_in_both_languages() -> None:
    catalogue, (data_map, _) = load_catalogue(HOME_FILES / "catalogue.yml"), load_map(HOME_FILES / "datamap")
    for key, collection in data_map.collections.items():
        words = catalogue.collection(key)
        assert words.title.zh != words.title.en, key
        assert not collection.personal or (words.purpose.zh and words.purpose.en and words.source), key


def test_the_map_and_the_live_databases_agree(home: Path) -> None:
    data_map, _ = load_map(home / "datamap")
    sources = Sources(load_sources(home / "sources.yml"), data_map)
    for dataset in ("shop", "crm"):
        found = compare_with_live(data_map, dataset, sources.schema_of(dataset))
        assert [one.spoken("en") for one in found] == []
    sources.close()
