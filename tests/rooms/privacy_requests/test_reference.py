import pytest

from privacy_center.errors import Refusal
from privacy_center.privacy_requests.reference import LETTERS, new_reference, read_reference


def test_a_reference_is_twelve_signs_in_three_groups_and_never_the_same():
    made = {new_reference() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(one) == 17 and one[:3] == "PC-" and one.count("-") == 3 for one in made)


def test_a_reference_is_understood_as_people_write_it():
    reference = new_reference()
    for typed in (reference.lower(), reference.replace("-", " "), reference[3:], f" {reference.replace('-', '')}\n"):
        assert read_reference(typed) == reference
    assert read_reference(reference[3:].replace("0", "O").replace("1", "l")) == reference


def test_any_one_wrong_sign_is_caught():
    reference = new_reference()
    for place in range(3, 17):
        for sign in LETTERS:
            if reference[place] in ("-", sign):
                continue
            with pytest.raises(Refusal) as refused:
                read_reference(reference[:place] + sign + reference[place + 1 :])
            assert refused.value.status == 422


@pytest.mark.parametrize("typed", ["", "PC", "PC-", "0" * 200, "PC-你好啊啊-你好啊啊-你好啊啊", "' OR 1=1 --"])
def test_what_is_no_reference_is_refused_in_words(typed):
    with pytest.raises(Refusal, match="no reference number"):
        read_reference(typed)
