"""Test that files to import are read by their content: exports, mails, saved pages and documents become texts, and all else is refused."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import plistlib
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from zettel.adapters.sources.attachments import Attachments, clean_name
from zettel.adapters.sources.formats import find_format, read_documents
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.base.errors import Unreadable

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
ENEX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">
<en-export export-date="20240110T101112Z" application="Evernote">{}</en-export>"""


def read(data: bytes | str, name: str = "file") -> list[SourceDocument]:
    """Return the documents of a file that was named itself."""
    return read_documents(data.encode() if isinstance(data, str) else data, Source(name, f"/x/{name}"), "")


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let times be local two hours east of Greenwich."""
    import time

    monkeypatch.setenv("TZ", "EET-2")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# Evernote


def build_enex(content: str, more: str = "") -> str:
    """Return an export with one note."""
    return ENEX.format(f"<note><title>Why wait &amp; see</title><content><![CDATA[<en-note>{content}</en-note>]]></content>{more}</note>")


def test_evernote_notes_keep_what_their_fields_say() -> None:
    """Title, tags, author, address and time come from the fields of a note, and the time becomes local."""
    more = (
        "<created>20230709T080219Z</created><tag>team</tag><tag>slow work</tag><note-attributes><author>Mia Berg</author>"
        "<source-url>https://example.org/a?b=1&amp;c=2</source-url></note-attributes>"
    )
    first, second = read(build_enex("<div>One.</div>", more).replace("</en-export>", "<note><title>Two</title></note></en-export>"))
    assert ("Why wait & see", "Mia Berg", "2023-07-09 10:02") == (first.title, first.author, first.created)
    assert (("team", "slow work"), "https://example.org/a?b=1&c=2") == (first.tags, first.origin)
    assert ("file/Two", "Two", "", ()) == (second.name, second.title, second.created, second.tags)


def test_evernote_links_lead_to_the_note_whose_title_they_show() -> None:
    """A link to another note names a number that no export has, so its words must be the title of exactly one note."""
    link = '<a href="evernote:///view/1/s1/4b/4b/" rev="en_rl_none">{}</a>'
    shared = '<a href="https://www.evernote.com/shard/s1/nl/1/4b">Why wait &amp; see</a>'
    others = "".join(f"<note><title>{title}</title></note>" for title in ("Ask/tell", "Twin", "Twin"))
    content = ", ".join([*map(link.format, ("<b>Ask/tell</b>", "Twin", "another name")), shared])
    first = read(build_enex(content).replace("</en-export>", f"{others}</en-export>"))[0]
    expected = ('<a href="Ask_tell"><b>Ask/tell</b></a>', link.format("Twin"), link.format("another name"))
    assert ", ".join([*expected, '<a href="Why%20wait%20%26%20see">Why wait &amp; see</a>']) in first.text


def test_evernote_boxes_become_tasks() -> None:
    """Lines with a box are items of one list, also those that only a line break parts."""
    (note,) = read(
        build_enex('<div><en-todo checked="true"/>Ask</div><div><en-todo/>Write<br/><en-todo checked="true"/>Send</div><div>So.</div>')
    )
    done, open_ = '<li><input type="checkbox" checked> ', '<li><input type="checkbox"> '
    assert f"{done}Ask</li>{open_}Write</li>{done}Send</li></ul><div>So.</div>" in note.text
    assert 1 == note.text.count("<ul")


def test_evernote_files_are_shown_where_they_stood() -> None:
    """A file is named where its hash stands in the text, below the text if it does not, and a picture is shown."""
    resource = (
        f"<resource><data encoding='base64'>{base64.encodebytes(PICTURE).decode()}</data><mime>image/png</mime>"
        "<resource-attributes><file-name>../../a chart.png</file-name></resource-attributes></resource>"
        f"<resource><data>{base64.b64encode(b'%PDF').decode()}</data><mime>application/pdf</mime></resource>"
    )
    (note,) = read(build_enex(f'<div>x <en-media hash="{hashlib.md5(PICTURE).hexdigest()}" type="image/png"/> y</div>', resource))
    assert '<div>x <img src="a%20chart.png" alt=""> y</div>' in note.text
    assert '<p><a href="attachment.pdf">attachment.pdf</a></p>' in note.text
    assert [("a chart.png", PICTURE), ("attachment.pdf", b"%PDF")] == [tuple(file) for file in note.attachments]


def test_evernote_says_what_it_cannot_show() -> None:
    """An encrypted part and a file that is missing are reported, and the rest is kept."""
    (note,) = read(build_enex('<div>a<en-crypt hint="h">bm8=</en-crypt>b<en-media hash="0"/></div>'))
    assert "<div>a[text that Evernote has encrypted]b</div>" in note.text
    assert 2 == len(note.remarks)


@pytest.mark.parametrize(
    "data",
    [
        ENEX.format("<note><title>cut off"),
        ENEX.format("<note/>").replace('4.dtd">', '4.dtd" [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'),
        '<!DOCTYPE en-export [<!ENTITY x SYSTEM "file:///etc/passwd">]><en-export><note><title>&x;</title></note></en-export>',
        ENEX.format(""),
    ],
)
def test_a_damaged_evernote_export_is_refused(data: str) -> None:
    """An export that is cut off, defines entities, or has no notes is an error."""
    with pytest.raises(Unreadable):
        read(data)


# Mails and pages saved as one file


def build_mail(text: str = "Dear all,\n\nwe wait.\n\n> older\n", **headers: str) -> EmailMessage:
    """Return a mail."""
    mail = EmailMessage()
    for name, value in {
        "From": "Mia Berg <m@example.org>",
        "Subject": "Über uns",
        "Date": "Fri, 03 May 2024 09:30:00 +0000",
        **headers,
    }.items():
        mail[name] = value
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content(text)
    return mail


def test_a_mail_is_read() -> None:
    """Subject, sender and date are those of the note, and quoted lines keep their marks."""
    (mail,) = read(bytes(build_mail()), "a.eml")
    assert ("Über uns", "Mia Berg", "2024-05-03 11:30") == (mail.title, mail.author, mail.created)
    assert ("Dear all,\n\nwe wait.\n\n> older", False) == (mail.text, mail.is_page)


def test_a_mail_is_read_as_its_page_with_its_files() -> None:
    """The HTML of a mail is preferred, its pictures are named where they stood, and other files below the text."""
    mail = build_mail()
    mail.add_alternative('<p>We <b>wait</b>.</p><img src="cid:p1@x">', subtype="html")
    mail.get_payload()[1].add_related(PICTURE, "image", "png", cid="<p1@x>")  # type: ignore[union-attr,index]
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../Bericht für uns.pdf")
    (found,) = read(bytes(mail))
    assert '<p>We <b>wait</b>.</p><img src="picture.png">' in found.text
    assert '<p><a href="Bericht%20f%C3%BCr%20uns.pdf">Bericht für uns.pdf</a></p>' in found.text
    assert {"picture.png": PICTURE, "Bericht für uns.pdf": b"%PDF"} == dict(found.attachments)


@pytest.mark.parametrize("start", ["", "From bo@example.org Tue Mar  5 08:00:00 2024\n"])
def test_few_headers_make_a_mail_if_a_program_wrote_them(start: str) -> None:
    """The form of the date, or the first line of a mailbox, tells a mail from the headers that somebody copied."""
    mail = f"{start}From: Bo <bo@example.org>\nSubject: Budget\nDate: {{}}\n\nHalf of it is spent.\n"
    (document,) = read(mail.format("Tue, 5 Mar 2024 08:00:00 +0100"))
    assert ("Budget", "Bo") == (document.title, document.author)
    assert ("Budget" if start else "") == read(mail.format("yesterday"))[0].title


def test_a_mailbox_is_one_note_a_mail() -> None:
    """Each mail of a mailbox is a document, and lines that begin with From keep their place."""
    head = "From m@example.org Fri May  3 09:30:00 2024\n"
    box = head + build_mail(Subject="One").as_string() + "\n" + head + build_mail("Text.\n\n>From here on.\n", Subject="Two").as_string()
    assert [("One", "> older"), ("Two", "From here on.")] == [(one.title, one.text.rstrip().split("\n")[-1]) for one in read(box)]


def test_an_encrypted_mail_is_refused_unless_it_is_one_of_several() -> None:
    """The mail itself is an error; in a mailbox its subject is kept, and the rest is reported."""
    encrypted = (
        "From: m@example.org\nSubject: Secret\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--\n"
    )
    with pytest.raises(Unreadable, match="encrypted"):
        read(encrypted)
    head = "From m@example.org Fri May  3 09:30:00 2024\n"
    secret, other = read(head + encrypted + "\n" + head + build_mail(Subject="Open").as_string())
    assert ("Secret", "", 1) == (secret.title, secret.text, len(secret.remarks))
    assert "Open" == other.title


def test_a_file_of_apple_mail_is_read() -> None:
    """The mail is as long as its file says, and the property list behind it is not part of it."""
    mail = bytes(build_mail())
    (found,) = read(f"{len(mail)}      \n".encode() + mail + b'<?xml version="1.0"?><plist version="1.0"/>')
    assert ("Über uns", "Dear all,\n\nwe wait.\n\n> older") == (found.title, found.text)


SNAPSHOT = """From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/a/b.html
Subject: =?utf-8?Q?Slow_=E2=80=93_decisions?=
MIME-Version: 1.0
Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--B--"

