"""The tools of the demo company, as data: what is bought, where it is paid, when it renews, how far it is used."""

from dataclasses import dataclass
from typing import Final

#: Business units: code → (name, cost centre, currency).
UNITS: Final = {
    "AMER": ("Americas Marketing", "4100", "USD"),
    "EMEA": ("EMEA Marketing", "4200", "EUR"),
    "DIGI": ("Digital Commerce", "4300", "USD"),
}
ACCOUNTS: Final = {
    "software": "6210",
    "agency": "6310",
    "media": "6320",
    "event": "6330",
    "data": "6220",
    "other": "6400",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """Terms of a contract: days from the as-of date to the end of the current term, and what it says about notice.

    ``served`` is how many days ago notice was served; ``automatic`` false means it ends unless renewed.
    """

    in_days: int
    notice_days: int = 60
    automatic: bool = True
    served: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTool:
    """A tool. ``price`` is a year's price of all seats in whole units of its unit's currency, today's term.

    ``ledger`` is where it is paid: ``ap`` or ``card``; ``rhythm`` months between invoices. ``uplift`` percent was
    added at the last renewal. ``active`` of 100 assigned people are active; None: nobody exports its use.
    ``unused`` are owned capabilities nobody uses, ``rated`` says that somebody looked at all.
    """

    product: str
    unit: str
    price: int
    biller: str
    text: str
    owner: int
    seats: int | None = None
    ledger: str = "ap"
    rhythm: int = 12
    renewal: Renewal | None = None
    uplift: int = 4
    active: int | None = None
    unused: tuple[str, ...] = ()
    rated: bool = False
    export: str = ""


def _ap(
    product: str,
    unit: str,
    price: int,
    biller: str,
    text: str,
    owner: int,
    renewal: tuple[int, int] | Renewal | None = None,
    *,
    seats: int | None = None,
    rhythm: int = 12,
    uplift: int = 4,
    active: int | None = None,
    unused: str | None = None,
    export: str = "",
) -> DemoTool:
    """A tool paid by invoice; ``renewal`` as (days to the end, days of notice)."""
    terms = Renewal(in_days=renewal[0], notice_days=renewal[1]) if isinstance(renewal, tuple) else renewal
    return DemoTool(
        product=product,
        unit=unit,
        price=price,
        biller=biller,
        text=text,
        owner=owner,
        seats=seats,
        rhythm=rhythm,
        renewal=terms,
        uplift=uplift,
        active=active,
        unused=tuple((unused or "").split()),
        rated=unused is not None,
        export=export,
    )


def _card(
    product: str,
    monthly: int,
    merchant: str,
    *,
    seats: int | None = None,
    active: int | None = None,
    unused: str | None = None,
    export: str = "",
    owner: int = 5,
) -> DemoTool:
    """A tool of Digital Commerce on the company card, month by month."""
    return DemoTool(
        product=product,
        unit="DIGI",
        price=monthly * 12,
        biller=merchant,
        text="",
        owner=owner,
        seats=seats,
        ledger="card",
        rhythm=1,
        uplift=0,
        active=active,
        unused=tuple((unused or "").split()),
        rated=unused is not None,
        export=export,
    )


#: Suppliers that sell several of our tools: what a line's description has to say for each.
SPLIT: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "ADOBE INC.": (
        ("adobe-marketo-engage", "marketo engage"),
        ("bizible", "marketo measure"),
        ("adobe-creative-cloud", "creative cloud"),
        ("adobe-workfront", "workfront"),
        ("adobe-analytics", "analytics"),
    ),
    "HUBSPOT IRELAND LIMITED": (
        ("hubspot-marketing-hub", "marketing hub"),
        ("hubspot-sales-hub", "sales hub"),
    ),
}

