"""What somebody was proven by, in words; the same for customers and staff."""

from flask_babel import gettext as _


def proof_words(method: str) -> str:
    """The proofs of a login or a request (`code:email+passkey`), joined."""
    return _("、").join(_one(one) for one in method.split("+") if one) or _("没有核验")


def _one(proof: str) -> str:
    said = {
        "code:email": _("邮箱验证码"),
        "code:phone_number": _("手机验证码"),
        "code:email:other": _("另一个邮箱的验证码"),
        "code:phone_number:other": _("另一个手机的验证码"),
        "password": _("密码"),
        "passkey": _("通行密钥"),
        "oidc": _("公司账号登录"),
        "counter": _("门店核对证件原件"),
        "guardian": _("监护人在场，看过其证件原件"),
    }
    if proof.endswith(":new"):
        usual = proof.removesuffix(":new")
        return _("%(proof)s（新设，还不算第二种）", proof=said.get(usual, usual))
    return said.get(proof, proof)
