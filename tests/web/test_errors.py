"""Every error has a status of its own and a face that fits the door."""

from __future__ import annotations

import json

import pytest
from starlette.exceptions import HTTPException

from fanlight import errors
from fanlight.cli import exits
from fanlight.errors import FanlightError
from fanlight.web.errors import STATUS, fault_of, line, problem, status_of


def tree(kind: type[FanlightError] = FanlightError) -> list[type[FanlightError]]:
    """The tree of `errors.py`: a part may refine a class of it for itself."""
    own = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [kind, *(below for child in own for below in tree(child))]


@pytest.mark.parametrize("kind", tree())
def test_every_class_of_the_tree_stands_in_the_table(kind: type[FanlightError]) -> None:
    assert kind in STATUS
    assert 400 <= STATUS[kind] < 600


@pytest.mark.parametrize("kind", tree(errors.Invalid))
def test_what_the_sender_did_wrong_is_never_our_fault(kind: type[FanlightError]) -> None:
    assert status_of(kind()) < 500


@pytest.mark.parametrize("kind", tree())
def test_every_class_has_an_exit_status_that_is_not_success(kind: type[FanlightError]) -> None:
    assert exits.status_of(kind()) not in (exits.DONE, 2)


def test_a_problem_carries_code_remedy_and_request() -> None:
    error = errors.Throttled(code="throttled.sign-in", retry_after=2.2)
    response = problem(fault_of(error), "abc")
    assert response.status_code == 429
    assert response.headers["retry-after"] == "3"
    assert response.media_type == "application/problem+json"
    assert json.loads(bytes(response.body)) == {
        "type": "urn:fanlight:error:throttled.sign-in",
        "title": "Too many tries. Wait a little.",
        "status": 429,
        "code": "throttled.sign-in",
        "remedy": "Wait, then try again.",
        "temporary": True,
        "request_id": "abc",
    }


def test_an_unknown_error_tells_nothing_about_itself() -> None:
    fault = fault_of(ValueError("the password is hunter2"))
    assert fault.status == 500
    assert "hunter2" not in f"{fault.message}{fault.remedy}{fault.code}"


def test_image_bed_clients_read_the_word_they_know() -> None:
    response = line(fault_of(errors.Unauthenticated()), "")
    assert (response.status_code, bytes(response.body)) == (401, b"Unauthorized")
    assert bytes(line(fault_of(errors.BadBody()), "").body).startswith(b"Error: ")


def test_a_method_that_is_not_taken_keeps_its_allow_header() -> None:
    fault = fault_of(HTTPException(405, headers={"Allow": "POST"}))
    assert (fault.status, fault.code, fault.headers) == (
        405,
        "method-not-allowed",
        {"Allow": "POST"},
    )


def test_a_channel_to_be_reconnected_may_be_tried_again_later() -> None:
    fault = fault_of(errors.ReconnectNeeded())
    assert (fault.status, fault.headers["Retry-After"]) == (503, "300")
