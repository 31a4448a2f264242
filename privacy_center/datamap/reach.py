"""Collections of personal data that no search from an identity gets to: found, the most personal first."""

from collections.abc import Mapping

from privacy_center.datamap.finding import Place
from privacy_center.datamap.graph import Collection, DataMap, is_within

WEIGHTS = {
    "user.government_id": 9,
    "user.health_and_medical": 9,
    "user.biometric": 9,
    "user.authorization": 9,
    "user.financial": 8,
    "user.contact": 7,
    "user.name": 7,
    "user.location": 6,
    "user.content": 5,
    "user.demographic": 5,
    "user.behavior": 4,
    "user.device": 3,
}
"""How much a field of each branch of the taxonomy tells of a person; every other branch of `user` counts 1."""


def check_reach(data_map: DataMap, places: Mapping[str, Place], folder: Place) -> None:
    """Finds a map without any identity, and collections whose rows no identity would ever lead to."""
    if not data_map.identity_kinds:
        folder.error(
            "没有一个字段标了 identity，谁的数据也找不到。请给电子邮件、手机号等字段写上 fides_meta.identity。",
            "No field carries an identity, so nobody's data can be found. "
            "Set fides_meta.identity on fields such as the e-mail or phone number.",
        )
        return
    for key in unreached(data_map):
        one = data_map.collections[key]
        if one.out_of_scope is None and not one.copy_of:
            places[key].unmet(
                f"从任何身份都走不到 {key}，里面的个人信息查不到，申请不能批准。请加上引用或 identity；"
                "确实不用查，请写 out_of_scope（谁、哪天、为什么）；不含个人信息，请标为 system.operations。",
                f"No identity leads to {key}, so its personal data would never be found and no request can be approved. "
                "Add a reference or an identity; if it need not be searched, declare it out_of_scope (who, when, why); "
                "if it holds nothing about people, give it the category system.operations.",
            )
    for key, one in data_map.collections.items():
        if one.out_of_scope is not None and key in data_map.reached:
            places[key].warn(
                f"{key} 写了 out_of_scope，但从身份能走到它，照样会查。请删掉声明；不要查，请另加 skip_processing: true。",
                f"{key} is declared out_of_scope, but identities lead to it, so it is searched all the same. Take the "
                "declaration out, or add skip_processing: true.",
            )


def unreached(data_map: DataMap) -> list[str]:
    """Collections (`dataset.name`) of personal data that nothing leads to, the most personal first; none that the map
    leaves out by `skip_processing`.
    """
    lonely = [
        one
        for key, one in data_map.collections.items()
        if one.personal and not one.skip_processing and key not in data_map.reached
    ]
    return [one.key for one in sorted(lonely, key=lambda one: -_weight(one))]


def _weight(one: Collection) -> int:
    """How personal a collection is: its weightiest field first, then how many fields are personal."""
    weights = [
        max((weight for branch, weight in WEIGHTS.items() if is_within(category, branch)), default=1)
        for field in one.fields.values()
        for category in (field.data_categories or one.data_categories)
        if is_within(category, "user")
    ]
    return max(weights, default=0) * 1000 + len(weights)
