"""Single records decided at the terminal, and the second person who must read what differs from the suggestion."""

import pytest
import sqlalchemy as sa

from tests import corner
from tests.journeys.conftest import SUBMIT, open_shop


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    open_shop(home)
    text = (home / "settings.toml").read_text()
    (home / "settings.toml").write_text(text.replace("require_second_approval = false", ""))
    return home


def test_one_record_is_decided_by_itself_and_the_second_person_reads_it_first(home, run):
    engine = sa.create_engine(f"sqlite:///{home / 'shop.db'}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        before = connection.execute(sa.select(corner.browsing)).all()
    shown = run(home, *SUBMIT)
    reference = shown["reference"]
    item = next(one for one in shown["plan"]["items"] if one["collection"] == "shop.browsing" and one["rows"] > 1)
    decide = ["request", "decide", reference, "approve-in-part", "--by", "R1", "--item"]
    keep = "=keep:other:留作样本"
    assert "and no 99" in run(home, *decide, f"{item['item']}.99{keep}", exit=1)
    assert run(home, *decide, f"{item['item']}.1{keep}")["decision"] == "waiting"
    confirm = ["request", "decide", reference, "confirm", "--by", "R2"]
    refused = run(home, *confirm, exit=1)
    assert f"{item['item']}.1 shop.browsing: erase -> keep" in refused and "--seen" in refused
    assert run(home, "request", "show", reference)["state"] == "in_review"
    run(home, *confirm, "--seen")
    run(home, "request", "execute", reference)
    with engine.connect() as connection:
        left = connection.execute(sa.select(corner.browsing)).all()
    assert len(left) == len(before) - item["rows"] + 1
