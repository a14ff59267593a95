"""Dates as they are written farther east: months in more languages, digits of any script, Persian years.

Lunar (Hijri) years are not turned: which day a month begins is a matter of what was seen where, and a day off is wrong.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

#: Months as words of letters, one line a month, in the order of the year; capitals aside.
_NAMES = (
    (
        "januar јануар януари січня ианварь янв қаңтар იანვარი հունվար հունվարի "
        "ינואר بناير يناير جانفي janúar enero sausio siječanj siječnja ιαν"
    ),
    (
        "februar фебруар февруари лютого фев ақпан თებერვალი փետրվար փետրվարի "
        "פברואר فبراير شباط فيفري febrúar pebrero vasario veljača veljače φεβ"
    ),
    (
        "mart marec март березня мар наурыз მარტი մարտ մարտի מרץ "
        "מרס مارس آذار marso maret mac kovo ožujak ožujka μαρ"
    ),
    (
        "april април квітня апр сәуір აპრილი ապրիլ ապրիլի אפריל "
        "أبريل ابريل نيسان أفريل apríl abril balandžio travanj travnja απρ"
    ),
    (
        "maj мај май травня мая мамыр მაისი մայիս մայիսի מאי "
        "مايو أيار ماي maí mayo gegužės svibanj svibnja μαι μαϊ"
    ),
    (
        "jun juni junij јун юни червня июн маусым ივნისი հունիս "
        "հունիսի יוני يونيو حزيران جوان júní hunyo birželio lipanj lipnja ιουν"
    ),
    (
        "jul julij julai јул юли липня июл шілде ივლისი հուլիս "
        "հուլիսի יולי يوليو تموز جويلية júlí hulyo liepos srpanj srpnja ιουλ"
    ),
    (
        "avgust август серпня авг тамыз აგვისტო օգոստոս օգոստոսի אוגוסט أغسطس "
        "اغسطس آب أوت ágúst ogos ogo agt rugpjūčio kolovoz kolovoza αυγ"
    ),
    (
        "septembar септембар септември вересня сен сент қыркүйек სექტემბერი սեպտեմբեր "
        "սեպտեմբերի ספטמבר سبتمبر أيلول setyembre rugsėjo rujan rujna σεπ"
    ),
    (
        "oktobar октобар октомври жовтня окт қазан ოქტომბერი հոկտեմբեր "
        "հոկտեմբերի אוקטובר أكتوبر اكتوبر október oktubre spalio οκτ"
    ),
    (
        "novembar новембар ноември ноя қараша ნოემბერი նոյեմբեր նոյեմբերի "
        "נובמבר نوفمبر nóvember nobyembre lapkričio studeni studenoga νοε"
    ),
    (
        "decembar децембар декември грудня дек желтоқсан დეკემბერი դեկտեմբեր "
        "դեկտեմբերի דצמבר ديسمبر disember disyembre gruodžio prosinac prosinca δεκ"
    ),
)
MONTHS: Final = {name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()}

#: Months whose letters carry signs of their own (Thai, Devanagari, Bengali), Persian ones, those of two words.
_WRITTEN = (
    "มกราคม|ม.ค.|जनवरी|জানুয়ারি|জানুয়ারি|كانون الثاني|فروردین",
    "กุมภาพันธ์|ก.พ.|फरवरी|फ़रवरी|ফেব্রুয়ারি|ফেব্রুয়ারি|اردیبهشت",
    "มีนาคม|มี.ค.|मार्च|মার্চ|خرداد",
    "เมษายน|เม.ย.|अप्रैल|এপ্রিল|تیر",
    "พฤษภาคม|พ.ค.|मई|মে|مرداد",
    "มิถุนายน|มิ.ย.|जून|জুন|شهریور",
    "กรกฎาคม|ก.ค.|जुलाई|জুলাই|مهر",
    "สิงหาคม|ส.ค.|अगस्त|আগস্ট|آبان",
    "กันยายน|ก.ย.|सितंबर|सितम्बर|সেপ্টেম্বর|آذر",
    "ตุลาคม|ต.ค.|अक्टूबर|अक्तूबर|অক্টোবর|تشرين الأول|دی",
    "พฤศจิกายน|พ.ย.|नवंबर|नवम्बर|নভেম্বর|تشرين الثاني|بهمن",
    "ธันวาคม|ธ.ค.|दिसंबर|दिसम्बर|ডিসেম্বর|كانون الأول|اسفند",
)
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORDS: Final = {
    name: english for names, english in zip(_WRITTEN, _ENGLISH, strict=True) for name in names.split("|")
}
_WORD = re.compile(
    r"(?<![^\W\d_])(" + "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)) + r")(?![^\W\d_])"
)
#: A Thai month with the last two digits of its year, which the Buddha's years are cut to.
_THAI_SHORT = re.compile(r"(?<=[\u0e00-\u0e7f.])\s*([0-9]{2})(?![0-9])(?=$|\s|,)")
#: ``ngày 12 tháng 8 năm 2026``, ``12 Thg 8, 2026``.
_VIETNAMESE = re.compile(
    r"(?:ngày\s+)?([0-9]{1,2})\s+(?:tháng|thg\.?)\s+([0-9]{1,2}),?\s+(?:năm\s+)?([0-9]{4})(.*)", re.IGNORECASE
)


def plain_date(text: str) -> str:
    """A date text with the digits of any script as 0–9 and months of other scripts in English; else as it is."""
    if text.isascii():
        return text
    digits = "".join(
        str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text
    )
    vietnamese = _VIETNAMESE.fullmatch(digits)
    if vietnamese:
        day, month, year, rest = vietnamese.groups()
        return f"{year}-{int(month):02}-{int(day):02}{rest}"
    found = _WORD.search(digits)
    if found is None:
        return digits
    after = digits[found.end() :].replace("พ.ศ.", " ")
    if "\u0e00" <= found.group(1)[0] <= "\u0e7f":
        after = _THAI_SHORT.sub(lambda year: f" {2500 + int(year.group(1))}", found.group(1)[-1] + after)[1:]
    return " ".join(f"{digits[: found.start()]} {_WORDS[found.group(1)]} {after}".split())


#: Years of the Persian calendar a ledger of today may be of: 1370 began in 1991.
PERSIAN: Final = range(1370, 1420)
_DAYS_BEFORE = (0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336)


def _persian_leap(year: int) -> bool:
    """Whether a Persian year has 366 days, by the rule of 33 years, which holds from 1343 to 1472."""
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def persian_day(year: int, month: int, day: int) -> date | None:
    """The day of a date of the Persian calendar, or None for what is none."""
    if year not in PERSIAN or not 1 <= month <= 12:
        return None
    longest = 31 if month <= 6 else 30 if month < 12 or _persian_leap(year) else 29
    if not 1 <= day <= longest:
        return None
    leaps = sum(_persian_leap(each) for each in range(PERSIAN.start, year))
    begun = date(1991, 3, 21) + timedelta(days=365 * (year - PERSIAN.start) + leaps)
    return begun + timedelta(days=_DAYS_BEFORE[month - 1] + day - 1)
