"""What the name of a column says of what it holds, in English, in pinyin and in Chinese."""

import re

# Category, identity kind (or None), and patterns; the first that fits decides. Names are taken apart into words first.
# A pattern matches whole words (`phone`), words in a row (`id_card`), or, in Chinese, any part of the name.
_PATTERNS: tuple[tuple[str, str | None, str], ...] = (
    ("user.authorization.password", None, "password passwd pwd password_hash passwd_hash mima 密码 口令"),
    ("user.authorization.credentials", None, "otp_secret totp_secret access_token refresh_token 令牌"),
    (
        "user.contact.email",
        "email",
        "email mail e_mail email_address mail_address youxiang dianzi_youjian 邮箱 电子邮件",
    ),
    ("user.device.ip_address", None, "ip ip_address ip_addr login_ip client_ip remote_addr ipdizhi IP地址"),
    (
        "user.government_id.national_identification_number",
        None,
        "id_card idcard id_card_no id_no idno identity_no identity_number resident_id national_id citizen_id "
        "shenfenzheng shenfenzhenghao sfz sfzh zhengjianhao 身份证 证件号",
    ),
    ("user.government_id.passport_number", None, "passport passport_no passport_number huzhao 护照"),
    ("user.government_id.drivers_license_number", None, "driver_license drivers_license jiashizheng 驾驶证 驾照"),
    ("user.government_id.vehicle_registration", None, "license_plate plate_no car_plate chepai chepaihao 车牌"),
    (
        "user.financial.credit_card",
        None,
        "bank_card bankcard card_no card_number credit_card pan ccn yinhangka yinhangkahao 银行卡 信用卡",
    ),
    ("user.financial.bank_account", None, "bank_account account_no iban yinhangzhanghao 银行账号 银行账户 开户行"),
    (
        "user.contact.phone_number",
        "phone_number",
        "phone mobile tel telephone cell cellphone phone_no phone_number mobile_no mobile_phone contact_phone "
        "shouji shoujihao dianhua lianxidianhua 手机 电话 联系电话",
    ),
    ("user.contact.fax_number", None, "fax fax_no chuanzhen 传真"),
    ("user.contact.address.postal_code", None, "zip zipcode zip_code postcode postal_code youbian 邮编 邮政编码"),
    ("user.contact.address.city", None, "city chengshi 城市"),
    ("user.contact.address.state", None, "province shengfen 省份"),
    ("user.contact.address.country", None, "country guojia 国家"),
    (
        "user.contact.address.street",
        None,
        "address addr street street_address detail_address shipping_address home_address dizhi xiangxidizhi "
        "shouhuodizhi zhuzhi 地址 住址 街道 门牌",
    ),
    ("user.name.first", None, "first_name firstname given_name"),
    ("user.name.last", None, "last_name lastname surname family_name"),
    (
        "user.name",
        None,
        "full_name fullname real_name realname customer_name user_real_name contact_name receiver_name consignee "
        "recipient_name recipient holder cardholder card_holder account_holder payee xingming zhenshixingming shoujianren lianxiren 姓名 收件人 收货人 联系人",
    ),
    ("user.account.username", None, "username user_name login_name nickname nick_name nicheng yonghuming 用户名 昵称"),
    ("user.demographic.date_of_birth", None, "birthday birth_date date_of_birth dob birth shengri 生日 出生"),
    ("user.demographic.gender", None, "gender sex xingbie 性别"),
    ("user.demographic.marital_status", None, "marital_status hunyin 婚姻"),
    ("user.demographic.race_ethnicity", None, "ethnicity minzu 民族"),
    ("user.health_and_medical", None, "allergy allergies medical health diagnosis guomin 过敏 病史 健康"),
    ("user.location.precise", None, "latitude longitude lat lng lon geo gps weizhi 经度 纬度"),
    ("user.device.device_id", None, "device_id imei idfa android_id oaid device_no shebeihao 设备号"),
    ("user.device.cookie_id", None, "cookie cookie_id"),
    ("user.device", None, "user_agent device_model 设备型号"),
    ("user.demographic.profile", None, "tag tags label segment portrait biaoqian 标签 画像"),
    ("user.behavior.search_history", None, "search_word search_keyword 搜索词"),
    ("user.unique_id", "customer_no", "customer_no customer_number customer_code kehuhao 客户号 客户编号 顾客号"),
    ("user.unique_id", "member_no", "member_no member_number member_code huiyuanhao 会员号 会员编号"),
    ("user.social", None, "wechat weixin openid open_id unionid qq 微信"),
    ("user.job_title", None, "job_title position zhiwu 职务"),
)

# What a column is about is said by the last word of its name: `email_verified_at` is a time, `email_format` no address.
_ABOUT_IT = (
    "verified valid validated confirmed confirmation sent send format hash hashed digest md5 sha1 sha256 at on time date count "
    "status state type flag enabled disabled opt optin optout subscribed notification notifications notify template templates "
    "log subject body content title provider domain host port server verification verify attempts settings setting "
    "preference preferences consent allowed required visible code label token is has expires expired bounced queue"
)
# An address that is kept beside the person's own: worked out from it, or not (or no longer) theirs.
_BESIDE_IT = "normalized normalised canonical unconfirmed unverified pending new previous old former masked display from to sender"
# Of a comment only what it begins with says what the column is: not an enumeration in brackets, not what is numbered.
_ASIDE = re.compile(r"[（(\[【].*|[,，;；:：。/|].*", re.DOTALL)
_END_OF_COMMENT = re.compile(r"(号码|号|地址|\d|[a-z])*")

