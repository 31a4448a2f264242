"""What a look showed, in words: the same for the customer and for staff."""

from flask_babel import gettext as _


def with_counts(titles: str, counts: bool) -> str:
    """The kinds of data of which values were seen and, with `counts`, that of others only names and row counts were."""
    if not counts:
        return titles
    if not titles:
        return _("只有种类和行数，没有看内容")
    return _("%(titles)s；别的种类只看了名称和行数，没有看内容", titles=titles)
