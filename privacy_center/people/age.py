"""How old a person is on a day, as far as dates of birth on file tell it."""

import enum
from collections.abc import Iterable
from datetime import date

FULL_CARE_AGE = 14
"""Below it a guardian acts (PIPL art. 31); from it on young people act for themselves."""
OLDEST = 130
"""Years. Nobody has lived longer (the longest life on record is 122): an older date is a slip, or a placeholder."""


class AgeSign(enum.StrEnum):
    """What the dates of birth on file say, where it matters; the form in which a request keeps it among its signs."""

    UNDER_14 = "under_14"
    UNCLEAR = "age_unclear"


def years_of_age(born: date, today: date) -> int:
    """Completed years on a local date; below zero before the day of birth.

    A year is complete when the birthday begins, as people count and as a guardian's form asks. Who was born on 29 February
    completes a year without that day on 1 March: a period that has no corresponding day ends with the last day of the month
    (Civil Code of China, art. 202), so that 28 February still belongs to it.
    """
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_under_14(born: date, today: date) -> bool:
    """Whether fourteen years are not complete on a local date: "under" leaves the number itself out (Civil Code, art. 1259)."""
    return years_of_age(born, today) < FULL_CARE_AGE


def age_sign(births: Iterable[date], today: date) -> AgeSign | None:
    """What dates of birth of one person say on a local date: under 14 by all of them, unclear where some say so and some
    do not. Dates that differ and come to the same are no doubt about it. One in the future, or more than 130 years back, is no
    fact; without a fact there is no sign.
    """
    said = {is_under_14(born, today) for born in births if 0 <= years_of_age(born, today) <= OLDEST}
    if said == {True, False}:
        return AgeSign.UNCLEAR
    return AgeSign.UNDER_14 if True in said else None
