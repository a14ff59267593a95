"""Words that say of a line which side it is on, money out or money in, and the column that holds them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from importers.grid import Cell, Grid
from importers.spend_columns import Pick, plain_number
from importers.table import ColumnFacts, Header
from importers.texts import fold

#: Words of one column: those of a charge, then those of a credit.
_PAIRS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("d", "dr", "debit", "debits", "dbit", "db"), ("c", "cr", "credit", "credits", "crdt", "cdt")),
    (
        ("d", "debet", "debetas", "debeta", "deebet"),
        ("k", "c", "kredit", "credit", "kreditas", "kredīts", "kreedit"),
    ),
    (("s", "soll"), ("h", "haben")),
    (("af",), ("bij",)),
    (("debe", "cargo", "debito", "débito"), ("haber", "abono", "credito", "crédito")),
    (("dare", "addebito", "uscita"), ("avere", "accredito", "entrata")),
    (("débit", "debit"), ("crédit", "credit")),
    (("debito", "débito", "d"), ("credito", "crédito", "c")),
    (
        ("outflow", "out", "outgoing", "money out", "expense"),
        ("inflow", "in", "incoming", "money in", "income"),
    ),
    (
        ("belastung", "lastschrift", "ausgang", "ausgehend", "ausgabe"),
        ("gutschrift", "eingang", "eingehend", "einnahme"),
    ),
    (("wn", "obciążenie", "wydatek"), ("ma", "uznanie", "wpływ")),
    (("výdaj", "odchozí"), ("příjem", "příchozí")),
    (("kiadás", "terhelés", "t"), ("bevétel", "jóváírás", "j")),
    (("расход", "дебет", "списание"), ("приход", "кредит", "зачисление")),
    (("支出", "借", "借方", "出金"), ("收入", "収入", "贷", "貸", "贷方", "貸方", "入金")),
    (("χρεωση", "χρέωση", "χ"), ("πιστωση", "πίστωση", "π")),
    (("дебит", "дт"), ("кредит", "кт")),
    (("витрата", "списання", "видаток"), ("надходження", "зарахування", "дохід")),
    (("задужење", "на терет", "дугује"), ("одобрење", "у корист", "потражује")),
    (("zaduženje", "na teret", "duguje", "isplata"), ("odobrenje", "u korist", "potražuje", "uplata")),
    (("breme", "v breme", "odliv"), ("dobro", "v dobro", "priliv")),
    (("borç", "çıkış", "gider", "giden"), ("alacak", "giriş", "gelir", "gelen")),
    (("חובה", "חיוב", "הוצאה"), ("זכות", "זיכוי", "הכנסה")),
    (("مدين", "سحب", "مصروف", "خارج"), ("دائن", "إيداع", "ايداع", "إيراد", "داخل")),
    (("بدهکار", "برداشت", "هزینه"), ("بستانکار", "واریز", "درآمد")),
    (("nợ", "ghi nợ", "chi"), ("có", "ghi có", "thu")),
    (("ถอน", "ถอนเงิน", "จ่าย", "รายจ่าย"), ("ฝาก", "ฝากเงิน", "รับ", "รายรับ")),
    (("keluar", "pengeluaran", "uang keluar"), ("masuk", "pemasukan", "uang masuk")),
    (("출금", "지출", "지급"), ("입금", "수입")),
    (("支払", "支払い", "出"), ("受取", "受取り", "入")),
    (("egreso", "gasto", "salida", "retiro"), ("ingreso", "entrada", "depósito")),
    (("saída", "despesa"), ("entrada", "receita")),
    (("+",), ("-", "\u2212", "\u2013")),
)
#: What stands in such a column where a line is neither: money moved between one's own pockets.
NEITHER = frozenset(("/", "不计收支", "中性交易", "振替"))
#: Words of a credit, whatever the words of a charge are beside them.
CREDIT_SIDES = frozenset(word for _, back in _PAIRS for word in back)


@dataclass(frozen=True, slots=True)
class Side:
    """The column that tells the sides apart. ``minus_out``: what goes out carries a minus too, what comes in none;
    ``neither``: some lines are on neither side.
    """

    column: int
    minus_out: bool = False
    neither: bool = False


def word_of(value: Cell) -> str:
    """A cell as a word of a side."""
    return fold(value).casefold().strip("().") if isinstance(value, str) else ""


def side_column(
    grid: Grid, header: Header, facts: Sequence[ColumnFacts], picks: dict[str, Pick], amount: Pick
) -> Side | None:
    """The column that says of each line whether it is a credit, where the amounts do not say so by their own sign."""
    taken = {
        pick.column for name, pick in picks.items() if not name.startswith("_") and name != "description"
    }
    for column, fact in enumerate(facts):
        texts = {word for text in fact.texts if (word := word_of(text) or text)}
        sides = texts - NEITHER
        if column in taken or not sides or fact.numbers or not _one_pair(sides):
            continue
        if len(sides) == 1 and not _alone(header, column, fact, sides, facts[amount.column]):
            continue
        side = _signs_beside(grid, header, column, amount)
        if side is not None:
            return Side(column, minus_out=side, neither=bool(texts & NEITHER))
    return None


def _one_pair(words: set[str]) -> bool:
    """Whether all the words are of one pair."""
    return any(words <= {*out, *back} for out, back in _PAIRS)


def _alone(header: Header, column: int, fact: ColumnFacts, words: set[str], amounts: ColumnFacts) -> bool:
    """Whether one word alone tells sides: under a heading that says so, or ``CR`` beside some amounts without one."""
    if "_indicator" in header.matches[column]:
        return True
    unnamed = column >= len(header.headings) or not header.headings[column]
    return unnamed and words <= {"cr", "credit"} and fact.filled < amounts.filled


def _signs_beside(grid: Grid, header: Header, column: int, amount: Pick) -> bool | None:
    """Whether what goes out carries a minus and what comes in none; None where the amounts are signed as costs are."""
    back = back_below = out = out_below = 0
    for row in grid.rows[header.first_index : header.first_index + 2000]:
        word = word_of(row[column]) if column < len(row) else ""
        number = plain_number(row[amount.column]) if amount.column < len(row) else None
        if not word or not number or word in NEITHER:
            continue
        if word in CREDIT_SIDES:
            back += 1
            back_below += number < 0
        else:
            out += 1
            out_below += number < 0
    if back and back_below * 2 > back:
        return None
    return bool(out) and out_below * 2 > out


def sign_column(grid: Grid, start: int, taken: set[int]) -> int | None:
    """The column of nothing but + and \u2212, of which most are +; None where there is none.

    Where most are \u2212 it may be a statement's, on which \u2212 is what was paid.
    """
    signs: dict[int, Counter[str]] = {}
    for row in grid.rows[start : start + 5000]:
        for column, value in enumerate(row):
            if value is not None and column not in taken:
                text = value.strip() if isinstance(value, str) and len(value) < 4 else ""
                signs.setdefault(column, Counter())[text] += 1
    for column, found in signs.items():
        minus = sum(found[sign] for sign in ("-", "\u2212", "\u2013"))
        if 0 < minus < found["+"] and minus + found["+"] == found.total():
            return column
    return None
