"""What a plan is drafted from: the parts of a center that planning needs."""

from typing import Protocol

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import DataMap
from privacy_center.holds.lookup import HoldRegister
from privacy_center.keys.keyring import Keyring
from privacy_center.retention.pack import RuleBook
from privacy_center.sources.open import Sources


class Ground(Protocol):
    """Map, rules, placed holds and databases of one company, and the keys that masked values derive from."""

    sources: Sources
    data_map: DataMap
    catalogue: Catalogue
    rules: RuleBook
    hold_register: HoldRegister
    keyring: Keyring