----B--
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/a/b.html

<html><head><meta charset=3D"utf-8"><title>Slow</title></head><p>caf=C3=A9</p><img src=3D"../img/chart%20one.png"></html>
----B--
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://example.org/img/chart%20one.png

PICTURE
----B----
"""


def test_a_page_saved_as_one_file_is_read() -> None:
    """A page keeps the address that it was saved from and its pictures, and its own title."""
    (page,) = read(SNAPSHOT.replace("\r", "").replace("PICTURE", base64.b64encode(PICTURE).decode()), "page.mhtml")
    assert page.text.startswith("<!-- saved from url=(0028)https://example.org/a/b.html -->")
    assert '<p>café</p><img src="chart%20one.png">' in page.text
    assert ("https://example.org/a/b.html", "", "", True) == (page.origin, page.title, page.author, page.is_page)
    assert (("chart one.png", PICTURE),) == page.attachments


def test_a_mail_with_deep_parts_is_read_as_far_as_it_goes() -> None:
    """Parts that are nested thousands deep and end nowhere are left out and reported, and a title has no control characters."""
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{at}"\n\n--b{at}\n' for at in range(3000))
    (mail,) = read(f"MIME-Version: 1.0\nFrom: a@b.c\nSubject: x\x1b[31m\ty\n{deep}Content-Type: text/plain\n\nend")
    assert "x [31m y" == mail.title
    assert any("nested too deep" in remark for remark in mail.remarks)


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: text/plain" + '; a="' * 200_000,
        "Content-Type: text/plain" + "".join(f"; name*{at}=x" for at in range(50_000)),
        "Content-Type: text/plain; charset=" + "x" * 1_000_000,
        "Content-Type: text/plain\nTo: " + "(" * 1_000_000,
        "Content-Type: text/plain\nSubject: " + "=?utf-8?q?a?=" * 100_000,
        'Content-Type: multipart/mixed; boundary="b"\n\n' + "--b\n\nx\n" * 100_000,
        'Content-Type: multipart/mixed; boundary=""\n\n----',
        "Content-Type: text/plain; charset=no-such-one\nContent-Transfer-Encoding: base64",
        "Content-Type: text/plain; charset=idna\nDate: Mon, 99 Foo 99999 99:99:99 +9999",
    ],
    ids=range(9),
)
def test_hostile_headers_take_no_time(headers: str) -> None:
    """Headers of any length, and those that mean nothing, are read in one pass."""
    (mail,) = read(f"MIME-Version: 1.0\nFrom: a@b.c\n{headers}\n\nThe text.\n")
    assert "file" == mail.name


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: multipart/mixed; boundary*=utf-8''%C3%A9",
        "Content-Type: multipart/mixed; boundary*=utf-7''a%2B2AA-",
        "Content-Type: multipart/mixed; boundary*0*=%00''x",
        "Content-Type: text/plain; charset=\0",
        "Content-Type: text/plain; charset*=\0''x",
        "Content-Type: text/plain; charset*0*=utf-8''%00",
        "Content-Type: text/plain; charset=unicode_escape",
        "Content-Type: image/png; name==?\0?q?x=C3?=",
        "Content-Type: image/png\nContent-Disposition: attachment; filename*=utf-7''a%2B2AA-.png",
        "Content-Type: text/plain\nSubject: =?\0?q?=C3?=",
    ],
    ids=range(10),
)
@pytest.mark.parametrize("wrap", ["{}", 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n{}'], ids=["mail", "part"])
def test_names_of_encodings_and_boundaries_may_be_anything(headers: str, wrap: str) -> None:
    """A mail is read though its headers name an encoding that cannot exist, or have characters that no header has."""
    (mail,) = read(f"MIME-Version: 1.0\nFrom: a@b.c\n{wrap.format(headers)}\n\nThe text.\n")
    assert "The text." in mail.text or mail.attachments


# Kindle


def format_clipping(place: str, text: str, title: str = "The Long Wait (Berg, Mia)") -> str:
    """Return an entry of the clippings of a Kindle."""
    return f"{title}\r\n- {place}\r\n\r\n{text}\r\n==========\r\n"


@pytest.mark.parametrize(
    ("highlight", "note", "when"),
    [
        (
            "Your Highlight on page 12 | Location 170-172 | Added on Sunday, May 3, 2020 9:14:00 PM",
            "Your Note on page 12 | Location 172 | Added on Sunday, May 3, 2020 9:15:00 PM",
            "2020-05-03 21:14",
        ),
        (
            "Ihre Markierung auf Seite 12 | bei Position 170-172 | Hinzugefügt am Sonntag, 3. Mai 2020 21:14:00",
            "Ihre Notiz auf Seite 12 | bei Position 172 | Hinzugefügt am Sonntag, 3. Mai 2020 21:15:00",
            "2020-05-03 21:14",
        ),
        (
            "您在第 12 页（位置 #170-172）的标注 | 添加于 2020年5月3日星期日 下午9:14:00",
            "您在第 12 页（位置 #172）的笔记 | 添加于 2020年5月3日星期日 下午9:15:00",
            "2020-05-03 21:14",
        ),
    ],
)
def test_kindle_notes_stand_below_their_highlights(highlight: str, note: str, when: str) -> None:
    """The clippings of a book are one document, in the order of the book, in whatever language the Kindle speaks."""
    later = highlight.replace("170-172", "900-901")
    data = "\ufeff" + format_clipping(later, "Last.") + format_clipping(highlight, "Waiting < hoping.") + format_clipping(note, "So true.")
    (book,) = read(data, "My Clippings.txt")
    assert ("The Long Wait", "Mia Berg", when) == (book.title, book.author, book.created)
    lines = [
        "<p>Waiting &lt; hoping.</p><p>page 12, location 170–172</p>",
        "<p>So true.</p>",
        "<p>Last.</p><p>page 12, location 900–901</p>",
    ]
    assert [lines[0], lines[1], lines[2]] == book.text.replace("<blockquote>", "").replace("</blockquote>", "").split("\n")


def test_kindle_notes_belong_to_the_first_highlight_around_them() -> None:
    """A note stands below the highlight that comes first in the file among those that hold its place, or alone if none does."""
    highlight, note = "Your Highlight on Location {} | Added on May 4, 2020", "Your Note on Location {} | Added on May 4, 2020"
    entries = [
        *((highlight.format(place), words) for place, words in [("30-90", "wide"), ("10-40", "low"), ("60-70", "high")]),
        *((note.format(place), words) for place, words in [("65", "in wide"), ("20", "in low"), ("35", "in wide, too"), ("99", "alone")]),
    ]
    (book,) = read("".join(format_clipping(place, words) for place, words in entries))
    words = ["low", "in low", "wide", "in wide, too", "in wide", "high", "alone"]
    assert words == [one for one in re.findall(r"<p>(?:location \d+: )?([a-z, ]+)</p>", book.text) if one]


def test_kindle_highlights_come_once() -> None:
    """A highlight that was made longer replaces the shorter one, a bookmark is left out, and each book is a document."""
    where = "Your Highlight on Location {} | Added on Monday, May 4, 2020 9:00:00 AM"
    data = "".join(
        [
            format_clipping(where.format("10-11"), "a slow"),
            format_clipping(where.format("10-12"), "a slow start"),
            format_clipping(where.format("10-12"), "a slow start"),
            format_clipping("Your Bookmark on Location 99 | Added on Monday, May 4, 2020 9:00:00 AM", ""),
            format_clipping(where.format("5-6"), "Other.", "Another (No One)"),
        ]
    )
    first, second = read(data)
    assert 1 == first.text.count("a slow")
    assert "a slow start" in first.text
    assert ("Another", "No One") == (second.title, second.author)


# Web archives, pages with embedded pictures, Word


def test_a_web_archive_is_read() -> None:
    """The page of a Safari archive keeps its address, its encoding and the pictures that it shows."""
    archive = {
        "WebMainResource": {
            "WebResourceData": '<p>caf\xe9</p><img src="p.png">'.encode("latin-1"),
            "WebResourceMIMEType": "text/html",
            "WebResourceTextEncodingName": "iso-8859-1",
            "WebResourceURL": "https://example.org/a/",
        },
        "WebSubresources": [
            {"WebResourceURL": "https://example.org/a/p.png", "WebResourceData": PICTURE, "WebResourceMIMEType": "image/png"}
        ],
    }
    (page,) = read(plistlib.dumps(archive, fmt=plistlib.FMT_BINARY))
    assert '<p>café</p><img src="p.png">' in page.text
    assert ("https://example.org/a/", (("p.png", PICTURE),)) == (page.origin, page.attachments)
    for damaged in (
        plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)[:-40],
        plistlib.dumps({"WebMainResource": []}, fmt=plistlib.FMT_BINARY),
    ):
        with pytest.raises(Unreadable):
            read(damaged)


def test_pictures_in_a_page_become_files() -> None:
    """A picture that is embedded in a page becomes a file, unless it is as small as an icon, or not a picture."""
    html = "<html><img src='data:image/png;base64,{}'><img src='data:image/gif;base64,R0lGOA=='><img src='data:image/png;base64,{}'>"
    (page,) = read(html.format(base64.b64encode(PICTURE).decode(), base64.b64encode(b"<script>" * 200).decode()))
    assert (("picture.png", PICTURE),) == page.attachments
    assert "<img src='picture.png'><img src='data:image/gif" in page.text


def build_word(body: str, **parts: str) -> bytes:
    """Return a Word document with this body."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
        **parts,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


