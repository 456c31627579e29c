"""Mail: one message at a time to the owner's own mail server."""

from __future__ import annotations

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING, Literal

from fanlight.errors import Invalid, MailRefused, MailUnavailable

if TYPE_CHECKING:
    from fanlight.notices.letters import Letter

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

    async def send(self, letter: Letter, to: str, *, reply_to: str = "") -> None:
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
        message = _message(letter, self._server.sender, address(to), reply_to)
        await _give(message, self._server)


def address(text: str) -> str:
    """An e-mail address as it is sent to. Raises Invalid (`invalid.email`)."""
    text = text.strip()
    name, found = parseaddr(text)
    if name or found != text or not 3 <= len(text) <= 254 or "@" not in text[1:-1]:
        raise Invalid(
            "This is no e-mail address.", remedy="Correct it.", code="invalid.email", about="email"
        )
    return text


def _message(letter: Letter, sender: str, to: str, reply_to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, _line(letter.subject)
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].partition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    if reply_to:
        message["Reply-To"] = address(reply_to)
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


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
