"""Show a person which kinds of records there are of theirs, and how many of each: no value is read."""

from privacy_center.access.groups import count_item, lay_out
from privacy_center.access.shown import PersonShown
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import DataMap
from privacy_center.sources.rows import Located


def count_person(data_map: DataMap, catalogue: Catalogue, located: Located) -> PersonShown:
    """The groups and items of `show_person` with their rows and nothing in them; systems that did not answer are named."""
    return lay_out(data_map, catalogue, located, lambda collection, found: count_item(catalogue, collection, found))