PARAGRAPH = "<w:p><w:r><w:t>We wait.</w:t></w:r></w:p>"
CORE = (
    '<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>A plan</dc:title><dc:creator>Mia Berg</dc:creator><dcterms:created>2024-05-03T09:30:00Z</dcterms:created></cp:coreProperties>"
)


def test_a_word_document_is_read() -> None:
    """Text and structure come from the document, title, author and time from its properties, and a formula is reported."""
    heading = '<w:p><w:pPr><w:pStyle w:val="h"/></w:pPr><w:r><w:t>Why</w:t></w:r></w:p>'
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="Heading 1"/></w:style></w:styles>'
    )
    formula = '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/></w:p>'
    (found,) = read(build_word(heading + PARAGRAPH + formula, **{"word/styles.xml": styles, "docProps/core.xml": CORE}))
    assert "<p>We wait.</p>" in found.text
    assert ("A plan", "Mia Berg", "2024-05-03 11:30") == (found.title, found.author, found.created)
    assert 1 == len(found.remarks)


def test_a_picture_of_a_word_document_is_unpacked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document that shows a picture often does not unpack it each time, and a small file could hold one of any size."""
    names = (
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
    )
    blip = '<pic:pic><pic:blipFill><a:blip r:embed="r9"/></pic:blipFill></pic:pic>'
    shown = f"<w:r><w:drawing {' '.join(names)}><wp:inline><a:graphic><a:graphicData>{blip}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    targets = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{image}" Target="media/a.png"/></Relationships>'
    )
    data = build_word(f"<w:p>{shown * 5}</w:p>", **{"word/_rels/document.xml.rels": targets, "word/media/a.png": "picture"})
    added: list[bytes] = []
    add = Attachments.add
    monkeypatch.setattr(Attachments, "add", lambda self, data, *more: (added.append(data), add(self, data, *more))[1])
    (found,) = read(data)
    assert (5, [b"picture"]) == (found.text.count("<img"), added)


@pytest.mark.parametrize(
    "data",
    [
        build_word(PARAGRAPH)[:-30],
        build_word(PARAGRAPH, **{"word/styles.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}),
        build_word(PARAGRAPH, **{"word/styles.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'}),
        build_word(PARAGRAPH, **{"word/big.xml": "x" * 11_000_000}),
        build_word("<w:tbl><w:tr><w:tc>" * 3000 + "</w:tc></w:tr></w:tbl>" * 3000),
    ],
    ids=["cut off", "entities", "external entities", "a bomb", "nested too deep"],
)
def test_a_hostile_word_document_is_refused(data: bytes) -> None:
    """A document that is damaged, defines entities, or is far too large or deep is an error."""
    with pytest.raises(Unreadable):
        read(data)


# What is refused, and what only looks like it


def pack(**parts: bytes) -> bytes:
    """Return a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