TOOLS: Final[tuple[DemoTool, ...]] = (
    # --- Americas
    _ap(
        "salesforce-sales-cloud",
        "AMER",
        216_000,
        "SALESFORCE.COM INC",
        "Sales Cloud Enterprise 120 users",
        7,
        (75, 60),
        seats=120,
        uplift=7,
        active=74,
        unused="revenue_forecast",
        export="salesforce",
    ),
    _ap(
        "adobe-marketo-engage",
        "AMER",
        84_000,
        "ADOBE INC.",
        "Marketo Engage Prime, 250k records",
        6,
        (142, 90),
        uplift=5,
        unused="landing_pages",
    ),
    _ap("bizible", "AMER", 30_000, "ADOBE INC.", "Marketo Measure attribution", 8, (142, 90), unused=""),
    _ap(
        "adobe-creative-cloud",
        "AMER",
        54_000,
        "ADOBE INC.",
        "Creative Cloud for enterprise 60 seats",
        9,
        (210, 30),
        seats=60,
        active=80,
        unused="animation",
        export="adobe",
    ),
    _ap(
        "adobe-workfront",
        "AMER",
        38_400,
        "ADOBE INC.",
        "Workfront Select 80 licences",
        0,
        (58, 45),
        seats=80,
        active=38,
        unused="resource_planning",
        export="okta",
    ),
    _ap(
        "adobe-analytics",
        "AMER",
        60_000,
        "ADOBE INC.",
        "Analytics Foundation server calls",
        8,
        (300, 90),
        unused="",
    ),
    _ap(
        "asana",
        "AMER",
        21_000,
        "ASANA INC",
        "Asana Business 70 seats",
        0,
        (33, 30),
        seats=70,
        active=81,
        unused="work_intake",
        export="asana",
    ),
    _ap(
        "smartsheet",
        "AMER",
        9_600,
        "SMARTSHEET INC.",
        "Smartsheet Business 32 users",
        0,
        (96, 30),
        seats=32,
        active=34,
        unused="approval_workflow resource_planning",
        export="okta",
    ),
    _ap(
        "hootsuite",
        "AMER",
        18_000,
        "HOOTSUITE INC",
        "Hootsuite Enterprise 10 users",
        9,
        (120, 60),
        seats=10,
        unused="",
    ),
    _ap(
        "zoominfo-sales",
        "AMER",
        56_640,
        "ZOOMINFO TECHNOLOGIES LLC",
        "ZoomInfo Sales Advanced 40 seats",
        7,
        (88, 60),
        seats=40,
        uplift=18,
        active=52,
        unused="intent_signals",
        export="okta",
    ),
    _ap(
        "demandbase",
        "AMER",
        62_000,
        "DEMANDBASE INC",
        "Demandbase One platform",
        6,
        (41, 60),
        uplift=6,
        unused="company_data account_advertising",
    ),
    _ap(
        "6sense",
        "AMER",
        70_000,
        "6SENSE INSIGHTS INC",
        "6sense Revenue AI for Marketing",
        6,
        (175, 90),
        unused="account_advertising",
    ),
    _ap(
        "gong",
        "AMER",
        70_000,
        "GONG.IO INC",
        "Gong licences 50 users",
        7,
        (64, 60),
        seats=50,
        active=62,
        unused="revenue_forecast sales_sequences",
        export="okta",
    ),
    _ap(
        "outreach",
        "AMER",
        54_000,
        "OUTREACH CORPORATION",
        "Outreach Engage 45 users",
        7,
        (230, 60),
        seats=45,
        active=71,
        unused="revenue_forecast",
        export="okta",
    ),
    _ap(
        "tableau-cloud",
        "AMER",
        42_000,
        "TABLEAU SOFTWARE LLC",
        "Tableau Cloud Explorer 50 seats",
        8,
        (110, 60),
        seats=50,
        active=44,
        unused="semantic_model",
        export="okta",
    ),
    _ap(
        "power-bi",
        "AMER",
        7_200,
        "MICROSOFT CORPORATION",
        "Power BI Pro 60 licences",
        8,
        (265, 30),
        seats=60,
        active=85,
        unused="semantic_model",
        export="okta",
    ),
    _ap(
        "bynder-dam",
        "AMER",
        45_000,
        "BYNDER LLC",
        "Bynder DAM yearly subscription",
        9,
        (98, 60),
        uplift=6,
        unused="brand_templates",
    ),
    _ap(
        "cvent-event-management",
        "AMER",
        40_000,
        "CVENT INC",
        "Event Management licence",
        4,
        (152, 90),
        unused="venue_booking virtual_events",
    ),
    _ap(
        "on24",
        "AMER",
        36_000,
        "ON24 INC",
        "ON24 Engagement Hub",
        4,
        (81, 60),
        uplift=8,
        unused="digital_publishing lead_nurturing",
    ),
    _ap(
        "uptempo",
        "AMER",
        30_000,
        "UPTEMPO INC",
        "Uptempo Spend 15 users",
        0,
        (190, 90),
        seats=15,
        active=80,
        export="okta",
    ),
    _ap(
        "drift",
        "AMER",
        24_000,
        "DRIFT.COM INC",
        "Drift Premium",
        6,
        Renewal(in_days=36, notice_days=60, served=41),
        seats=20,
        active=15,
        unused="",
        export="okta",
    ),
    _ap(
        "slack",
        "AMER",
        19_200,
        "SLACK TECHNOLOGIES LLC",
        "Slack Business+ 160 members",
        0,
        (48, 30),
        seats=160,
        active=88,
        export="slack",
    ),
    _ap(
        "zoom-meetings",
        "AMER",
        27_000,
        "ZOOM VIDEO COMMUNICATIONS INC",
        "Zoom Workplace Business 150 hosts",
        0,
        (131, 30),
        seats=150,
        active=67,
        export="zoom",
    ),
    _ap("okta", "AMER", 8_640, "OKTA INC", "Okta Workforce Identity 180 users", 0, (250, 60), seats=180),
    _ap(
        "gartner-research", "AMER", 35_000, "GARTNER INC", "Gartner for Marketers seats", 3, (38, 30), seats=3
    ),
    _ap(
        "vidyard",
        "AMER",
        9_000,
        "VIDYARD INC",
        "Vidyard Teams 20 seats",
        7,
        Renewal(in_days=22, notice_days=0, automatic=False),
        seats=20,
        active=30,
        unused="",
        export="okta",
    ),
    # --- EMEA
    _ap(
        "hubspot-marketing-hub",
        "EMEA",
        48_000,
        "HUBSPOT IRELAND LIMITED",
        "Marketing Hub Enterprise",
        5,
        (102, 60),
        rhythm=3,
        uplift=5,
        unused="social_publishing landing_pages",
    ),
    _ap(
        "hubspot-sales-hub",
        "EMEA",
        37_800,
        "HUBSPOT IRELAND LIMITED",
        "Sales Hub Professional 35 Lizenzen",
        5,
        (102, 60),
        seats=35,
        rhythm=3,
        active=57,
        unused="",
        export="hubspot",
    ),
    _ap(
        "wrike",
        "EMEA",
        9_600,
        "WRIKE INC",
        "Wrike Business 40 users",
        5,
        (72, 45),
        seats=40,
        active=45,
        unused="resource_planning online_proofing",
        export="okta",
    ),
    _ap(
        "frontify",
        "EMEA",
        24_000,
        "FRONTIFY AG",
        "Frontify Brand Platform",
        10,
        (123, 90),
        uplift=5,
        unused="brand_templates",
    ),
    _ap(
        "qualtrics-xm",
        "EMEA",
        28_000,
        "QUALTRICS LLC",
        "Qualtrics XM 10 Lizenzen",
        10,
        (125, 90),
        seats=10,
        active=60,
        unused="panel_sample text_analytics",
        export="okta",
    ),
    _ap(
        "sprout-social",
        "EMEA",
        19_200,
        "SPROUT SOCIAL INC",
        "Sprout Social Advanced 8 users",
        10,
        (160, 30),
        seats=8,
        active=88,
        unused="mention_tracking influencer_campaigns",
        export="okta",
    ),
    _ap(
        "cognism",
        "EMEA",
        22_000,
        "COGNISM LIMITED",
        "Cognism Diamond 20 seats",
        5,
        (92, 60),
        seats=20,
        active=60,
        unused="intent_signals",
        export="okta",
    ),
    _ap(
        "brandwatch",
        "EMEA",
        30_000,
        "BRANDWATCH GMBH",
        "Consumer Intelligence",
        10,
        (205, 90),
        unused="crisis_alerts",
    ),
    _ap("cookiebot", "EMEA", 2_400, "CYBOT A/S", "Cookiebot Premium", 5, rhythm=12),
    _ap("contentful", "EMEA", 32_000, "CONTENTFUL GMBH", "Contentful Premium", 5, (280, 60), unused=""),
    _ap(
        "salesloft",
        "EMEA",
        27_500,
        "SALESLOFT INC",
        "Salesloft Advanced 25 seats",
        5,
        (39, 30),
        seats=25,
        active=28,
        unused="conversation_intelligence",
        export="okta",
    ),
    _ap(
        "semrush-platform",
        "EMEA",
        5_400,
        "SEMRUSH INC",
        "Semrush Business",
        10,
        rhythm=12,
        unused="competitor_tracking",
    ),
    _ap("supermetrics", "EMEA", 6_000, "SUPERMETRICS OY", "Supermetrics Super Pro", 8, rhythm=12),
    _ap("cisionone", "EMEA", 15_000, "CISION GERMANY GMBH", "CisionOne", 10, (115, 90)),
    # --- Digital Commerce, by invoice
    _ap(
        "optimizely-web",
        "DIGI",
        36_000,
        "OPTIMIZELY INC",
        "Web Experimentation",
        5,
        (67, 60),
        unused="feature_flags",
    ),
    _ap("yotpo", "DIGI", 18_000, "YOTPO INC", "Yotpo Growth", 5, (148, 30), unused="sms_campaigns"),
    _ap("trustpilot", "DIGI", 9_600, "TRUSTPILOT INC", "Trustpilot Plus", 5, (30, 30), unused=""),
    # --- Digital Commerce, on the card
    _card("klaviyo", 1_900, "KLAVIYO INC. SOFTWARE", unused="predictive_scores"),
    _card("mailchimp", 350, "MAILCHIMP *MISC", unused="landing_pages forms"),
    _card("shopify", 2_300, "SHOPIFY* 214093846"),
    _card(
        "canva", 325, "CANVA* I04311-25840913", seats=25, active=72, unused="video_editing", export="canva"
    ),
    _card("figma", 270, "FIGMA MONTHLY RENEWAL", seats=18, active=83, unused="", export="figma"),
    _card("monday-work", 420, "MONDAY.COM", seats=30, active=63, unused="database_apps", export="monday"),
    _card("typeform", 83, "TYPEFORM, S.L.", unused="quizzes"),
    _card("surveymonkey", 99, "SMK*SURVEYMONKEY.COM", unused="panel_sample nps_tracking"),
    _card("hotjar", 99, "HOTJAR LTD", unused=""),
    _card("crazy-egg", 49, "CRAZYEGG.COM", unused="ab_testing"),
    _card("vwo", 353, "VWO WINGIFY", unused="heatmaps session_replay"),
    _card("ahrefs", 199, "AHREFS PTE. LTD.", unused="content_optimisation"),
    _card("zapier", 103, "ZAPIER.COM/CHARGE"),
    _card("chatgpt", 300, "OPENAI *CHATGPT SUBSCR"),
    _card("calendly", 120, "CALENDLY"),
    _card("shutterstock", 199, "SHUTTERSTOCK"),
    _card("miro", 128, "MIRO.COM"),
)