# Names of plain book-keeping, by the family of values that must stand behind them.
_BOOKS: dict[str, str] = {
    "boolean": "deleted is_deleted enabled is_enabled active is_active visible is_default",
    "integer": "version sort sort_order sequence seq position revision lock_version line_no",
}
_MOMENT = re.compile(
    r"(.*_)?(at|on|time|date|until|since|created|updated|modified|deleted|start|end|from|to|shijian|riqi)|gmt_.*|.*(时间|日期)"
)
# Tables that are, by their whole name, the company's own people; and those that are its customers.
_STAFF = (
    "staff employee employees worker workers clerk clerks admin admins administrator operator operators admin_user sys_user "
    "salesman courier couriers rider riders yuangong guanliyuan dianyuan 员工 职员 店员 管理员"
)
_PEOPLE = (
    "customer customers client clients member members user users guest guests account accounts person people patient "
    "subscriber contact kehu huiyuan yonghu guke 客户 会员 用户 顾客"
)

# The categories that values of a shape are sure to be of; the first is the one to suggest.
_SURELY = {
    "email": ("user.contact.email",),
    "mobile": ("user.contact.phone_number",),
    "resident_id": ("user.government_id.national_identification_number",),
    "bank_card": ("user.financial.credit_card", "user.financial.bank_account"),
    "ip": ("user.device.ip_address",),
    "address": ("user.contact.address.street",),
    "han_name": ("user.name",),
}


def words_of(name: str) -> str:
    """A column's name as lower-case words joined by `_`: `customerPhoneNo` and `Customer-Phone-No` are the same."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^0-9a-z\u3400-\u9fff]+", "_", parted.lower()).strip("_")


def category_by_name(name: str) -> tuple[str, str | None] | None:
    """The category that a name speaks of and the identity kind such a column may carry; None where it says nothing."""
    spoken = f"_{words_of(name)}_"
    for category, identity, patterns in _PATTERNS:
        if _says_any(spoken, patterns):
            return category, identity
    return None


def category_by_comment(comment: str) -> tuple[str, str | None] | None:
    """The category that a column's comment speaks of: only where the comment is that word, with others before it.

    `用户手机号` is a phone number; `所属平台（pc网站, h5手机网站）` and `邮箱账号编号` are not.
    """
    said = _ASIDE.sub("", comment.strip().lower())
    found = category_by_name(said)
    if found is None:
        return None
    patterns = next(patterns for category, _kind, patterns in _PATTERNS if category == found[0])
    ends = (said.rfind(one.lower()) + len(one) for one in patterns.split() if not one.isascii() and one.lower() in said)
    spoken = f"_{words_of(said)}_"
    whole_words = any(one.isascii() and spoken.endswith(f"_{one}_") for one in patterns.split())
    return found if whole_words or any(_END_OF_COMMENT.fullmatch(said[end:]) for end in ends) else None


def is_about_a_value(name: str) -> bool:
    """Whether a name speaks of something about an address or number (`email_verified_at`, `phone_hash`) and not of itself."""
    words = words_of(name).split("_")
    return words[0] in ("is", "has") or any(word in _ABOUT_IT.split() for word in words[1:])


def is_beside_the_own(name: str) -> bool:
    """Whether a name speaks of an address that is not simply the person's own (`normalized_email`, `new_email`)."""
    return any(word in _BESIDE_IT.split() for word in words_of(name).split("_"))


def is_book_keeping(name: str, family: str) -> bool:
    """Whether a name is one of plain book-keeping and the values behind it are of that kind (`created_at`, a time)."""
    if family in ("date", "datetime", "time"):
        return bool(_MOMENT.fullmatch(words_of(name)))
    return words_of(name) in _BOOKS.get(family, "").split()


def is_about_staff(table: str) -> bool:
    """Whether a table is by its name the list of the company's own people (`staff`, `t_employee`)."""
    return _bare_table(table) in _STAFF.split()


def is_about_people(table: str) -> bool:
    """Whether a table is by its name the list of customers itself (`customer`, `t_member`, `ums_member`, `users`)."""
    whole = _bare_table(table)
    first, _, rest = whole.partition("_")
    return whole in _PEOPLE.split() or (len(first) <= 4 and rest in _PEOPLE.split() and not is_about_staff(table))


def agrees(shape: str, category: str) -> bool:
    """Whether values of a shape are what a column of the category holds."""
    return category in _SURELY.get(shape, ())


def category_of_shape(shape: str) -> str:
    return _SURELY[shape][0]


def has_shape(category: str) -> bool:
    """Whether values of the category have a shape that can be checked."""
    return any(category in found for found in _SURELY.values())


def _bare_table(table: str) -> str:
    return words_of(table).removeprefix("t_").removeprefix("tbl_")


def _says_any(spoken: str, patterns: str) -> bool:
    return any(_says(spoken, pattern) for pattern in patterns.split())


def _says(spoken: str, pattern: str) -> bool:
    if pattern.isascii():
        return f"_{pattern}_" in spoken
    return pattern.lower() in spoken
