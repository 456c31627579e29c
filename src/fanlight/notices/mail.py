"""Mail: one message at a time to the owner's own mail server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage, Message
from email.policy import Policy
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from fanlight.errors import Invalid, MailRefused, MailUnavailable
from fanlight.guard.addresses import is_mail_address

if TYPE_CHECKING:
    from fanlight.notices.letters import Letter


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that stands on one line.

    Python encodes a long address as if it were words, and no mail program finds it then.
    """

    def fold(self, *, policy: Policy[Message[str, str]]) -> str:
        """The header's line."""
        return f"List-Unsubscribe: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)

Security = Literal["starttls", "tls", "none"]
PATIENCE = 30.0
"""Seconds for each step of a conversation."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is given up."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    sender: str
    """`Studio <studio@example.com>`, or the address alone."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom a letter goes, and how."""

    to: str
    reply_to: str = ""
    """Who reads the answer; empty for who it is from."""
    again: str = ""
    """Names a letter that nobody sends by hand. Tried again, it is the same message to who gets it
    twice."""
    parting: str = ""
    """Where whoever gets it can have their address forgotten."""
    studio: str = ""
    """Who it is from, where the server's own sender has no name."""


class Post:
    """Sends letters, if there is a mail server."""

    def __init__(self, server: MailServer | None) -> None:
        self._server = server

    @property
    def open(self) -> bool:
        """Whether there is a mail server."""
        return self._server is not None

    @property
    def place(self) -> str:
        """Which server it is, for people; empty for none."""
        return f"{self._server.host}:{self._server.port}" if self._server else ""

    @property
    def studio(self) -> str:
        """The name that letters are from; empty for none."""
        return parseaddr(self._server.sender)[0] if self._server else ""

    async def send(self, letter: Letter, envelope: Envelope) -> None:
        """Give one letter to the mail server.

        Raises Invalid (`invalid.email`), MailRefused when sending it again would not help,
        MailUnavailable when it might.
        """
        if self._server is None:
            raise MailRefused(
                "There is no mail server to send it by.",
                remedy="Set FANLIGHT_MAIL_HOST and FANLIGHT_MAIL_FROM, then start again.",
                code="mail.off",
            )
        await _give(message_of(letter, envelope, self._server.sender), self._server)


def address(text: str) -> str:
    """An e-mail address as it is sent to. Raises Invalid (`invalid.email`)."""
    text = text.strip()
    if not is_mail_address(text):
        raise Invalid(
            "This is no e-mail address.", remedy="Correct it.", code="invalid.email", about="email"
        )
    return text


def message_of(letter: Letter, envelope: Envelope, sender: str) -> EmailMessage:
    """The message as it is sent: RFC 5322, plain and HTML side by side, in seven bits a byte.

    Raises Invalid (`invalid.email`).
    """
    message = EmailMessage(policy=_POLICY)
    sender = _named(sender, envelope.studio)
    to = address(envelope.to)
    message["From"], message["To"], message["Subject"] = sender, to, _line(letter.subject)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = _message_id(envelope, parseaddr(sender)[1].rpartition("@")[2])
    if envelope.reply_to:
        message["Reply-To"] = address(envelope.reply_to)
    if envelope.again:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine answers it
    if envelope.parting:  # RFC 2369 and 8058: mail programs offer it as a button
        message["List-Unsubscribe"] = f"<{envelope.parting}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language  # before, it would go to the first part alone
    return message


def _named(sender: str, studio: str) -> str:
    """The sender with a name, if there is one."""
    name, found = parseaddr(sender)
    return sender if name or not studio else formataddr((_line(studio), found))


def _message_id(envelope: Envelope, domain: str) -> str:
    if not envelope.again:
        return make_msgid(domain=domain)
    named = f"{envelope.again}\n{envelope.to}".encode(errors="replace")
    return f"<{blake2b(named, digest_size=16).hexdigest()}@{domain}>"


def _line(text: str) -> str:
    return " ".join(text.split())


async def _give(message: EmailMessage, server: MailServer) -> None:
    import aiosmtplib  # only who sends mail pays for it

    try:
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=PATIENCE,
        )
    except aiosmtplib.SMTPAuthenticationError:
        raise MailRefused(
            "The mail server does not take the user name or password.",
            remedy="Check FANLIGHT_MAIL_USER and FANLIGHT_MAIL_PASSWORD.",
            code="mail.login",
        ) from None
    except aiosmtplib.SMTPRecipientsRefused as error:
        reply = error.recipients[0]
        raise _refusal(reply.code, reply.message) from None
    except aiosmtplib.SMTPResponseException as error:
        raise _refusal(error.code, error.message) from None
    except aiosmtplib.SMTPNotSupported as error:
        raise MailRefused(f"The mail server cannot do that: {_line(str(error))}") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailUnavailable(
            f"The mail server at {server.host}:{server.port} cannot be reached:"
            f" {_line(str(error)) or type(error).__name__}.",
        ) from None


def _refusal(code: int, said: str) -> MailRefused | MailUnavailable:
    """RFC 5321: 4yz may go better later, 5yz will not."""
    sentence = f"The mail server refused: {code} {_line(said)[:300]}"
    if 400 <= code < 500:
        return MailUnavailable(sentence)
    return MailRefused(sentence)
