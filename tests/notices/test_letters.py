"""What a mail is made of, judged by Python's own parser and a real mail server."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from fanlight.guard.addresses import is_mail_address
from fanlight.notices.letters import Button, Letter, letter
from fanlight.notices.mail import Envelope, message_of

if TYPE_CHECKING:
    from email.message import EmailMessage

SENDER = "Studio Müller <studio@example.com>"
HELLO = letter(
    "Grüße", "Erste Zeile\nZweite <Zeile>", Button("Öffnen", "https://x.example/?a=1&b=2")
)


def parsed(written: Letter, envelope: Envelope | None = None) -> EmailMessage:
    message = message_of(written, envelope or Envelope("anna@example.com"), SENDER)
    raw = message.as_bytes()
    assert raw.isascii(), "it goes by servers that know no 8 bits"
    assert max(map(len, raw.splitlines())) <= 998, "RFC 5322, 2.1.1"
    found = message_from_bytes(raw, policy=policy.default)
    assert not found.defects
    return found


class Seen(HTMLParser):
    """What an HTML part asks for, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.asks: list[str] = []
        self.language = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.leads += [given["href"]] if tag == "a" else []
        self.asks += [given[name] for name in ("src", "srcset", "background") if name in given]
        self.asks += [tag] if tag in ("link", "script", "img", "iframe", "object") else []
        self.asks += re.findall(r"url\(", given.get("style", ""))
        self.language = given["lang"] if tag == "html" else self.language


def test_a_mail_says_the_same_in_plain_words_and_in_html() -> None:
    mail = parsed(HELLO)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    assert plain == "Erste Zeile\nZweite <Zeile>\n\nÖffnen:\nhttps://x.example/?a=1&b=2\n"
    assert "Zweite &lt;Zeile&gt;" in html
    seen = Seen(html)
    assert set(seen.leads) == {"https://x.example/?a=1&b=2"}
    assert not seen.asks, "nothing is asked of anybody"
    assert seen.language == "en"


def test_headers_say_who_when_and_which() -> None:
    mail = parsed(HELLO)
    assert str(mail["From"]) == SENDER
    assert mail["Subject"] == "Grüße"
    sent = parsedate_to_datetime(mail["Date"])
    assert abs(datetime.now(UTC) - sent) < timedelta(days=1)
    assert re.fullmatch(r"<[^<>@\s]+@example\.com>", mail["Message-ID"])
    assert mail["Message-ID"] != parsed(HELLO)["Message-ID"]
    assert mail["MIME-Version"] == "1.0"
    for absent in ("Reply-To", "Auto-Submitted", "List-Unsubscribe"):
        assert absent not in mail, "sent by hand"


def test_what_is_sent_by_itself_says_so_and_how_to_end_it() -> None:
    envelope = Envelope("a@example.com", "b@example.com", "one", "https://x.example/mails/1/2")
    mail = parsed(HELLO, envelope)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "b@example.com"
    assert mail["List-Unsubscribe"] == "<https://x.example/mails/1/2>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"] == parsed(HELLO, envelope)["Message-ID"]
    other = Envelope("c@example.com", again="one")
    assert mail["Message-ID"] != parsed(HELLO, other)["Message-ID"]


def test_no_header_can_be_put_in_by_what_somebody_calls_themselves() -> None:
    mail = parsed(letter("Anna\r\nBcc: all@example.com", "Hello"))
    assert "Bcc" not in mail
    assert mail["Subject"] == "Anna Bcc: all@example.com"


def test_a_long_line_is_folded_on_its_way_and_whole_when_it_arrives() -> None:
    said = "word " * 2000
    assert said.strip() in parsed(letter("Long", said.strip())).get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_foot_is_apart_from_what_is_said() -> None:
    mail = parsed(Letter("Hello", ("Said",), foot=("Why", Button("No more", "https://x.example/"))))
    plain, html = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    assert plain.partition("-- \n")[2] == "Why\nNo more:\nhttps://x.example/\n"
    assert Seen(html).leads == ["https://x.example/"]


def test_a_long_address_is_an_address_still() -> None:
    parting = f"https://photos.{'a-long-name.' * 8}example.com/mails/0123456789abcdef/{'x' * 24}"
    envelope = Envelope("a@example.com", again="one", parting=parting)
    raw = message_of(HELLO, envelope, SENDER).as_bytes(policy=policy.SMTP)
    assert f"\r\nList-Unsubscribe: <{parting}>\r\n".encode() in raw


@pytest.mark.parametrize("text", ["", "a", "<a@b.c>", "a,b@c.d", "A <a@b.c>", "a@b.c\nBcc: d@e.f"])
def test_what_is_no_address_is_not_written_to(text: str) -> None:
    assert not is_mail_address(text)
    assert is_mail_address("a@b.c")
