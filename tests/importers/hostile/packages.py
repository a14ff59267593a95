"""Workbook packages no spreadsheet program writes: zip tricks, declarations, numbers and places no sheet has."""

import struct
import zipfile

from tests.importers.builders import CONTENT_TYPES, LINES, ROOT_RELS, WORKBOOK, WORKBOOK_RELS
from tests.importers.hostile.packing import (
    AFTER,
    DOCTYPE,
    LAUGHS,
    MAIN,
    Writer,
    appended,
    bad_crc,
    deflate_bomb,
    later,
    long_comment,
    patch_directory,
    patch_local,
    plain,
    polyglot_pdf,
    prefixed,
    quoted_overlap,
    raw,
    row,
    shared_strings,
    sheet,
    truncated_stream,
    two_packages,
    utf16_part,
    with_descriptors,
    workbook_part,
    zip64,
    zipped,
)

#: Refused before any parser runs.
REFUSED: dict[str, Writer] = {
    "laughs-in-sheet": plain({"xl/worksheets/sheet1.xml": LAUGHS}),
    "laughs-in-props": plain({"docProps/core.xml": LAUGHS}),
    "laughs-in-theme": plain({"xl/theme/theme1.xml": LAUGHS}),
    "doctype-content-types": plain({"[Content_Types].xml": DOCTYPE + CONTENT_TYPES.split("?>")[1]}),
    "doctype-rels": plain({"_rels/.rels": DOCTYPE + ROOT_RELS.split("?>")[1]}),
    "doctype-workbook-utf16": plain(
        utf16_part("xl/workbook.xml", DOCTYPE + WORKBOOK.split("?>")[1], "utf-16-le")
    ),
    "doctype-strings-utf16be": plain(
        utf16_part("xl/sharedStrings.xml", DOCTYPE + f'<sst xmlns="{MAIN}"/>', "utf-16-be")
    ),
    "doctype-external": plain(
        {"docProps/app.xml": '<!DOCTYPE a SYSTEM "http://169.254.169.254/latest/meta-data"><a/>'}
    ),
    "doctype-parameter": plain(
        {"docProps/app.xml": '<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a/>'}
    ),
    "doctype-no-ending": plain({"xl/drawing": "<?xml version='1.0'?>" + DOCTYPE + "<a/>"}),
    "doctype-vml": plain({"xl/drawings/vmlDrawing1.vml": DOCTYPE + "<a/>"}),
    "doctype-after-space": plain({"docProps/app.xml": " " * 70_000 + DOCTYPE + "<a/>"}),
    "doctype-across-chunks": plain({"xl/x.dat": "y" * (65_536 - 4) + "<!DOCTYPE a><a/>"}),
    "member-absolute": plain({"/etc/cron.d/x": "x"}),
    "member-climbing": plain({"xl/../../x": "x"}),
    "member-backslash": plain({"..\\..\\x": "x"}),
    "member-drive": plain({"C:\\x": "x"}),
    "member-unc": plain({"\\\\host\\share\\x": "x"}),
    "member-twice-by-case": zipped(lambda archive: archive.writestr("XL/WORKBOOK.XML", WORKBOOK)),
    "member-twice-by-slash": zipped(lambda archive: archive.writestr("xl\\workbook.xml", WORKBOOK)),
    "member-lzma": zipped(lambda a: a.writestr("x.xml", "<a/>", compress_type=zipfile.ZIP_LZMA)),
    "member-bzip2": zipped(lambda a: a.writestr("x.xml", "<a/>", compress_type=zipfile.ZIP_BZIP2)),
    "member-encrypted": raw(patch_directory(8, b"\x01\x00")),
    "member-encrypted-locally": raw(patch_local(6, b"\x01\x00")),
    "member-strong-encryption": raw(patch_directory(8, b"\x41\x00")),
    "member-method-99": raw(patch_directory(10, b"\x63\x00")),
    "member-name-differs": raw(patch_local(30, b"[Content_Types].xmk")),
    "overlapping": quoted_overlap,
    "bad-crc": raw(bad_crc),
    "zip64-without-field": raw(zip64),
    "truncated-stream": raw(truncated_stream),
    "cut-directory": raw(lambda data: data[:-30]),
    "cut-half": raw(lambda data: data[: len(data) // 2]),
    "not-at-zero": prefixed,
    "polyglot-pdf": polyglot_pdf,
    "trailing-70000": appended,
    "laughs-in-a-picture": plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("sheet1.xml", "sheet1.png"),
            "xl/worksheets/sheet1.png": LAUGHS,
        }
    ),
    "rows-past-the-end-elsewhere": plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "media/odd.xml"),
            "xl/media/odd.xml": sheet(LINES + '<row r="99999999"><c><v>1</v></c></row>'),
        }
    ),
    "two-packages": two_packages,
    "bomb-one-member": later(lambda: plain({"xl/media/z.bin": deflate_bomb(101 * 1024 * 1024)})),
    "bomb-many-members": later(
        lambda: plain({f"xl/media/{n}.bin": deflate_bomb(60 * 1024 * 1024) for n in range(4)})
    ),
    "bomb-sheet": later(lambda: plain({"xl/worksheets/sheet1.xml": sheet(" " * (101 * 1024 * 1024))})),
    "members-2001": plain({f"x/{n}.bin": b"" for n in range(1996)}),
    "macro-in-xlsx": plain({"xl/vbaProject.bin": b"x"}),
    "macro-type-in-xlsx": plain(
        {
            "[Content_Types].xml": CONTENT_TYPES.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
        }
    ),
    "macro-renamed-part": plain({"xl/VBAPROJECT.BIN": b"x"}),
    "macro-by-relation": plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace(
                "</Relationships>",
                '<Relationship Id="rId7" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                'Target="code.bin"/></Relationships>',
            ),
            "xl/code.bin": b"\xd0\xcf\x11\xe0",
        }
    ),
    "macro-sheet": plain({"xl/macrosheets/sheet1.xml": sheet("")}),
    "nested-65": plain({"docProps/app.xml": "<a>" * 65 + "</a>" * 65}),
    "nested-65-in-sheet": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, after="<extLst>" + "<a>" * 64 + "</a>" * 64 + "</extLst>")}
    ),
    "attributes-65": plain({"docProps/app.xml": "<a " + " ".join(f'a{n}=""' for n in range(65)) + "/>"}),
    "attributes-65-in-cell": plain(
        data=LINES + '<row r="9"><c r="A9" ' + " ".join(f'a{n}=""' for n in range(65)) + "><v>1</v></c></row>"
    ),
    "styles-65491": plain(
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 65_491}</cellXfs></styleSheet>'}
    ),
    "strings-500001": later(lambda: plain(shared_strings("x", 500_001))),
    "sheets-101": plain(
        {
            "xl/workbook.xml": workbook_part(
                "".join(f'<sheet name="s{n}" sheetId="{n + 1}"/>' for n in range(101))
            )
        }
    ),
    "row-0": plain(data=LINES + '<row r="0"><c r="C0"><v>1</v></c></row>'),
    "row-negative": plain(data=LINES + '<row r="-1"><c r="C1"><v>1</v></c></row>'),
    "row-99999999": plain(data=LINES + '<row r="99999999"><c r="C99999999"><v>1</v></c></row>'),
    "row-1048577": plain(data=LINES + '<row r="1048577"><c><v>1</v></c></row>'),
    "row-of-digits": plain(data=LINES + f'<row r="{"9" * 4000}"><c><v>1</v></c></row>'),
    "column-xfe": plain(data=LINES + '<row r="9"><c r="XFE9"><v>1</v></c></row>'),
    "column-zzzzzz": plain(data=LINES + '<row r="9"><c r="ZZZZZZ9"><v>1</v></c></row>'),
    "text-32768": plain(data=LINES.replace("ACME Ltd", "x" * 32_768)),
    "text-of-a-mebibyte": plain(data=LINES.replace("ACME Ltd", "x" * (1 << 20))),
    "string-of-a-mebibyte": plain(
        shared_strings("x" * (1 << 20)), data=LINES + row(9, '<c r="C9" t="s"><v>0</v></c>')
    ),
    "target-outside": plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "../../../etc/passwd")}
    ),
    "target-url": plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "http://127.0.0.1/x")}
    ),
    "target-file-url": plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/sheet1.xml", "file:///etc/hosts")}
    ),
    "target-encoded-climb": plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("worksheets/", "%2e%2e/%2e%2e/")}
    ),
    "sheet-unclosed": plain({"xl/worksheets/sheet1.xml": sheet(LINES)[:-12]}),
    "sheet-of-bytes": plain({"xl/worksheets/sheet1.xml": bytes(range(256)) * 40}),
    "sheet-nul-in-xml": plain({"xl/worksheets/sheet1.xml": sheet(LINES.replace("ACME", "A\0ME"))}),
    "sheet-charref-nul": plain({"xl/worksheets/sheet1.xml": sheet(LINES.replace("ACME", "A&#0;ME"))}),
    "sheet-charref-surrogate": plain({"xl/worksheets/sheet1.xml": sheet(LINES.replace("ACME", "&#xD800;"))}),
    "no-sheets": plain({"xl/workbook.xml": workbook_part("")}),
    "sheet-part-missing": plain(
        {"xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace("sheet1.xml", "sheet9.xml")}
    ),
    "workbook-empty-part": plain({"xl/workbook.xml": b""}),
    "lying-size": raw(patch_directory(24, struct.pack("<L", 3))),
}