REFUSED: dict[str, bytes | str] = {
    "an RTF file": "{\\rtf1\\ansi Waiting pays.\\par}",
    "a PDF file": b"%PDF-1.7\n1 0 obj",
    "a picture (PNG)": PICTURE,
    "a picture (JPEG)": b"\xff\xd8\xff\xe0JFIF",
    "a SQLite database": b"SQLite format 3\0\x10\0",
    "packed with gzip": b"\x1f\x8b\x08\0abc",
    "an e-book (EPUB)": pack(mimetype=b"application/epub+zip"),
    "an Excel file": pack(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}),
    "a binary property list": plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY),
    "an outline (OPML)": '<?xml version="1.0"?>\n<opml version="2.0"><body><outline text="Wait"/></body></opml>',
    "a picture (SVG)": '<svg xmlns="http://www.w3.org/2000/svg"><text>Wait</text></svg>',
    "a web feed": '<?xml version="1.0"?><!-- feed --><rss version="2.0"><channel/></rss>',
    "an XML file": '<?xml version="1.0" encoding="utf-8"?>\n<notes><note>Wait</note></notes>',
    "data (JSON)": json.dumps({"notes": [{"title": "Wait"}]}, indent=2),
    "a Jupyter notebook": json.dumps({"cells": [], "nbformat": 4}),
    "an Org file": "#+TITLE: Waiting\n\n* Why\nIt pays.\n",
    "subtitles": "1\n00:00:01,000 --> 00:00:02,500\nWe wait.\n\n2\n00:00:03,000 --> 00:00:04,000\nIt pays.\n",
    "a bibliography (BibTeX)": "@book{berg2020,\n  title = {Waiting},\n}\n",
    "a LaTeX file": "% a comment\n\\documentclass{article}\n\\begin{document}Wait.\\end{document}\n",
    "a script": "#!/bin/sh\necho wait\n",
    "a table of values (CSV)": "name,team,days\nMia,Sales,3\nBen,Ops,5\nAnn,Sales,8\n",
    "a calendar (iCalendar)": "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_a_text_is_refused_by_its_content(what: str) -> None:
    """A file is called what it is, whatever its name ends in, and a hint says what to do."""
    for name in ("file", "file.txt", "file.html"):
        if name == "file.html" and not isinstance(REFUSED[what], bytes):
            continue
        with pytest.raises(Unreadable, match="cannot be imported") as error:
            read(REFUSED[what], name)
        assert f"{name} is {what}" in error.value.message


