"""every table"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "access_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review")),
    )
    with op.batch_alter_table("access_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_review_department_signed_at"), ["department", "signed_at"], unique=False
        )

    op.create_table(
        "anomaly",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("group_key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("threshold", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomaly")),
    )
    with op.batch_alter_table("anomaly", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_anomaly_rule_group_key_last_at"), ["rule", "group_key", "last_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_anomaly_settled_at"), ["settled_at"], unique=False)

    op.create_table(
        "anomaly_cursor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomaly_cursor")),
        sa.UniqueConstraint("name", name=op.f("uq_anomaly_cursor_name")),
    )
    op.create_table(
        "anomaly_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("group_key", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("weight", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomaly_mark")),
    )
    with op.batch_alter_table("anomaly_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anomaly_mark_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_anomaly_mark_rule_group_key_at"), ["rule", "group_key", "at"], unique=False
        )

    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("request_reference", sa.String(length=32), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id_seq"), ["actor_id", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_entry_request_reference_seq"), ["request_reference", "seq"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_id_seq"), ["subject_id", "seq"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
        sa.UniqueConstraint("hour", name=op.f("uq_audit_head_hour")),
        sa.UniqueConstraint("number", name=op.f("uq_audit_head_number")),
    )
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_head_exported_at"), ["exported_at"], unique=False)

    op.create_table(
        "demo_mailbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_mailbox")),
    )
    with op.batch_alter_table("demo_mailbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demo_mailbox_at"), ["at"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("shows", sa.String(length=40), nullable=False),
        sa.Column("picture_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_because", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "hidden_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_reference", sa.String(length=32), nullable=True),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hidden_by", sa.String(length=40), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=40), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_look")),
    )
    with op.batch_alter_table("hidden_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hidden_look_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_hidden_look_lifted_at"), ["lifted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_hidden_look_seq"), ["seq"], unique=False)

    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("request_reference", sa.String(length=32), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_inbox_message_dedupe_key")),
    )
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_message_person_id_sent_at"), ["person_id", "sent_at"], unique=False)

    op.create_table(
        "log_system",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("may", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_system")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_log_system_token_hash")),
    )
    with op.batch_alter_table("log_system", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_system_name"), ["name"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fresh_for", sa.String(length=40), nullable=True),
        sa.Column("method", sa.String(length=300), nullable=False),
        sa.Column("contact_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("device_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("context_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=160), nullable=False),
        sa.Column("identity_kind", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_message_dedupe_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_state_next_at"), ["state", "next_at"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_kind_owner_id"), ["kind", "owner_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "rate_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_count")),
        sa.UniqueConstraint("name", "window_start", name=op.f("uq_rate_count_name_window_start")),
    )
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_count_window_start"), ["window_start"], unique=False)

    op.create_table(
        "received_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system", sa.String(length=60), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("proven_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_look")),
        sa.UniqueConstraint("system", "entry_id", name=op.f("uq_received_look_system_entry_id")),
    )
    with op.batch_alter_table("received_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_received_look_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_look_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_look_value_index"), ["value_index"], unique=False)

    op.create_table(
        "scan_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_record")),
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_code_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_code_kind_value_index"), ["kind", "value_index"], unique=False)

    op.create_table(
        "staff_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_counter", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("number", name=op.f("uq_staff_member_number")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_beat")),
        sa.UniqueConstraint("name", name=op.f("uq_worker_beat_name")),
    )
    with op.batch_alter_table("worker_beat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worker_beat_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "wrong_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_password")),
    )
    with op.batch_alter_table("wrong_password", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrong_password_at"), ["at"], unique=False)

    op.create_table(
        "access_review_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(length=40), nullable=False),
        sa.Column("since_last", sa.Boolean(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["access_review.id"],
            name=op.f("fk_access_review_line_review_id_access_review"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_review_line")),
        sa.UniqueConstraint("review_id", "position", name=op.f("uq_access_review_line_review_id_position")),
    )
    op.create_table(
        "anomaly_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("anomaly_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["anomaly_id"], ["anomaly.id"], name=op.f("fk_anomaly_line_anomaly_id_anomaly"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anomaly_line")),
        sa.UniqueConstraint("anomaly_id", "seq", name=op.f("uq_anomaly_line_anomaly_id_seq")),
    )
    with op.batch_alter_table("anomaly_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_anomaly_line_seq"), ["seq"], unique=False)

    op.create_table(
        "contact_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("old_identity", sa.Uuid(), nullable=True),
        sa.Column("old_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("new_identity", sa.Uuid(), nullable=True),
        sa.Column("moved_from", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_change_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_change")),
    )
    with op.batch_alter_table("contact_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_change_old_index"), ["old_index"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contact_change_person_id_hold_until"), ["person_id", "hold_until"], unique=False
        )

    op.create_table(
        "evidence_look",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_look_evidence_id_evidence"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_look")),
        sa.UniqueConstraint("evidence_id", "staff_number", name=op.f("uq_evidence_look_evidence_id_staff_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evidence_look_token_hash")),
    )
    op.create_table(
        "identity_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wants", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("verified_how", sa.String(length=40), nullable=True),
        sa.Column("verified_by", sa.String(length=40), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document", sa.String(length=60), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("why_second", sa.JSON(), nullable=False),
        sa.Column("second_by", sa.String(length=40), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_reference", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["person.id"], name=op.f("fk_identity_case_asker_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_identity_case_reference")),
    )
    with op.batch_alter_table("identity_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_case_asker_id_filed_at"), ["asker_id", "filed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_case_outcome_reference"), ["outcome_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_case_state_filed_at"), ["state", "filed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_case_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_known_device_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("device_hash", "person_id", name=op.f("uq_known_device_device_hash_person_id")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_last_seen_at"), ["last_seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_known_device_person_id"), ["person_id"], unique=False)

    op.create_table(
        "level_wait",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_level_wait_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_wait")),
    )
    with op.batch_alter_table("level_wait", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_level_wait_person_id_action"), ["person_id", "action"], unique=False)

    op.create_table(
        "look_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_look_question_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_question")),
        sa.UniqueConstraint("person_id", "seq", name=op.f("uq_look_question_person_id_seq")),
        sa.UniqueConstraint("reference", name=op.f("uq_look_question_reference")),
    )
    with op.batch_alter_table("look_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_question_state"), ["state"], unique=False)

    op.create_table(
        "person_freeze",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.Column("verified_how", sa.String(length=40), nullable=True),
        sa.Column("document", sa.String(length=60), nullable=True),
        sa.Column("went_on", sa.Boolean(), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_freeze_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_freeze")),
    )
    with op.batch_alter_table("person_freeze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_freeze_lifted_at"), ["lifted_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_freeze_person_id_lifted_at"), ["person_id", "lifted_at"], unique=False
        )

    op.create_table(
        "person_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_identity_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identity")),
        sa.UniqueConstraint("kind", "value_index", name=op.f("uq_person_identity_kind_value_index")),
    )
    with op.batch_alter_table("person_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts_from", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_password_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_password")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_password_person_id")),
    )
    op.create_table(
        "privacy_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("submission_key", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("identities_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("scope_details", sa.JSON(), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("jurisdiction", sa.String(length=16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("verification_method", sa.String(length=300), nullable=False),
        sa.Column("verified_by", sa.String(length=40), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(length=40), nullable=True),
        sa.Column("represented_by", sa.Uuid(), nullable=True),
        sa.Column("represented_as", sa.String(length=20), nullable=True),
        sa.Column("assignee", sa.String(length=40), nullable=True),
        sa.Column("risk_flags", sa.JSON(), nullable=False),
        sa.Column("cooling_off_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("execute_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("on_silence", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_privacy_request_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["represented_by"],
            ["person.id"],
            name=op.f("fk_privacy_request_represented_by_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_privacy_request_reference")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_privacy_request_submission_key")),
    )
    with op.batch_alter_table("privacy_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_privacy_request_assignee"), ["assignee"], unique=False)
        batch_op.create_index(batch_op.f("ix_privacy_request_channel"), ["channel"], unique=False)
        batch_op.create_index(batch_op.f("ix_privacy_request_execute_after"), ["execute_after"], unique=False)
        batch_op.create_index(batch_op.f("ix_privacy_request_frozen_at"), ["frozen_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_privacy_request_person_id_received_at"), ["person_id", "received_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_privacy_request_represented_by"), ["represented_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_privacy_request_state_due_on"), ["state", "due_on"], unique=False)

    op.create_table(
        "staff_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_staff_identity_staff_id_staff_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_identity")),
        sa.UniqueConstraint(
            "staff_id", "kind", "value_index", name=op.f("uq_staff_identity_staff_id_kind_value_index")
        ),
    )
    with op.batch_alter_table("staff_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_identity_kind_value_index"), ["kind", "value_index"], unique=False)

    op.create_table(
        "staff_pledge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_staff_pledge_staff_id_staff_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_pledge")),
        sa.UniqueConstraint("staff_id", "version", name=op.f("uq_staff_pledge_staff_id_version")),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_member.id"],
            name=op.f("fk_staff_recovery_code_staff_id_staff_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_code")),
        sa.UniqueConstraint("staff_id", "code_hash", name=op.f("uq_staff_recovery_code_staff_id_code_hash")),
    )
    op.create_table(
        "staff_role_term",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=40), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_staff_role_term_staff_id_staff_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role_term")),
    )
    with op.batch_alter_table("staff_role_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_role_term_staff_id_role"), ["staff_id", "role"], unique=False)

    op.create_table(
        "staff_training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_member.id"], name=op.f("fk_staff_training_staff_id_staff_member"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_training")),
    )
    with op.batch_alter_table("staff_training", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_training_staff_id_title"), ["staff_id", "title"], unique=False)

    op.create_table(
        "stop_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_stop_token_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_stop_token_token_hash")),
    )
    with op.batch_alter_table("stop_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stop_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "case_at_counter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["identity_case.id"], name=op.f("fk_case_at_counter_case_id_identity_case"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_at_counter")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_case_at_counter_staff_number")),
    )
    with op.batch_alter_table("case_at_counter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_at_counter_case_id"), ["case_id"], unique=False)

    op.create_table(
        "deadline_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("old_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_deadline_extension_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extension")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_deadline_extension_request_id_number")),
    )
    op.create_table(
        "decision_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=False),
        sa.Column("overrides_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_decision_draft_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_draft")),
        sa.UniqueConstraint("request_id", "member", name=op.f("uq_decision_draft_request_id_member")),
    )
    op.create_table(
        "followed_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("first_reference", sa.String(length=40), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_followed_record_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_followed_record")),
        sa.UniqueConstraint("request_id", "record_hash", name=op.f("uq_followed_record_request_id_record_hash")),
    )
    with op.batch_alter_table("followed_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_followed_record_record_hash"), ["record_hash"], unique=False)

    op.create_table(
        "look_question_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["look_question.id"],
            name=op.f("fk_look_question_message_question_id_look_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_question_message")),
    )
    with op.batch_alter_table("look_question_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_question_message_question_id"), ["question_id"], unique=False)

    op.create_table(
        "opened_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("plan_item_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_opened_record_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_record")),
        sa.UniqueConstraint(
            "plan_item_id", "record", "member", name=op.f("uq_opened_record_plan_item_id_record_member")
        ),
    )
    with op.batch_alter_table("opened_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opened_record_request_id_member"), ["request_id", "member"], unique=False)

    op.create_table(
        "placed_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("customer", sa.JSON(), nullable=False),
        sa.Column("ends_when", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("authority", sa.String(length=120), nullable=False),
        sa.Column("matter", sa.String(length=120), nullable=False),
        sa.Column("placed_by", sa.String(length=40), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("end_proposed_by", sa.String(length=40), nullable=True),
        sa.Column("end_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_placed_hold_request_id_privacy_request"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placed_hold")),
    )
    with op.batch_alter_table("placed_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placed_hold_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_placed_hold_matter"), ["matter"], unique=False)
        batch_op.create_index(batch_op.f("ix_placed_hold_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_placed_hold_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placed_hold_review_on"), ["review_on"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules_version", sa.String(length=80), nullable=False),
        sa.Column("scope_details", sa.JSON(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("unsearched", sa.JSON(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("refused_contacts", sa.Integer(), nullable=False),
        sa.Column("identifiers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=80), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["plan.id"], name=op.f("fk_plan_parent_id_plan"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["privacy_request.id"], name=op.f("fk_plan_request_id_privacy_request"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_request_id"), ["request_id"], unique=False)

    op.create_table(
        "planned_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("releasing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_planned_record_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_record")),
        sa.UniqueConstraint("record_hash", name=op.f("uq_planned_record_record_hash")),
    )
    with op.batch_alter_table("planned_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_record_request_id"), ["request_id"], unique=False)

    op.create_table(
        "request_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_role", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("visible_to_customer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_request_event_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_event_request_id_at"), ["request_id", "at"], unique=False)

    op.create_table(
        "request_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_request_message_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_message")),
    )
    with op.batch_alter_table("request_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_message_request_id_at"), ["request_id", "at"], unique=False)

    op.create_table(
        "residual_hit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("column", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("row_digest", sa.String(length=64), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_residual_hit_request_id_privacy_request"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residual_hit")),
    )
    with op.batch_alter_table("residual_hit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_residual_hit_request_id"), ["request_id"], unique=False)

    op.create_table(
        "review_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("plan_digest", sa.String(length=64), nullable=True),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason_codes", sa.JSON(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("overrides_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("hold_reasons_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("override_count", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("why_second", sa.JSON(), nullable=False),
        sa.Column("first_by", sa.String(length=40), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_by", sa.String(length=40), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_text_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_review_decision_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
    )
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_decision_request_id_first_at"), ["request_id", "first_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_review_decision_state"), ["state"], unique=False)

    op.create_table(
        "review_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_review_note_request_id_privacy_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_note")),
    )
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_note_request_id_at"), ["request_id", "at"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("value_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=60), nullable=True),
        sa.Column("removal_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_suppression_request_id_privacy_request"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
        sa.UniqueConstraint(
            "request_id", "value_index", "channel", name=op.f("uq_suppression_request_id_value_index_channel")
        ),
    )
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppression_added_at"), ["added_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppression_removed_at"), ["removed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppression_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppression_value_index"), ["value_index"], unique=False)

    op.create_table(
        "vault_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("second", sa.String(length=40), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_vault_opening_request_id_privacy_request"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_opening")),
    )
    with op.batch_alter_table("vault_opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vault_opening_request_id"), ["request_id"], unique=False)

    op.create_table(
        "decision_opened",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.String(length=60), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["review_decision.id"],
            name=op.f("fk_decision_opened_decision_id_review_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_opened")),
        sa.UniqueConstraint(
            "decision_id", "change", "staff_number", name=op.f("uq_decision_opened_decision_id_change_staff_number")
        ),
    )
    op.create_table(
        "execution_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_execution_run_plan_id_plan"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_execution_run_request_id_privacy_request"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_run")),
    )
    with op.batch_alter_table("execution_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_execution_run_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_execution_run_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_execution_run_state"), ["state"], unique=False)

    op.create_table(
        "placed_hold_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["placed_hold.id"], name=op.f("fk_placed_hold_event_hold_id_placed_hold"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placed_hold_event")),
    )
    with op.batch_alter_table("placed_hold_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placed_hold_event_hold_id_at"), ["hold_id", "at"], unique=False)

    op.create_table(
        "placed_hold_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("key_fields", sa.JSON(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("keys_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold_id"], ["placed_hold.id"], name=op.f("fk_placed_hold_records_hold_id_placed_hold"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placed_hold_records")),
        sa.UniqueConstraint("hold_id", "collection", name=op.f("uq_placed_hold_records_hold_id_collection")),
    )
    with op.batch_alter_table("placed_hold_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placed_hold_records_collection"), ["collection"], unique=False)

    op.create_table(
        "plan_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("ownership", sa.String(length=40), nullable=False),
        sa.Column("person_mark", sa.String(length=12), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("skeleton", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("waived", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("holds", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("key_fields", sa.JSON(), nullable=False),
        sa.Column("keyless", sa.Boolean(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("keys_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_outcome", sa.String(length=40), nullable=True),
        sa.Column("decided_action", sa.String(length=40), nullable=True),
        sa.Column("decided_reason", sa.JSON(), nullable=True),
        sa.Column("keys_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_item_plan_id_plan"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_item_plan_id_position")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("extends_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["extends_id"], ["certificate.id"], name=op.f("fk_certificate_extends_id_certificate"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_certificate_request_id_privacy_request"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["execution_run.id"], name=op.f("fk_certificate_run_id_execution_run"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("run_id", "purpose", name=op.f("uq_certificate_run_id_purpose")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_request_id"), ["request_id"], unique=False)

    op.create_table(
        "erasure_ledger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("pseudonym", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["execution_run.id"], name=op.f("fk_erasure_ledger_run_id_execution_run"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_ledger")),
        sa.UniqueConstraint("run_id", "dataset", name=op.f("uq_erasure_ledger_run_id_dataset")),
    )
    with op.batch_alter_table("erasure_ledger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_ledger_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasure_ledger_reference"), ["reference"], unique=False)

    op.create_table(
        "execution_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("planned", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("filled", sa.JSON(), nullable=True),
        sa.Column("refusals", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("checked", sa.JSON(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["execution_run.id"], name=op.f("fk_execution_step_run_id_execution_run"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_step")),
        sa.UniqueConstraint("run_id", "dataset", name=op.f("uq_execution_step_run_id_dataset")),
    )
    op.create_table(
        "held_rows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("ownership", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("treatment", sa.String(length=20), nullable=False),
        sa.Column("restriction", sa.String(length=40), nullable=False),
        sa.Column("holds", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("rules", sa.String(length=600), nullable=False),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("awaits_event", sa.Boolean(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("key_fields", sa.JSON(), nullable=False),
        sa.Column("keyless", sa.Boolean(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("released_count", sa.Integer(), nullable=False),
        sa.Column("deleted_count", sa.Integer(), nullable=False),
        sa.Column("keys_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("masked_fields", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_held_rows_plan_id_plan"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_held_rows_request_id_privacy_request"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["execution_run.id"], name=op.f("fk_held_rows_run_id_execution_run"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_rows")),
    )
    with op.batch_alter_table("held_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_rows_collection"), ["collection"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_rows_free_from"), ["free_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_rows_released_at"), ["released_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_rows_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_rows_rules"), ["rules"], unique=False)
        batch_op.create_index(batch_op.f("ix_held_rows_run_id"), ["run_id"], unique=False)

    op.create_table(
        "placed_hold_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("records_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["records_id"],
            ["placed_hold_records.id"],
            name=op.f("fk_placed_hold_key_records_id_placed_hold_records"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placed_hold_key")),
        sa.UniqueConstraint("records_id", "key_hash", name=op.f("uq_placed_hold_key_records_id_key_hash")),
    )
    with op.batch_alter_table("placed_hold_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placed_hold_key_key_hash"), ["key_hash"], unique=False)

    op.create_table(
        "vault_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_item_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("values_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_item_id"], ["plan_item.id"], name=op.f("fk_vault_entry_plan_item_id_plan_item"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_request.id"],
            name=op.f("fk_vault_entry_request_id_privacy_request"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_entry")),
        sa.UniqueConstraint("plan_item_id", name=op.f("uq_vault_entry_plan_item_id")),
    )
    with op.batch_alter_table("vault_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vault_entry_request_id"), ["request_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("vault_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vault_entry_request_id"))

    op.drop_table("vault_entry")
    with op.batch_alter_table("placed_hold_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placed_hold_key_key_hash"))

    op.drop_table("placed_hold_key")
    with op.batch_alter_table("held_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_held_rows_run_id"))
        batch_op.drop_index(batch_op.f("ix_held_rows_rules"))
        batch_op.drop_index(batch_op.f("ix_held_rows_request_id"))
        batch_op.drop_index(batch_op.f("ix_held_rows_released_at"))
        batch_op.drop_index(batch_op.f("ix_held_rows_free_from"))
        batch_op.drop_index(batch_op.f("ix_held_rows_collection"))

    op.drop_table("held_rows")
    op.drop_table("execution_step")
    with op.batch_alter_table("erasure_ledger", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasure_ledger_reference"))
        batch_op.drop_index(batch_op.f("ix_erasure_ledger_at"))

    op.drop_table("erasure_ledger")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_request_id"))

    op.drop_table("certificate")
    op.drop_table("plan_item")
    with op.batch_alter_table("placed_hold_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placed_hold_records_collection"))

    op.drop_table("placed_hold_records")
    with op.batch_alter_table("placed_hold_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placed_hold_event_hold_id_at"))

    op.drop_table("placed_hold_event")
    with op.batch_alter_table("execution_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_execution_run_state"))
        batch_op.drop_index(batch_op.f("ix_execution_run_request_id"))
        batch_op.drop_index(batch_op.f("ix_execution_run_plan_id"))

    op.drop_table("execution_run")
    op.drop_table("decision_opened")
    with op.batch_alter_table("vault_opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vault_opening_request_id"))

    op.drop_table("vault_opening")
    with op.batch_alter_table("suppression", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suppression_value_index"))
        batch_op.drop_index(batch_op.f("ix_suppression_request_id"))
        batch_op.drop_index(batch_op.f("ix_suppression_removed_at"))
        batch_op.drop_index(batch_op.f("ix_suppression_added_at"))

    op.drop_table("suppression")
    with op.batch_alter_table("review_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_note_request_id_at"))

    op.drop_table("review_note")
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_decision_state"))
        batch_op.drop_index(batch_op.f("ix_review_decision_request_id_first_at"))

    op.drop_table("review_decision")
    with op.batch_alter_table("residual_hit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_residual_hit_request_id"))

    op.drop_table("residual_hit")
    with op.batch_alter_table("request_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_message_request_id_at"))

    op.drop_table("request_message")
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_event_request_id_at"))

    op.drop_table("request_event")
    with op.batch_alter_table("planned_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_record_request_id"))

    op.drop_table("planned_record")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_request_id"))

    op.drop_table("plan")
    with op.batch_alter_table("placed_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placed_hold_review_on"))
        batch_op.drop_index(batch_op.f("ix_placed_hold_request_id"))
        batch_op.drop_index(batch_op.f("ix_placed_hold_owner"))
        batch_op.drop_index(batch_op.f("ix_placed_hold_matter"))
        batch_op.drop_index(batch_op.f("ix_placed_hold_ended_at"))

    op.drop_table("placed_hold")
    with op.batch_alter_table("opened_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opened_record_request_id_member"))

    op.drop_table("opened_record")
    with op.batch_alter_table("look_question_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_question_message_question_id"))

    op.drop_table("look_question_message")
    with op.batch_alter_table("followed_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_followed_record_record_hash"))

    op.drop_table("followed_record")
    op.drop_table("decision_draft")
    op.drop_table("deadline_extension")
    with op.batch_alter_table("case_at_counter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_at_counter_case_id"))

    op.drop_table("case_at_counter")
    with op.batch_alter_table("stop_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stop_token_person_id"))
        batch_op.drop_index(batch_op.f("ix_stop_token_expires_at"))

    op.drop_table("stop_token")
    with op.batch_alter_table("staff_training", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_training_staff_id_title"))

    op.drop_table("staff_training")
    with op.batch_alter_table("staff_role_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_role_term_staff_id_role"))

    op.drop_table("staff_role_term")
    op.drop_table("staff_recovery_code")
    op.drop_table("staff_pledge")
    with op.batch_alter_table("staff_identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_identity_kind_value_index"))

    op.drop_table("staff_identity")
    with op.batch_alter_table("privacy_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_privacy_request_state_due_on"))
        batch_op.drop_index(batch_op.f("ix_privacy_request_represented_by"))
        batch_op.drop_index(batch_op.f("ix_privacy_request_person_id_received_at"))
        batch_op.drop_index(batch_op.f("ix_privacy_request_frozen_at"))
        batch_op.drop_index(batch_op.f("ix_privacy_request_execute_after"))
        batch_op.drop_index(batch_op.f("ix_privacy_request_channel"))
        batch_op.drop_index(batch_op.f("ix_privacy_request_assignee"))

    op.drop_table("privacy_request")
    op.drop_table("person_password")
    with op.batch_alter_table("person_identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_identity_person_id"))

    op.drop_table("person_identity")
    with op.batch_alter_table("person_freeze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_freeze_person_id_lifted_at"))
        batch_op.drop_index(batch_op.f("ix_person_freeze_lifted_at"))

    op.drop_table("person_freeze")
    with op.batch_alter_table("look_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_look_question_state"))

    op.drop_table("look_question")
    with op.batch_alter_table("level_wait", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_level_wait_person_id_action"))

    op.drop_table("level_wait")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_device_person_id"))
        batch_op.drop_index(batch_op.f("ix_known_device_last_seen_at"))

    op.drop_table("known_device")
    with op.batch_alter_table("identity_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_case_subject_id"))
        batch_op.drop_index(batch_op.f("ix_identity_case_state_filed_at"))
        batch_op.drop_index(batch_op.f("ix_identity_case_outcome_reference"))
        batch_op.drop_index(batch_op.f("ix_identity_case_asker_id_filed_at"))

    op.drop_table("identity_case")
    op.drop_table("evidence_look")
    with op.batch_alter_table("contact_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_change_person_id_hold_until"))
        batch_op.drop_index(batch_op.f("ix_contact_change_old_index"))

    op.drop_table("contact_change")
    with op.batch_alter_table("anomaly_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anomaly_line_seq"))

    op.drop_table("anomaly_line")
    op.drop_table("access_review_line")
    with op.batch_alter_table("wrong_password", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrong_password_at"))

    op.drop_table("wrong_password")
    with op.batch_alter_table("worker_beat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_worker_beat_seen_at"))

    op.drop_table("worker_beat")
    op.drop_table("staff_member")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_code_kind_value_index"))
        batch_op.drop_index(batch_op.f("ix_sign_in_code_expires_at"))

    op.drop_table("sign_in_code")
    op.drop_table("scan_record")
    with op.batch_alter_table("received_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_received_look_value_index"))
        batch_op.drop_index(batch_op.f("ix_received_look_seq"))
        batch_op.drop_index(batch_op.f("ix_received_look_received_at"))

    op.drop_table("received_look")
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_count_window_start"))

    op.drop_table("rate_count")
    op.drop_table("person")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_kind_owner_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_state_next_at"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_person_id"))

    op.drop_table("outbox_message")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_owner_id"))
        batch_op.drop_index(batch_op.f("ix_login_session_expires_at"))

    op.drop_table("login_session")
    with op.batch_alter_table("log_system", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_system_name"))

    op.drop_table("log_system")
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_message_person_id_sent_at"))

    op.drop_table("inbox_message")
    with op.batch_alter_table("hidden_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hidden_look_seq"))
        batch_op.drop_index(batch_op.f("ix_hidden_look_lifted_at"))
        batch_op.drop_index(batch_op.f("ix_hidden_look_case_reference"))

    op.drop_table("hidden_look")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_expires_at"))
        batch_op.drop_index(batch_op.f("ix_evidence_case_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("demo_mailbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demo_mailbox_at"))

    op.drop_table("demo_mailbox")
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_head_exported_at"))

    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_id_seq"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_request_reference_seq"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id_seq"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("anomaly_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anomaly_mark_rule_group_key_at"))
        batch_op.drop_index(batch_op.f("ix_anomaly_mark_at"))

    op.drop_table("anomaly_mark")
    op.drop_table("anomaly_cursor")
    with op.batch_alter_table("anomaly", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anomaly_settled_at"))
        batch_op.drop_index(batch_op.f("ix_anomaly_rule_group_key_last_at"))

    op.drop_table("anomaly")
    with op.batch_alter_table("access_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_review_department_signed_at"))

    op.drop_table("access_review")