#: Read, whatever is odd in them: name → (writer, what the two good lines and the one after must come to).
READ: dict[str, Writer] = {
    "data-descriptors": with_descriptors,
    "long-comment": raw(long_comment),
    "xlsm-macro": plain(
        {
            "xl/vbaProject.bin": b"x",
            "[Content_Types].xml": CONTENT_TYPES.replace(
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            ),
        },
        name="a.xlsm",
    ),
    "external-link": plain(
        {
            "xl/_rels/workbook.xml.rels": WORKBOOK_RELS.replace(
                "</Relationships>",
                '<Relationship Id="rId8" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                'externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>',
            ),
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" '
            'ddeTopic="/c calc"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": ROOT_RELS.replace(
                'Target="xl/workbook.xml"', 'Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"'
            ),
        }
    ),
    "dde-formula": plain(
        data=LINES + row(8, '<c r="C8"><f>cmd|\'/c calc\'!A0</f><v>5</v></c>') + AFTER
    ),
    "hyperlinks": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, after='<hyperlinks><hyperlink ref="A1" location="x"/></hyperlinks>')}
    ),
    "nan": plain(data=LINES + row(8, '<c r="C8"><v>NaN</v></c>') + AFTER),
    "infinity": plain(data=LINES + row(8, '<c r="C8"><v>Infinity</v></c>') + AFTER),
    "minus-inf": plain(data=LINES + row(8, '<c r="C8"><v>-inf</v></c>') + AFTER),
    "exponent-999999": plain(data=LINES + row(8, '<c r="C8"><v>1e999999</v></c>') + AFTER),
    "ten-thousand-digits": plain(data=LINES + row(8, f'<c r="C8"><v>{"9" * 10_000}</v></c>') + AFTER),
    "ten-thousand-decimals": plain(data=LINES + row(8, f'<c r="C8"><v>0.{"3" * 10_000}</v></c>') + AFTER),
    "digits-as-text": plain(
        data=LINES + row(8, f'<c r="C8" t="inlineStr"><is><t>{"9" * 10_000}</t></is></c>') + AFTER
    ),
    "underscored-number": plain(data=LINES + row(8, '<c r="C8"><v>1_000</v></c>') + AFTER),
    "hex-number": plain(data=LINES + row(8, '<c r="C8"><v>0x1F</v></c>') + AFTER),
    "arabic-digits": plain(data=LINES + row(8, '<c r="C8"><v>١٢٣</v></c>') + AFTER),
    "boolean-amount": plain(data=LINES + row(8, '<c r="C8" t="b"><v>1</v></c>') + AFTER),
    "boolean-7": plain(data=LINES + row(8, '<c r="C8" t="b"><v>7</v></c>') + AFTER),
    "error-amount": plain(data=LINES + row(8, '<c r="C8" t="e"><v>#REF!</v></c>') + AFTER),
    "no-saved-value": plain(data=LINES + row(8, '<c r="C8"><f>A1+B1</f></c>') + AFTER),
    "string-index-out": plain(data=LINES + row(8, '<c r="C8" t="s"><v>99</v></c>') + AFTER),
    "string-index-negative": plain(data=LINES + row(8, '<c r="C8" t="s"><v>-1</v></c>') + AFTER),
    "style-out-of-range": plain(data=LINES + row(8, '<c r="C8" s="99999"><v>5</v></c>') + AFTER),
    "style-not-a-number": plain(data=LINES + row(8, '<c r="C8" s="x"><v>5</v></c>') + AFTER),
    "unknown-type": plain(data=LINES + row(8, '<c r="C8" t="zzz"><v>5</v></c>') + AFTER),
    "iso-date-bad": plain(data=LINES + row(8, '<c r="C8" t="d"><v>2026-13-45</v></c>') + AFTER),
    "month-13": plain(data=LINES + row(8, '<c r="C8"><v>5</v></c>', date="2026-13-01") + AFTER),
    "day-0": plain(data=LINES + row(8, '<c r="C8"><v>5</v></c>', date="00/00/0000") + AFTER),
    "year-9999": plain(data=LINES + row(8, '<c r="C8"><v>5</v></c>', date="9999-12-31") + AFTER),
    "repeated-cell": plain(data=LINES + row(8, '<c r="C8"><v>5</v></c><c r="C8"><v>6</v></c>') + AFTER),
    "repeated-row": plain(
        data=LINES + row(8, '<c r="C8"><v>5</v></c>') + row(8, '<c r="D8"><v>6</v></c>') + AFTER
    ),
    "rows-out-of-order": plain(data=AFTER + row(8, '<c r="C8"><v>5</v></c>') + LINES),
    "cells-out-of-order": plain(
        data=LINES
        + '<row r="8"><c r="C8"><v>5</v></c><c r="B8" t="inlineStr"><is><t>Odd</t></is></c></row>'
        + AFTER
    ),
    "no-references": plain(data=LINES.replace(' r="A2"', "").replace(' r="B2"', "").replace(' r="C2"', "")),
    "cell-of-another-row": plain(data=LINES + row(8, '<c r="C7"><v>5</v></c>') + AFTER),
    "wrong-dimension": plain({"xl/worksheets/sheet1.xml": sheet(LINES, before='<dimension ref="A1:A1"/>')}),
    "dimension-of-everything": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<dimension ref="A1:XFD1048576"/>')}
    ),
    "lone-far-cell": plain(
        data=LINES + '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    ),
    "merged-everything": plain(
        {
            "xl/worksheets/sheet1.xml": sheet(
                LINES, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            )
        }
    ),
    "merged-many": plain(
        {
            "xl/worksheets/sheet1.xml": sheet(
                LINES,
                after="<mergeCells>"
                + "".join(f'<mergeCell ref="E{n}:F{n}"/>' for n in range(1, 60_000))
                + "</mergeCells>",
            )
        }
    ),
    "merged-nonsense": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, after='<mergeCells><mergeCell ref="C9:A1"/></mergeCells>')}
    ),
    "hidden-columns-all": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<cols><col min="1" max="16384" hidden="1"/></cols>')}
    ),
    "hidden-columns-2e9": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<cols><col min="1" max="2147483647" hidden="1"/></cols>')}
    ),
    "blank-rows": plain(data=LINES + "".join(f'<row r="{n}"><c r="C{n}" s="0"/></row>' for n in range(4, 50_000))),
    "surrogate-escape": plain(data=LINES.replace("ACME Ltd", "A_xD800_ME_x0000_")),
    "right-to-left": plain(data=LINES.replace("ACME Ltd", "A\u202eCME\u200f Ltd\u2066")),
    "homoglyphs": plain(data=LINES.replace("Amount", "Amоunt").replace("ACME", "АСМЕ")),
    "emoji": plain(data=LINES.replace("ACME Ltd", "🧾👩‍💻 Ltd")),
    "formula-text": plain(data=LINES.replace("ACME Ltd", "=HYPERLINK(&quot;http://x&quot;)")),
    "markup-text": plain(data=LINES.replace("ACME Ltd", "&lt;script&gt;alert(1)&lt;/script&gt;")),
    "nested-64": plain({"docProps/app.xml": "<a>" * 64 + "</a>" * 64}),
    "attributes-64": plain({"docProps/app.xml": "<a " + " ".join(f'a{n}=""' for n in range(64)) + "/>"}),
    "members-2000": plain({f"x/{n}.bin": b"" for n in range(1995)}),
    "text-32767": plain(data=LINES.replace("ACME Ltd", "x" * 32_767)),
    "styles-65490": plain(
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 65_490}</cellXfs></styleSheet>'}
    ),
    "strings-500000": later(lambda: plain(shared_strings("x", 500_000))),
    "broken-styles": plain(
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="x"/></numFmts></styleSheet>'}
    ),
    "number-format-of-a-mebibyte": plain(
        {
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="200" formatCode="'
            + "[$€-407]#" * 100_000
            + '"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>'
        },
        data=LINES + row(8, '<c r="C8" s="1"><v>5</v></c>') + AFTER,
    ),
    "sheet-name-of-tricks": plain(
        {"xl/workbook.xml": workbook_part('<sheet name="..\\..\\&lt;b&gt;=1+1" sheetId="1" r:id="rId1"/>')}
    ),
    "defined-names": plain(
        {"xl/workbook.xml": WORKBOOK.replace("</sheets>", '</sheets><definedNames><definedName name="x">'
         "cmd|'/c calc'!A0</definedName></definedNames>")}
    ),
    "utf16-sheet": plain(
        {"xl/worksheets/sheet1.xml": b"\xff\xfe" + sheet(LINES).replace("UTF-8", "UTF-16").encode("utf-16-le")}
    ),
    "prefixed-namespace": plain(
        {
            "xl/worksheets/sheet1.xml": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>'
            + LINES.replace("</", "</x:").replace("<row", "<x:row").replace("<c ", "<x:c ").replace("<is>", "<x:is>")
            .replace("<t>", "<x:t>").replace("<v>", "<x:v>")
            + "</x:sheetData></x:worksheet>"
        }
    ),
}  # fmt: skip

#: Read or refused with a sentence.
EITHER: dict[str, Writer] = {
    "dimension-nonsense": plain(
        {"xl/worksheets/sheet1.xml": sheet(LINES, before='<dimension ref="ZZZZ:-5"/>')}
    ),
}
