"""The one error tree.

Every failure a person or program can meet is one of these. A class is a fact about the domain; it
carries a stable `code`, a public sentence (`message`), the next step (`remedy`) and whether the
same request may succeed later (`temporary`). The doors map classes to HTTP statuses and exit
statuses in one table (`web/errors.py`, `cli/exits.py`); vendors' exceptions never leave a provider.

    FanlightError
    ├── Invalid                     the request is wrong
    │   ├── BadName                 a name or path we cannot use
    │   ├── BadBody                 malformed, missing or doubled body
    │   ├── Incomplete              fewer or more bytes than announced
    │   │   └── Stalled             the sender stood still for too long
    │   ├── BadCursor               a page cursor we did not make
    │   └── TooLarge                over the upload limit
    ├── NotFound                    asset, alias, channel, token, job, user, session
    ├── Conflict                    a name taken, a version changed, something depends on it
    ├── Unauthenticated             nobody, or a wrong or expired proof of who
    │   └── PasswordNeeded          a gallery that asks for its password
    ├── Forbidden                   known, but not allowed: scope, visibility, CSRF, referer
    │   └── NotYetOpen              a gallery whose time has not come
    ├── Expired                     it was there and its time is over
    ├── Throttled                   too many tries; wait `retry_after` seconds
    ├── Overloaded                  too much to do; come again in `retry_after` seconds
    ├── StorageError                what a provider can answer
    │   ├── ObjectMissing           no object at that locator
    │   ├── ObjectChanged           the object is no longer the version asked for
    │   ├── CursorLost              the service has forgotten how far we have read
    │   ├── AlreadyExists           an object is there and overwriting was not asked for
    │   ├── BadLocator              a path or handle outside the root, or refused by the service
    │   ├── BadRange                no byte of the object lies in the range
    │   ├── NotSupported            the provider has no such ability
    │   ├── ReadOnly                the channel or folder takes no writes
    │   ├── StorageFull             no space, or quota reached
    │   ├── ReconnectNeeded         grant revoked or expired: the owner must reconnect
    │   ├── ScopeMissing            the grant, or the app, lacks a right that the call needs
    │   ├── ClientRefused           the app's key or secret is wrong
    │   ├── ConnectFailed           an attempt to connect an account did not come to its end
    │   ├── RateLimited             the service asked for a pause of `retry_after` seconds
    │   ├── StorageUnavailable      time-out, reset, 5xx
    │   └── ChecksumMismatch        what was stored is not what was sent
    ├── PictureError                an original that no picture can be made of
    │   ├── UnreadablePicture       not a kind that can be read here
    │   ├── BrokenPicture           damaged, cut short or empty
    │   ├── PictureTooLarge         more pixels, frames or memory than allowed
    │   └── PictureTooSlow          not done within the time allowed
    ├── NoticeError                 somebody who was to be told was not
    │   ├── MailRefused             the mail server will not take it
    │   ├── MailUnavailable         it cannot be reached, or not now
    │   ├── CallRefused             a program wants no calls any more
    │   └── CallUnavailable         it cannot be reached, or not now
    ├── CatalogueError
    │   ├── CatalogueBusy           locked by another process for too long
    │   ├── CatalogueUnavailable    cannot be reached or opened
    │   └── CatalogueTooNew         written by a later version of Fanlight
    ├── SealError                   the key file is missing, wrong or readable by others
    ├── SettingsError               a setting has a value that is not allowed
    ├── JobCancelled                raised inside a task that was asked to stop
    └── Unreachable                 the server a command speaks to does not answer
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import ClassVar


class FanlightError(Exception):
    """Base of all errors that may reach a person."""

    code: ClassVar[str] = "internal"
    message: ClassVar[str] = "Something went wrong on the server."
    remedy: ClassVar[str] = "Try again; if it stays, look into the server's log."
    temporary: ClassVar[bool] = False

    def __init__(
        self,
        message: str | None = None,
        *,
        remedy: str | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        about: str = "",
    ) -> None:
        """Take the class's sentence unless a better one is given.

        `code` may refine the class's code (`not-found.channel`); `retry_after` is in seconds;
        `about` names the part of the request that is wrong, as a form calls it (`folder`).
        """
        self.public_message = message or type(self).message
        self.public_remedy = remedy if remedy is not None else type(self).remedy
        self.public_code = code or type(self).code
        self.retry_after = retry_after
        self.about = about
        super().__init__(self.public_message)


@contextmanager
def concerning(part: str) -> Generator[None]:
    """What is raised within is about this part of the request, unless it knows better."""
    try:
        yield
    except FanlightError as error:
        error.about = error.about or part
        raise


class Invalid(FanlightError):
    """The request is wrong and will stay wrong."""

    code = "invalid"
    message = "The request cannot be understood."
    remedy = "Correct it and send it again."


class BadName(Invalid):
    """A name or path that cannot be used."""

    code = "bad-name"
    message = "This name cannot be used."
    remedy = "Choose a shorter name without control characters."


class BadBody(Invalid):
    """The body is missing, malformed or there twice."""

    code = "bad-body"
    message = "The upload has no readable content."
    remedy = "Send one form field named file."


class Incomplete(Invalid):
    """The body ended early, or does not have the announced length."""

    code = "incomplete"
    message = "The upload ended before all of it had arrived. Nothing was stored."
    remedy = "Send it again."


class Stalled(Incomplete):
    """The sender stood still, or trickled, for too long."""

    code = "stalled"
    message = "The upload stood still for too long and was given up. Nothing was stored."
    remedy = "Send it again over a steadier line."
    temporary = True


class BadCursor(Invalid):
    """A page cursor that we did not make."""

    code = "bad-cursor"
    message = "This page address is not valid."
    remedy = "Start again from the first page."


class TooLarge(Invalid):
    """The body is over the limit."""

    code = "too-large"
    message = "This is larger than the server accepts."
    remedy = "Send something smaller, or raise the setting max_upload."


class NotFound(FanlightError):
    """The thing asked for does not exist, or must not be known to exist."""

    code = "not-found"
    message = "There is nothing here."
    remedy = "Check its name or address."


class Conflict(FanlightError):
    """The state of things does not allow it."""

    code = "conflict"
    message = "This does not fit what is already there."
    remedy = "Look at what is there, then try again."


class Unauthenticated(FanlightError):
    """Nobody is signed in, or the proof is wrong or expired."""

    code = "unauthenticated"
    message = "Sign in first."
    remedy = "Sign in, or send an API token that is valid."


class PasswordNeeded(Unauthenticated):
    """A gallery or share link that asks for its password, and has not been told the right one."""

    code = "password-needed"
    message = "This gallery asks for a password."
    remedy = "Type the password that you were given."


class Forbidden(FanlightError):
    """Known, but not allowed."""

    code = "forbidden"
    message = "This is not allowed."
    remedy = "Ask the owner for a token or account with the right to do it."


class NotYetOpen(Forbidden):
    """A gallery whose time has not come."""

    code = "not-yet-open"
    message = "This gallery is not open yet."
    remedy = "Come again when it opens."


class Expired(FanlightError):
    """It was there, and its time is over."""

    code = "expired"
    message = "This link has expired."
    remedy = "Ask for a new one."


class Throttled(FanlightError):
    """Too many tries in too short a time."""

    code = "throttled"
    message = "Too many tries. Wait a little."
    remedy = "Wait, then try again."
    temporary = True


class Overloaded(FanlightError):
    """The server has more to do than it can take on. It is nobody's fault and passes."""

    code = "overloaded"
    message = "The server has too much to do right now."
    remedy = "Try again in a moment."
    temporary = True