JSON_LINES = '{"a": 1}\n{"a": 2}\n{"a": 3}\n'
SEMICOLONS = "a;b;c\n1;2;3\n4;5;6\n"
TABS = "name\tteam\tdays\nMia\tSales\t3\nBen\tOps\t5\n"


@pytest.mark.parametrize(
    "text",
    [
        JSON_LINES,
        SEMICOLONS,
        TABS,
        "* Why\n** TODO Wait\n",
        "* Why\n:PROPERTIES:\n:ID: 4b\n:END:\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n",
        '[{"a": 1}]',
        "[" * 50_000 + "]" * 50_000,
        '<!DOCTYPE plist PUBLIC "x" "y">\n<plist/>',
    ],
)
def test_more_data_is_refused(text: str) -> None:
    """JSON line by line, tables with other separators, outlines without a title, and brackets without end are data, too."""
    with pytest.raises(Unreadable, match="cannot be imported"):
        read(text, "a.txt")


NEAR_MISSES = [
    "From: and To: are the two headers that people read in a mail.\n\nThe rest is for programs.\n",
    "From: the mountains\nTo: the sea\n\nA river is a letter.\n",
    "From: Mia\nSubject: the plan\n\nWe wait, as we said.\n",
    "From: Mia Berg\nSent: Friday, May 3\nTo: all\nSubject: Plan\n\nWe wait.\n",
    "* One\n* TODO wait\n* DONE ask\n",
    "@book club, 3 May: {who} comes?\n",
    "Date: 2024-05-03\nTags: team\n\nMultiMarkdown has such a head.\n",
    "Title: Waiting\nAuthor: Mia Berg\nDate: May 3, 2024\n\nIt pays.\n",
    "---\nfrom: mia@example.org\nsubject: plan\n---\n\nFront matter.\n",
    "Subject: a word that names what a sentence speaks of.\nMessage: what it says.\n",
    "Received: one letter.\n\nI was glad.\n",
    "MIME-Version: what is that? A header that every mail has had since 1992.\n",
    "Content-Type: prose\n\nA joke of programmers.\n",
    "From now on we wait.\n\nFrom m@example.org came no word.\n",
    "{ a brace begins this text, and nothing closes it.\n",
    "{Braces} around the first word do not make data.\n",
    "[1] The first footnote stands at the top.\n\nText.\n",
    "[1, 2, 3]\n",
    "[[202405031230]]\n",
    '["Wait"]\n',
    "{}\n",
    "[x] done\n[ ] open\n",
    "[Mia](https://example.org) wrote this.\n",
    "<b>Bold</b> words open this text, and it goes on without any tags.\n",
    "<think>Waiting pays.</think>\n\nThat is what I wrote.\n",
    "<https://example.org> is where I read it.\n",
    "<3 is a heart.\n",
    "apples, pears, plums\nfigs, dates, nuts\nbread, butter, tea\n",
    "Mia, Ben, Ann\nSales, Ops, Sales\n",
    "Wait, watch, learn.\nPlan, do, check.\nThink, speak, act.\n",
    "one,two\nthree,four\nfive,six\n",
    "The RTF of a memo begins with {\\rtf1, that of a letter, too.\n",
    "PDF files begin with %PDF, as everyone knows.\n",
    "#+1 for this plan\n\nSaid Ben.\n",
    "* A star begins this line\n** and two this one\n",
    "% waiting, 2024\n\nA line of notes.\n",
    "\\documentclass is the first word of LaTeX files? No, a backslash is.\n"[1:],
    "#!not a script\n",
    "#! is called shebang\n",
    "Title (Author)\n- a list\n\nText\n",
    "A heading\n==========\n\nText below it.\n",
    "| a | b | c |\n| --- | --- | --- |\n| 1 | 2 | 3 |\n",
    "BEGIN with the end in mind.\n",
    "2024\nWhy: we wait.\n",
    "[" * 50_000 + "\n",
    "en-export is the root of such files: <en-export>.\n",
]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_prose_that_only_looks_like_a_format_is_prose(text: str) -> None:
    """A text that holds the words of a format is read as it stands."""
    for name in ("a.txt", "a", "a.md"):
        assert find_format(text.encode()) is None
        (document,) = read(text, name)
        assert (text, False) == (document.text, document.is_page)


