"""What a map must say of who owns what: which of several keys to the same people, and whether rows are people or things."""

from collections.abc import Mapping

from privacy_center.datamap.finding import Place
from privacy_center.datamap.graph import DataMap, looks_like_people


def check_roles(data_map: DataMap, places: Mapping[str, Place]) -> None:
    """Finds references of which nothing tells whether they own, and collections that may be about people or about things."""
    for link in data_map.links:
        if link.unsaid:
            others = ", ".join(
                one.child_field
                for one in data_map.links_up[link.child]
                if one.parent == link.parent and one.child_field != link.child_field
            )
            places[link.child].within(field=link.child_field).error(
                f"{link.child_field} 和 {others} 都指向 {link.parent}，看不出哪一个表示归属，这些行都不会算作客户的。"
                "请给每条引用写上 direction：表示归属的写 from，其余写 to。",
                f"{link.child_field} and {others} both name rows of {link.parent}, and nothing tells which of them owns, so none "
                "makes a row the customer's. Give each reference a direction: from where it owns, to where it does not.",
            )
    pointed = {link.parent for link in data_map.links if not link.belongs}
    for key in data_map.collections:
        one = data_map.collections[key]
        silent = one.about is None and not one.skip_processing and not data_map.leads_to_identity(key)
        if key in pointed and silent and looks_like_people(one):
            places[key].warn(
                f"看不出 {key} 是关于人还是关于物。按关于人处理：只被客户的记录指向，不会算作客户的。"
                "请在集合的 fides_meta 里写 about: person 或 about: thing。",
                f"Nothing tells whether {key} is about people or about things. It is taken to be about people: being pointed to "
                "by a customer's rows makes none of its rows theirs. Write about: person or about: thing in its fides_meta.",
            )
