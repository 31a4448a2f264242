"""The words a Fideslang dataset may use: keys by level, masking strategies, categories and their older names."""

from collections.abc import Iterable
from functools import cache

from fideslang import DEFAULT_TAXONOMY
from fideslang.models import (
    CollectionMeta,
    Dataset,
    DatasetCollection,
    DatasetField,
    DatasetMetadata,
    FidesDatasetReference,
    FidesMeta,
    FieldMaskingStrategyOverride,
    MaskingStrategyOverride,
)

OLD_META = "fidesops_meta"

# Written by older or larger Fides installations; they say nothing about finding or erasing, and are passed over.
_PASSED_OVER = frozenset({"data_qualifier", "retention", "created_at", "updated_at", "id", "is_default", "active"})
_DATASET_PASSED_OVER = _PASSED_OVER | {"joint_controller", "third_country_transfers", "fidesctl_meta", "version_added"}

# Our own words beside Fides': rows for which a reference or an identity holds, and what a collection is about.
OWN_KEYS: dict[str, frozenset[str]] = {
    "reference": frozenset({"when", "identifies"}),
    "field_meta": frozenset({"identity_when", "identity_role", "identity_format"}),
    "collection_meta": frozenset({"record", "about", "known_triggers", "out_of_scope", "copy_of", "marketing_refusal"}),
}

KEYS: dict[str, frozenset[str]] = {
    "dataset": frozenset(Dataset.model_fields) | {OLD_META} | _DATASET_PASSED_OVER,
    "dataset_meta": frozenset(DatasetMetadata.model_fields),
    "collection": frozenset(DatasetCollection.model_fields) | {OLD_META} | _PASSED_OVER,
    "collection_meta": frozenset(CollectionMeta.model_fields) | OWN_KEYS["collection_meta"],
    "field": frozenset(DatasetField.model_fields) | {OLD_META} | _PASSED_OVER,
    "field_meta": frozenset(FidesMeta.model_fields) | OWN_KEYS["field_meta"],
    "reference": frozenset(FidesDatasetReference.model_fields) | OWN_KEYS["reference"],
    "field_masking": frozenset(FieldMaskingStrategyOverride.model_fields),
    "collection_masking": frozenset(MaskingStrategyOverride.model_fields),
}

# What else a Fides manifest may hold at its top; only datasets and categories are read.
MANIFEST_KEYS = frozenset(
    {"dataset", "data_category", "data_subject", "data_use", "evaluation", "organization", "policy", "registry"}
    | {"system", "saas_config", "connector_params", "privacy_notice"}
)

# Without these a row is not found or wrongly erased: in the wrong place they are an error, others a warning.
WEIGHTY = frozenset({"identity", "references", "primary_key", "after", "erase_after", "skip_processing", "fields"})
WEIGHTY |= frozenset().union(*OWN_KEYS.values())

FIDES_STRATEGIES = frozenset({"null_rewrite", "string_rewrite", "hash", "hmac", "random_string_rewrite", "aes_encrypt"})
OWN_STRATEGIES = frozenset(
    {"null", "fixed", "random", "keyed_hash"}
    | {f"keep_format_{kind}" for kind in ("phone", "email", "resident_id", "card")}
)
STRATEGIES = FIDES_STRATEGIES | OWN_STRATEGIES

_OLD_PREFIXES = (
    "user.provided.identifiable",
    "user.provided.nonidentifiable",
    "user.derived.identifiable",
    "user.derived.nonidentifiable",
    "user.provided",
    "user.derived",
)
_RENAMED = {
    "user.financial.account_number": "user.financial.bank_account",
    "user.credentials": "user.authorization.credentials",
    "user.browsing_history": "user.behavior.browsing_history",
    "user.media_consumption": "user.behavior.media_consumption",
    "user.search_history": "user.behavior.search_history",
    "user.organization": "user.contact.organization",
    "user.non_specific_age": "user.demographic.age_range",
    "user.date_of_birth": "user.demographic.date_of_birth",
    "user.gender": "user.demographic.gender",
    "user.political_opinion": "user.demographic.political_opinion",
    "user.profiling": "user.demographic.profile",
    "user.race": "user.demographic.race_ethnicity",
    "user.religious_belief": "user.demographic.religious_belief",
    "user.sexual_orientation": "user.demographic.sexual_orientation",
    "user.genetic": "user.health_and_medical.genetic",
    "user.observed": "user.behavior",
    "user.biometric_health": "user.biometric.health",
    "user.password": "user.authorization.password",
}


@cache
def default_categories() -> frozenset[str]:
    """The data categories of the taxonomy that comes with fideslang."""
    return frozenset(one.fides_key for one in DEFAULT_TAXONOMY.data_category)


def today_name(category: str, known: Iterable[str]) -> str | None:
    """What a category of an older Fideslang is called today; None for a word that never was one."""
    known = frozenset(known)
    rest = category
    for prefix in _OLD_PREFIXES:
        if category == prefix or category.startswith(prefix + "."):
            rest = "user" + category[len(prefix) :]
            break
    for old, new in _RENAMED.items():
        if rest == old or rest.startswith(old + "."):
            rest = new + rest[len(old) :]
            break
    return rest if rest != category and rest in known else None