#: Media bought through a platform: (product, unit, monthly budget, biller, description).
MEDIA: Final = (
    ("google-ads", "AMER", 28_000, "GOOGLE LLC", "Google Ads account 481-220-9917"),
    ("linkedin-ads", "AMER", 14_000, "LINKEDIN CORPORATION", "LinkedIn sponsored content"),
    ("meta-ads", "DIGI", 19_000, "META PLATFORMS INC", "Facebook and Instagram ads"),
)
#: Marketing that is no tool: (biller, unit, spend type, months between invoices, amount, description).
OTHERS: Final = (
    ("BRIGHTSIDE CREATIVE LLC", "AMER", "agency", 1, 22_000, "Retainer creative"),
    ("HARBOR & PINE MEDIA", "AMER", "agency", 1, 9_500, "Media planning fee"),
    ("AGENTUR WEITBLICK GMBH", "EMEA", "agency", 1, 14_500, "Agenturpauschale"),
    ("LOCALISE NOW SARL", "EMEA", "services", 3, 6_200, "Übersetzungen"),
    ("SUMMIT EXPO MANAGEMENT", "AMER", "event", 6, 38_000, "Booth and sponsorship"),
    ("MESSE KONTOR GMBH", "EMEA", "event", 6, 21_000, "Standmiete"),
    ("PIXELFORGE STUDIOS", "DIGI", "agency", 2, 7_800, "Product photography"),
)
#: Suppliers of a company-wide ledger that have nothing to do with marketing.
NOISE: Final = (
    ("RIVERSIDE CATERING CO", "AMER", "other", 640, "Team lunch"),
    ("CITYWIDE COURIERS", "AMER", "other", 210, "Courier"),
    ("TOTAL FACILITIES GROUP LLC", "AMER", "other", 1_850, "Office cleaning"),
    ("BUEROBEDARF HANSE GMBH", "EMEA", "other", 380, "Büromaterial"),
    ("STADTWERKE NORDHAFEN", "EMEA", "other", 910, "Strom"),
    ("ZOOM CAR RENTALS", "AMER", "other", 290, "Car hire"),
)
#: Suppliers that nobody has looked at yet: they stay in the queue.
OPEN: Final = (
    ("QUANTIVE ADVISORY LLC", "AMER", "software", 4_800, "Platform access fee"),
    ("NORTHSTAR AUDIENCE DATA", "AMER", "data", 3_900, "Audience file"),
    ("PAYPAL *PIXELCRAFT", "DIGI", "software", 59, ""),
    ("GRAMMARLY INC", "AMER", "software", 390, "Business plan, quarter"),  # paid for, and in no inventory
)
