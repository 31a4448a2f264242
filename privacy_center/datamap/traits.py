"""What a live table does beside holding rows, told where it stands in the way of finding or erasing them."""

from privacy_center.datamap.finding import Place
from privacy_center.datamap.live import LiveTable


def tell_traits(table: LiveTable, place: Place) -> None:
    """An error where rows would be missed or kept as old versions; a warning where less is certain than elsewhere."""
    name = table.name
    if table.hides_rows:
        place.error(
            f"表 {name} 启用了行级安全策略，账号看不全它的行。请给账号 BYPASSRLS，或一条 USING (true) 的策略。",
            f"Row-level security keeps rows of {name} from the account. Give it BYPASSRLS, or a policy USING (true).",
        )
    if table.keeps_history:
        place.error(
            f"表 {name} 带系统版本：删掉或改掉的值仍可按时间查出来。请先 DROP SYSTEM VERSIONING，或标 skip_processing。",
            f"The table {name} is system-versioned: what is deleted or changed can still be read as an old version. "
            "Drop its versioning first, or mark it skip_processing.",
        )
    if table.referred_beneath and not table.fixed:
        place.error(
            f"{name} 是视图，别的表的外键指向它下面的表 {table.referred_beneath}，从视图删除会连带改动那些表。"
            f"请把 {table.referred_beneath} 写进地图，视图标 skip_processing。",
            f"{name} is a view, and foreign keys refer to the table {table.referred_beneath} under it, so a deletion from the "
            f"view may reach further. Map {table.referred_beneath} instead, and mark the view skip_processing.",
        )
    if table.has_heirs:
        place.warn(
            f"有别的表继承自 {name}，它们的行也算它的行，键不保证不重复。将按整行的值来分辨；那些表不必写进地图。",
            f"Other tables inherit from {name}: their rows are among its own, so its key may repeat. Rows are told apart "
            "by all their values; the tables that inherit need not be in the map.",
        )
    if table.loose:
        place.warn(
            f"表 {name} 用的是 {table.loose} 引擎，没有事务：执行中断时，它已改的部分不会撤回，重试时接着做。建议换成 InnoDB。",
            f"The table {name} is in {table.loose}, which has no transactions: where a step is cut off, its changes stay "
            "and the next attempt goes on from there. InnoDB is better.",
        )