def test_markdown_may_hold_any_text() -> None:
    """What is called Markdown is not searched for data, such as a table of values."""
    for text in (SEMICOLONS, TABS, JSON_LINES):
        assert text == read(text, "a.md")[0].text


# Encodings

WESTERN = {
    "German": "Größere Änderungen müssen früh geübt werden: Über Maß und Ziel entscheidet die Führung.",
    "French": "L’équipe a été créée à Noël ; où était-elle, naïve et déçue, après l’été ?",
    "Spanish": "¿Quién decidió esperar? La reunión pasó rápidamente y nadie preguntó por el niño.",
    "Portuguese": "A decisão não é tão fácil: há opções, razões e ações, e ninguém avançará amanhã.",
    "Swedish": "Vi får vänta på nästa år, då både växling och ökning går åt rätt håll.",
    "Danish": "Vi må vente på næste år, før både ændring og øvelse når målet.",
    "Icelandic": "Það er erfitt að bíða, en þolinmæði þrautir vinnur allar. Ég held að það sé rétt.",
    "Finnish": "Päätös tehdään myöhemmin, sillä kärsivällisyys vie lähemmäksi määränpäätä.",
    "Dutch": "Eén idee, geïnspireerd door coördinatie, bereikt de financiële reünie.",
    "Italian": "Perché aspettare? Così è più facile, e ciò che verrà sarà già metà della libertà.",
}