class StorageError(FanlightError):
    """What a provider can answer."""

    code = "storage"
    message = "The storage could not do this."


class ObjectMissing(StorageError):
    """No object at that locator."""

    code = "object-missing"
    message = "The object is not in its storage any more."
    remedy = "Put it back, or remove the asset."


class ObjectChanged(StorageError):
    """The object is no longer the version that was asked for."""

    code = "object-changed"
    message = "The object was changed in its storage."
    remedy = "Ask again: the new version will be read."
    temporary = True


class CursorLost(StorageError):
    """The service has forgotten how far its changes were read."""

    code = "cursor-lost"
    message = "The storage no longer knows how far its changes were read."
    remedy = "Nothing: everything is read again and compared."
    temporary = True


class AlreadyExists(StorageError):
    """An object is there, and overwriting was not asked for."""

    code = "already-exists"
    message = "There is already an object of that name."
    remedy = "Choose another name."


class BadLocator(StorageError):
    """A path or handle that leaves the root, or that the service refuses."""

    code = "bad-locator"
    message = "This path cannot be used in this storage."
    remedy = "Choose a path inside the channel's root."


class BadRange(StorageError):
    """No byte of the object lies in the range."""

    code = "bad-range"
    message = "The range lies outside the object."
    remedy = "Ask for a range inside its size."


class NotSupported(StorageError):
    """The provider has no such ability."""

    code = "not-supported"
    message = "This storage cannot do that."
    remedy = "Use another channel for it."


class ReadOnly(StorageError):
    """The channel or folder takes no writes."""

    code = "read-only"
    message = "This storage does not take writes."
    remedy = "Allow writing to it, or choose another channel."


class StorageFull(StorageError):
    """No space, or the quota is reached."""

    code = "storage-full"
    message = "The storage is full. Nothing was stored."
    remedy = "Make space, or choose another channel."


class ReconnectNeeded(StorageError):
    """The grant was revoked or has expired."""

    code = "reconnect-needed"
    message = "The connection to the storage must be renewed."
    remedy = "Open Channels and reconnect the account."


