"""The examples of docs/service/3 §4.9, each with its canonical text."""

_SAME = (
    "EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")',
    'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click")',
    "EXCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY)",
    "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.GENRE IN CurrentItem.GENRE",
    'EXCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("shoe") AND Items.CATEGORY_L2 NOT IN ("boot")',
    "INCLUDE ItemID WHERE Items.PRICE <= $PRICE",
    "INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP < $DATE",
    "INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)",
    "INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE AND Items.CREATION_TIMESTAMP > $DATE",
    "EXCLUDE ItemID WHERE Items.GENRE IN ($GENRE) IF CurrentUser.AGE = $AGE",
    'INCLUDE ItemID WHERE Items.CATEGORY_L1 IN ("watch") AND Items.CATEGORY_L2 IN ("luxury") IF CurrentUser.AGE > 18',
    "INCLUDE UserID WHERE Users.MEMBERSHIP_STATUS IN ($MEMBERSHIP)",
    "EXCLUDE UserID WHERE Users.AGE < $AGE",
    'INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("click", "rating")',
    "EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    "INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ($EVENT_TYPE)",
    'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("NOT_TAKEN")',
    "EXCLUDE ActionID WHERE Actions.CATEGORY IN ($CATEGORY)",
    None,  # 20 to 22 are not canonical: see below
    None,
    None,
    'INCLUDE ItemID WHERE Items.CATEGORY IN ($CATEGORY) | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("favorite")',
    (
        "INCLUDE ItemID WHERE Items.GENRE IN ($GENRE) | "
        'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("click", "stream")'
    ),
    None,  # 25 is a form of the console
    'INCLUDE ItemID WHERE Items.OWNER IN ("in-house")',
    "INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP > $DATE",
    'INCLUDE ItemID WHERE Items.CATEGORY IN ("clothing") AND Items.AVAILABLE IN ("True")',
    'INCLUDE ItemID WHERE Items.CATEGORY IN ("clothing") OR Items.CREATION_TIMESTAMP > $DATE',
    'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchased")',
)

GUIDE: dict[str, tuple[str, str]] = {
    **{f"example {number}": (text, text) for number, text in enumerate(_SAME, 1) if text},
    "example 20": (
        "INCLUDE ActionID WHERE Actions.VALUE > ($VALUE)",
        "INCLUDE ActionID WHERE Actions.VALUE > $VALUE",
    ),
    "example 21": (
        'INCLUDE ActionID WHERE Action.MEMBERSHIP_LEVEL IN ("Premium") IF CurrentUser.MEMBERSHIP = $PREMIUM',
        'INCLUDE ActionID WHERE Actions.MEMBERSHIP_LEVEL IN ("Premium") IF CurrentUser.MEMBERSHIP = $PREMIUM',
    ),
    "example 22": (
        "EXCLUDE ActionID WHERE Actions.VALUE < ($VALUE) IF CurrentUser.MEMBERSHIP = $PREMIUM",
        "EXCLUDE ActionID WHERE Actions.VALUE < $VALUE IF CurrentUser.MEMBERSHIP = $PREMIUM",
    ),
    "example 25": (
        "Exclude ItemID WHERE Items.GENRES IN ($GENRES) AND Items.DOWNLOAD_COUNT > 200 IF currentUser.AGE > 17",
        "EXCLUDE ItemID WHERE Items.GENRES IN ($GENRES) AND Items.DOWNLOAD_COUNT > 200 IF CurrentUser.AGE > 17",
    ),
    "any event": (
        'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
        'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    ),
    "bare asterisk": (
        "INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)",
        'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    ),
    "two tests after IF": (
        "EXCLUDE ItemID WHERE Items.NUMBER_OF_DOWNLOADS < 20 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 30",
        "EXCLUDE ItemID WHERE Items.NUMBER_OF_DOWNLOADS < 20 IF CurrentUser.AGE > 18 AND CurrentUser.AGE < 30",
    ),
    "samples of other teams": (
        "exclude itemId where INTERACTIONS.event_type\n  not in ('watched','favorited')",
        'EXCLUDE ItemID WHERE Interactions.event_type NOT IN ("watched", "favorited")',
    ),
}
