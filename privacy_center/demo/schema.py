"""The sample company's two databases, `shop` (26 tables) and `crm` (12 tables), for SQLite, PostgreSQL and MariaDB."""

from privacy_center.demo import visit_tables
from privacy_center.demo.crm_tables import CRM

SHOP = visit_tables.SHOP

__all__ = ["CRM", "SHOP"]