@pytest.mark.parametrize("language", WESTERN)
def test_western_text_without_an_encoding_is_read(language: str) -> None:
    """Windows-1252 is guessed where it gives words."""
    (document,) = read(WESTERN[language].encode("cp1252"))
    assert WESTERN[language] == document.text
    assert "windows-1252" in document.remarks[0]


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("Ожидание окупается, если все знают, чего они ждут.", "cp1251", "windows-1251"),
        ("Ожидание окупается, если все знают, чего они ждут.", "koi8-r", "koi8-r"),
        ("待つことは、何を待つか知っている人にとって役に立つ。", "cp932", "shift_jis"),
        ("待つことは、何を待つか知っている人にとって役に立つ。", "euc-jp", "euc-jp"),
        ("기다림은 무엇을 기다리는지 아는 사람에게 도움이 된다.", "cp949", "euc-kr"),
        ("等待是值得的，只要每个人都知道自己在等什么。", "gb18030", "gb18030"),
        ("Η αναμονή αξίζει, αν όλοι ξέρουν τι περιμένουν.", "cp1253", "windows-1253"),
        ("ההמתנה משתלמת אם כולם יודעים למה הם מחכים.", "cp1255", "windows-1255"),
        ("الانتظار مفيد إذا عرف الجميع ماذا ينتظرون.", "cp1256", "windows-1256"),
        ("Czekanie się opłaca, jeśli wszyscy wiedzą, na co czekają; też później i gdzieś w środę.", "cp1250", "windows-1250"),
    ],
)
def test_text_in_another_encoding_is_refused_with_likely_names(text: str, encoding: str, expected: str) -> None:
    """Where the guess gives no words, an error asks for the encoding, names likely ones, and the right one is among them."""
    with pytest.raises(Unreadable) as error:
        read(text.encode(encoding), "a.txt")
    assert expected in error.value.hint
    assert text == read_documents(text.encode(encoding), Source("a.txt", "/x/a.txt"), expected)[0].text


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "utf-16-le", "utf-16-be"])
def test_an_encoding_that_shows_itself_is_named(encoding: str) -> None:
    """Escape sequences, and a NUL in every second byte, show the encoding, which is the only one that the hint names."""
    text = "待つ。\nWaiting pays, if you know what for.\n" if encoding == "iso-2022-jp" else "Waiting pays, if you know what for.\n"
    data = text.encode(encoding)
    with pytest.raises(Unreadable) as error:
        read(data, "a.txt")
    assert f"name it: zettel import --encoding {encoding} a.txt" == error.value.hint
    assert text == read_documents(data, Source("a.txt", "/x/a.txt"), encoding)[0].text


