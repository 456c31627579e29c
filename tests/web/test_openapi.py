"""The OpenAPI document is true: what is asked by it is answered as it says, and never by a 5xx."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.server import make_owner, serving

if TYPE_CHECKING:
    from tests.web.conftest import House

CONFIG = Path(__file__).with_name("schemathesis.toml")
LEFT_OUT = (
    "revoke_token_tokens__id__delete",  # it finds the token it was given in the list
    "call_webhook_webhooks__id__test_post",  # it would call whatever address it has made up
    "send_test_mail_notices_test_post",  # without a mail server the answer is 502
    "send_invitation_share_links__id__invite_post",
    "add_channel_channels_post",  # the folder of its example is not there: 503 ever after
)


def test_schemathesis_finds_nothing_undocumented_and_no_server_error(tmp_path: Path) -> None:
    token = make_owner(tmp_path)
    with serving(tmp_path, log_level="error") as server:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
                *("run", f"{server.url}/api/v1/openapi.json"),
                *("--header", f"Authorization: Bearer {token}"),
                *(word for one in LEFT_OUT for word in ("--exclude-operation-id", one)),
                *("--seed", "2", "--max-examples", "5", "--max-time", "25", "--no-shrink"),
                *("--generation-database", "none", "--no-color", "--warnings", "off"),
            ],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
            cwd=tmp_path,
        )
        log = server.log
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Traceback" not in log


@pytest.mark.anyio
async def test_the_document_names_every_operation_and_its_failures(house: House) -> None:
    answer = await house.client().get("/api/v1/openapi.json")
    document: dict[str, Any] = answer.json()
    operations = {
        (method, path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert ("post", "/assets") in operations
    assert len(operations) >= 24
    for (method, path), operation in operations.items():
        assert operation["description"], (method, path)
        assert {"401", "403"} <= set(operation["responses"]), (method, path)
        for status, response in operation["responses"].items():
            if int(status) >= 400 and status != "414":
                assert list(response["content"]) == ["application/problem+json"], (method, path)
