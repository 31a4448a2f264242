"""Files written for Fides load as they are."""

from pathlib import Path
from time import perf_counter

import yaml

from privacy_center.datamap.graph import Reference
from privacy_center.datamap.load import load_map
from tests.rooms.datamap.big_map import big_map, write_big_map
from tests.rooms.datamap.maps import errors, load, warnings

BAKERY = """
dataset:
  - fides_key: bakery
    organization_fides_key: default_organization
    name: Bakery
    description: Orders of cakes
    tags: null
    meta: {owner: shop team}
    data_categories: null
    data_qualifier: aggregated.anonymized.unlinked_pseudonymized.pseudonymized.identified
    retention: 3 years
    third_country_transfers: [GBR]
    fides_meta:
      resource_id: warehouse.bakery
      after: [loyalty]
      namespace: {project_id: p, dataset_id: d}
      redact: name
    collections:
      - name: visitor
        description: Who bought cakes
        fields:
          - name: visitor_no
            data_categories: [user.unique_id]
            fides_meta: {primary_key: True, data_type: integer, identity: visitor_no}
          - name: mail
            description: Where the receipt goes
            data_categories: [user.contact.email]
            fides_meta:
              identity: email
              data_type: string
              length: 120
              read_only: false
              masking_strategy_override:
                strategy: random_string_rewrite
                configuration: {length: 20, format_preservation: {suffix: "@masked.example"}}
          - name: phones
            data_categories: [user.contact.phone_number]
            fides_meta: {data_type: "string[]", return_all_elements: true, identity: phone_number, redact: name}
          - name: home
            fides_meta: {data_type: object}
            fields:
              - name: town
                data_categories: [user.contact.address.city]
              - name: door
                fields:
                  - name: code
                    data_categories: [user.authorization.credentials]
                    fides_meta: {read_only: true, custom_request_field: door_code}
        fides_meta:
          after: [bakery.cake]
          erase_after: [bakery.cake]
          skip_processing: false
          partitioning: [{field: created, interval: 7, unit: days}]
      - name: cake
        data_categories: [user.behavior.purchase_history]
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - name: number
            fides_meta: {primary_key: true}
          - name: bought_by
            fides_meta:
              references: [{dataset: bakery, field: visitor.visitor_no, direction: from}]
          - name: shop_id
            fides_meta:
              references: [{dataset: bakery, field: shop.id, direction: to}]
      - name: shop
        fides_meta: {skip_processing: true}
        fields: [{name: id, data_categories: [system.operations]}]
"""

LOYALTY = """
fides_key: loyalty
name: Loyalty
collections:
  - name: card
    fidesops_meta: {erase_after: [bakery.visitor]}
    fields:
      - name: number
        data_categories: [user.unique_id]
        fidesops_meta: {primary_key: true, identity: card_no}
      - name: holder
        fidesops_meta:
          references: [{dataset: bakery, field: visitor.visitor_no}]
      - name: inviter
        fidesops_meta:
          references: [{dataset: loyalty, field: card.number, direction: from}]
"""


def test_a_file_with_everything_fides_knows_loads_without_an_error(tmp_path: Path) -> None:
    data_map, findings = load(tmp_path, BAKERY, loyalty=LOYALTY)

    assert errors(findings) == []
    assert warnings(findings) == []
    assert data_map.datasets == ("loyalty", "bakery")
    assert list(data_map.collections) == ["loyalty.card", "bakery.visitor", "bakery.cake", "bakery.shop"]


def test_what_a_field_says_arrives_in_the_graph(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, BAKERY, loyalty=LOYALTY)
    visitor = data_map.collections["bakery.visitor"]

    assert list(visitor.fields) == ["visitor_no", "mail", "phones", "home", "home.town", "home.door", "home.door.code"]
    assert visitor.primary_key == ("visitor_no",)
    assert visitor.identities == {"visitor_no": "visitor_no", "mail": "email", "phones": "phone_number"}
    mail = visitor.fields["mail"]
    assert (mail.data_type, mail.length, mail.masking, mail.read_only) == (
        "string",
        120,
        "random_string_rewrite",
        False,
    )
    assert mail.masking_configuration["length"] == 20
    assert mail.description == "Where the receipt goes"
    assert visitor.fields["phones"].data_type == "string[]"
    assert visitor.fields["home.door.code"].read_only
    assert visitor.fields["home.door.code"].column == "home"