# Names of attachments


@pytest.mark.parametrize(
    ("given", "media_type", "expected"),
    [
        ("../../x", "", "x"),
        ("C:\\a\\b.pdf", "", "b.pdf"),
        ("", "image/png", "picture.png"),
        ("a\x00b\x1b[31m?.txt", "", "a b 31m.txt"),
        ("..", "", "attachment"),
        ("x" * 300 + ".pdf", "", "x" * 96 + ".pdf"),
        (".bashrc", "", "bashrc"),
        ("Bericht", "application/pdf", "Bericht.pdf"),
    ],
)
def test_names_of_attachments_are_clean(given: str, media_type: str, expected: str) -> None:
    """The name of an attachment is a plain file name, whatever a file says."""
    assert expected == clean_name(given, media_type)


def test_attachments_are_kept_once_each() -> None:
    """Equal files are one, and different ones of the same name get numbers."""
    files = Attachments()
    assert ["a.png", "A-2.png", "a.png", "a-3.png"] == [
        files.add(data, name) for data, name in [(b"1", "a.png"), (b"2", "A.png"), (b"1", "b.png"), (b"3", "a.png")]
    ]
    assert ["a-4.png", "A-5.png", "a-4-2.png"] == [
        files.add(data, name) for data, name in [(b"4", "a.png"), (b"5", "A.png"), (b"6", "a-4.png")]
    ]
