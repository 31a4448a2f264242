"""The posts in the house."""

import enum


class Role(enum.StrEnum):
    """What a member of staff is here for; several may be held at once. `permits.py` says what each may do."""

    AGENT = "agent"
    COMPLAINT_SPECIALIST = "complaint_specialist"
    REVIEWER = "reviewer"
    SENIOR_REVIEWER = "senior_reviewer"
    PRIVACY_OFFICER = "privacy_officer"
    SECURITY_OFFICER = "security_officer"
    MANAGER = "manager"
    AUDITOR = "auditor"
    STEWARD = "steward"
    OPERATOR = "operator"