def test_what_a_collection_says_arrives_in_the_graph(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, BAKERY, loyalty=LOYALTY)
    visitor, cake = data_map.collections["bakery.visitor"], data_map.collections["bakery.cake"]

    assert visitor.erase_after == {"bakery.cake"}
    assert visitor.after == {"bakery.cake", "loyalty.card"}, "the dataset's own `after` holds for its collections"
    assert cake.data_categories == ("user.behavior.purchase_history",)
    assert cake.masking == "delete"
    assert data_map.collections["bakery.shop"].skip_processing
    assert data_map.collections["loyalty.card"].erase_after == {"bakery.visitor"}, "from the old fidesops_meta"


def test_references_keep_their_direction_or_its_absence(tmp_path: Path) -> None:
    data_map, _ = load(tmp_path, BAKERY, loyalty=LOYALTY)

    assert data_map.collections["bakery.cake"].fields["bought_by"].references == (
        Reference("bakery.visitor", "visitor_no", "from"),
    )
    assert data_map.collections["loyalty.card"].fields["holder"].references == (
        Reference("bakery.visitor", "visitor_no", None),
    )


def test_the_order_of_fields_is_that_of_the_file(tmp_path: Path) -> None:
    data_map, _ = load(
        tmp_path,
        """
        dataset:
          - fides_key: a
            collections:
              - name: z
                fields:
                  - {name: second_key, fides_meta: {primary_key: true}}
                  - {name: first_key, fides_meta: {primary_key: true, identity: x}}
        """,
    )
    assert data_map.collections["a.z"].primary_key == ("second_key", "first_key")


def test_a_list_of_datasets_a_mapping_and_several_documents_are_read(tmp_path: Path) -> None:
    one = (
        "{fides_key: %s, collections: [{name: c, fields: [{name: id, fides_meta: {primary_key: true, identity: n}}]}]}"
    )
    text = f"- {one % 'a'}\n---\ndataset: {one % 'b'}\n---\ndataset:\n- {one % 'c'}\nsystem: []\npolicy: []\n---\n"
    data_map, findings = load(tmp_path, text)

    assert data_map.datasets == ("a", "b", "c")
    assert findings == []


def test_files_in_folders_below_are_read_and_other_files_are_not(tmp_path: Path) -> None:
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "more.yaml").write_text(LOYALTY.replace("bakery.visitor", "loyalty.card"), "utf-8")
    (tmp_path / "notes.txt").write_text(": : :", "utf-8")
    data_map, findings = load_map(tmp_path)

    assert data_map.datasets == ("loyalty",)
    assert {one.file for one in findings} == {"crm/more.yaml"}


def test_a_placeholder_key_of_a_connector_is_a_key_like_any_other(tmp_path: Path) -> None:
    data_map, findings = load(tmp_path, LOYALTY.replace("loyalty", "<instance_fides_key>"), bakery=BAKERY)
    assert "<instance_fides_key>.card" in data_map.collections
    assert [one for one in errors(findings) if "instance" in one] == []


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "map.yml").write_bytes(b"\xef\xbb\xbf" + LOYALTY.encode())
    assert load_map(tmp_path)[0].datasets == ("loyalty",)


def test_a_large_map_is_read_whole(tmp_path: Path) -> None:
    started = perf_counter()
    data_map, findings = load_map(write_big_map(tmp_path))
    loaded = perf_counter()
    yaml.safe_load(big_map())
    print(
        f"a map of 160 collections loads in {(loaded - started) / (perf_counter() - loaded):.2f} of a plain YAML parse"
    )

    assert findings == []
    assert len(data_map.collections) == 160
    assert sum(len(one.fields) for one in data_map.collections.values()) == 1600
    assert len(data_map.links) == 159
    assert all(map(data_map.leads_to_identity, data_map.collections))