class ScopeMissing(StorageError):
    """The grant, or the app behind it, lacks a right that the call needs."""

    code = "scope-missing"
    message = "The storage service does not allow this to Fanlight yet."
    remedy = "Open Channels: the finding there names the permission and the steps."


class ClientRefused(StorageError):
    """The service does not know our app by this key and secret."""

    code = "client-refused"
    message = "The service does not accept the app key or the app secret."
    remedy = "Copy both again from the app's own page at the service, then save and connect."


class ConnectFailed(StorageError):
    """An attempt to connect an account did not come to its end."""

    code = "connect"
    message = "The account was not connected."
    remedy = "Connect again from the channel's page."


class RateLimited(StorageError):
    """The service asked for a pause."""

    code = "rate-limited"
    message = "The storage service asked for a pause."
    remedy = "Wait, then try again."
    temporary = True


class StorageUnavailable(StorageError):
    """Time-out, reset, refused connection, server error."""

    code = "storage-unavailable"
    message = "The storage does not answer right now."
    remedy = "Try again in a moment."
    temporary = True


class ChecksumMismatch(StorageError):
    """What was stored is not what was sent."""

    code = "checksum-mismatch"
    message = "The stored bytes are not the bytes that were sent. Nothing was kept."
    remedy = "Send it again; if it stays, check the storage."
    temporary = True


class PictureError(FanlightError):
    """An original that no picture can be made of. Remembered for that version of the asset."""

    code = "picture"
    message = "No picture can be made of this."
    remedy = "The original can still be downloaded."


class UnreadablePicture(PictureError):
    """Not a kind that can be read here."""

    code = "picture-unreadable"
    message = "This is not a kind of picture that can be shown."


class BrokenPicture(PictureError):
    """Damaged, cut short or empty."""

    code = "picture-broken"
    message = "This picture is damaged and cannot be shown."
    remedy = "Upload it again if you have a whole copy; the original can still be downloaded."


class PictureTooLarge(PictureError):
    """More pixels, frames or memory than allowed."""

    code = "picture-too-large"
    message = "This picture is too large to be shown in other sizes."


class PictureTooSlow(PictureError):
    """Not done within the time allowed."""

    code = "picture-too-slow"
    message = "Making a picture of this takes too long."


class NoticeError(FanlightError):
    """Somebody who was to be told was not."""

    code = "notice"
    message = "A notice could not be delivered."
    remedy = "Look at the notices page."


class MailRefused(NoticeError):
    """The mail server will not take it, now or later."""

    code = "mail.refused"
    message = "The mail server refused the mail."
    remedy = "Check the address, and the settings of the mail server."


class MailUnavailable(NoticeError):
    """The mail server cannot be reached, or will not take it now."""

    code = "mail.unavailable"
    message = "The mail server cannot be reached."
    remedy = "Check the settings of the mail server. Notices are tried again by themselves."
    temporary = True


class CallRefused(NoticeError):
    """A program wants no calls any more."""

    code = "call.refused"
    message = "The program wants no calls any more."
    remedy = "Remove the webhook, or make a new one."


class CallUnavailable(NoticeError):
    """A program cannot be reached, or did not say that it has understood."""

    code = "call.unavailable"
    message = "The program cannot be reached."
    remedy = "Check its address. Notices are tried again by themselves."
    temporary = True


class CatalogueError(FanlightError):
    """The database could not do it."""

    code = "catalogue"
    message = "The catalogue could not do this."


class CatalogueBusy(CatalogueError):
    """Locked by another process for too long."""

    code = "catalogue-busy"
    message = "The catalogue is busy."
    remedy = "Try again in a moment."
    temporary = True


class CatalogueUnavailable(CatalogueError):
    """The database cannot be reached or opened."""

    code = "catalogue-unavailable"
    message = "The catalogue cannot be reached."
    remedy = "Check that the database runs and that its address is right."
    temporary = True


class CatalogueTooNew(CatalogueError):
    """The database was written by a later version of Fanlight."""

    code = "catalogue-too-new"
    message = "The catalogue was written by a newer version of Fanlight."
    remedy = "Start that version, or restore a backup."


class SealError(FanlightError):
    """Secrets cannot be sealed or opened."""

    code = "seal"
    message = "The key that seals secrets is missing or is not the right one."
    remedy = "Put the right key file back, or set FANLIGHT_KEY."


class SettingsError(FanlightError):
    """A setting has a value that is not allowed."""

    code = "settings"
    message = "A setting has a value that is not allowed."
    remedy = "Correct it and start again."


class JobCancelled(FanlightError):
    """Raised inside a task when it was asked to stop."""

    code = "job-cancelled"
    message = "The job was cancelled."
    remedy = "Start it again when you want it."


class Unreachable(FanlightError):
    """The server that a command speaks to does not answer."""

    code = "unreachable"
    message = "The server does not answer."
    remedy = "Check the address, and that it runs."
    temporary = True
