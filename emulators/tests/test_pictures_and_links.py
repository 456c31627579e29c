"""Thumbnails, media info, previews, temporary links, upload links, shared links."""

from __future__ import annotations

import base64
import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from dropbox_emulator.pictures.photos import make_photo
from dropbox_emulator.pictures.thumbnails import target_size

from .support import Dropbox, Reply, http


def get(
    dbx: Dropbox, url: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> Reply:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return http(f"{parts.scheme}://{parts.netloc}", method, path, body, headers)


def picture(size: tuple[int, int], form: str = "JPEG", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **save)
    return out.getvalue()


def thumbnail(dbx: Dropbox, path: str, **arg: Any) -> Reply:
    resource = {".tag": "path", "path": path}
    return dbx.fetch("files/get_thumbnail_v2", {"resource": resource, **arg})


@pytest.mark.parametrize(
    ("size", "mode", "expected"),
    [
        ((4000, 3000), "strict", (640, 480)),
        ((3000, 4000), "strict", (360, 480)),
        ((3000, 4000), "bestfit", (480, 640)),
        ((4000, 2000), "fitone_bestfit", (960, 480)),
        ((100, 50), "strict", (100, 50)),
        ((4000, 3000), "original", (4000, 3000)),
    ],
)
def test_sizes(size: tuple[int, int], mode: str, expected: tuple[int, int]) -> None:
    assert target_size(size, (640, 480), mode) == expected


@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
def test_formats(dbx: Dropbox, form: str) -> None:
    dbx.upload("/a.jpg", picture((800, 600)))
    reply = thumbnail(dbx, "/a.jpg", format=form, size="w128h128")
    assert reply.headers["content-type"] == f"image/{form}"
    assert reply.result["file_metadata"]["name"] == "a.jpg"
    with Image.open(io.BytesIO(reply.body)) as made:
        assert made.size == (128, 96)
        assert made.format == form.upper()


def test_orientation_is_applied(dbx: Dropbox) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    dbx.upload("/a.jpg", picture((800, 600), exif=exif))
    with Image.open(io.BytesIO(thumbnail(dbx, "/a.jpg", size="w640h480").body)) as made:
        assert made.size == (360, 480)


def test_transparency(dbx: Dropbox) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")
    dbx.upload("/a.png", out.getvalue())
    kept = thumbnail(dbx, "/a.png", format="png", preserve_transparency=True)
    flat = thumbnail(dbx, "/a.png", format="png")
    with Image.open(io.BytesIO(kept.body)) as one, Image.open(io.BytesIO(flat.body)) as two:
        assert (one.mode, two.mode) == ("RGBA", "RGB")
    assert thumbnail(dbx, "/a.png", preserve_transparency=True).status == 400


def test_thumbnail_errors(dbx: Dropbox) -> None:
    dbx.upload("/a.heic", b"x")
    dbx.upload("/b.jpg", b"this is no picture")
    dbx.upload("/c.jpg", picture((800, 600))[:2000])
    dbx.control.put_pattern("/d.jpg", 20 * 1024 * 1024 + 1)
    assert thumbnail(dbx, "/a.heic").tags == "unsupported_extension"
    assert thumbnail(dbx, "/b.jpg").tags == "unsupported_image"
    assert thumbnail(dbx, "/c.jpg").tags == "conversion_error"
    assert thumbnail(dbx, "/d.jpg").tags == "unsupported_image"
    assert thumbnail(dbx, "/none.jpg").tags == "path/not_found"


def test_first_version(dbx: Dropbox) -> None:
    dbx.upload("/a.jpg", picture((800, 600)))
    reply = dbx.fetch("files/get_thumbnail", {"path": "/a.jpg"})
    assert reply.result["name"] == "a.jpg"


def test_batch(dbx: Dropbox) -> None:
    dbx.upload("/a.jpg", picture((800, 600)))
    entries = [{"path": "/a.jpg", "size": "w128h128"}, {"path": "/none.jpg"}]
    done = dbx.ok("files/get_thumbnail_batch", {"entries": entries})["entries"]
    assert base64.b64decode(done[0]["thumbnail"]).startswith(b"\xff\xd8")
    assert ".tag" not in done[0]["metadata"]
    assert done[1]["failure"] == {".tag": "path", "path": {".tag": "not_found"}}
    many = {"entries": [{"path": "/a.jpg"}] * 26}
    assert dbx.error("files/get_thumbnail_batch", many) == "too_many_files"


def test_batch_lives_on_the_content_host(dbx: Dropbox) -> None:
    arg: dict[str, Any] = {"entries": []}
    content = dbx.call("files/get_thumbnail_batch", arg, Host="content.dropboxapi.com")
    api = dbx.call("files/get_thumbnail_batch", arg, Host="api.dropboxapi.com")
    assert (content.status, api.status) == (200, 400)


def test_photos_have_dates_and_places(dbx: Dropbox) -> None:
    (path,) = dbx.control.photos(1, long_edge=320)
    found = dbx.ok("files/get_metadata", {"path": path, "include_media_info": True})
    info = found["media_info"]["metadata"]
    assert info[".tag"] == "photo"
    assert info["dimensions"] == {"height": 213, "width": 320}
    assert info["time_taken"] == "2024-06-14T05:12:00Z" == found["client_modified"]
    assert 47 <= info["location"]["latitude"] <= 48
    assert "media_info" not in dbx.list("/Photos", include_media_info=True)[0][0]


def test_photos_are_the_same_every_time() -> None:
    assert make_photo(3, long_edge=64).data == make_photo(3, long_edge=64).data
    assert make_photo(3, long_edge=64).data != make_photo(4, long_edge=64).data


def test_previews(dbx: Dropbox) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:d xmlns:w='w'><w:p>Hello (you)</w:p></w:d>")
    dbx.upload("/a.docx", out.getvalue())
    dbx.upload("/b.csv", b"x,<y>\n1,2\n")
    dbx.upload("/c.docx", b"no zip")
    pdf = dbx.fetch("files/get_preview", {"path": "/a.docx"})
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body.startswith(b"%PDF-")
    assert b"Hello \\(you\\)" in pdf.body
    assert "&lt;y&gt;" in dbx.fetch("files/get_preview", {"path": "/b.csv"}).text
    assert dbx.fetch("files/get_preview", {"path": "/c.docx"}).tags == "unsupported_content"
    dbx.upload("/d.mp4", b"x")
    assert dbx.fetch("files/get_preview", {"path": "/d.mp4"}).tags == "unsupported_extension"


def test_temporary_link(dbx: Dropbox) -> None:
    dbx.upload("/a b.jpg", b"0123456789")
    link = dbx.ok("files/get_temporary_link", {"path": "/a b.jpg"})["link"]
    reply = get(dbx, link)
    assert (reply.status, reply.body) == (200, b"0123456789")
    assert reply.headers["content-type"] == "image/jpeg"
    part = get(dbx, link, Range="bytes=2-3")
    assert (part.status, part.body) == (206, b"23")
    assert get(dbx, link, Range="bytes=50-").status == 416
    head = get(dbx, link, "HEAD")
    assert (head.status, head.headers["content-length"], head.body) == (200, "10", b"")
    dbx.upload("/a b.jpg", b"new", mode="overwrite")
    assert get(dbx, link).body == b"0123456789", "a link is pinned to its version"
    dbx.control.advance(4 * 3600 + 1)
    assert get(dbx, link).status == 410


def test_temporary_link_uses_the_real_host_when_asked_there(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    reply = dbx.call("files/get_temporary_link", {"path": "/a"}, Host="api.dropboxapi.com")
    parts = urlsplit(str(reply.json["link"]))
    assert parts.hostname
    assert parts.hostname.endswith(".dl.dropboxusercontent.com")
    assert http(dbx.address, "GET", parts.path, None, {"Host": parts.hostname}).body == b"x"


def test_temporary_link_errors(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    dbx.control.change_account("ann@example.org", links_banned=True)
    assert dbx.error("files/get_temporary_link", {"path": "/a"}) == "not_allowed"
    dbx.control.change_account("ann@example.org", email_verified=False)
    assert dbx.error("files/get_temporary_link", {"path": "/a"}) == "email_not_verified"


def upload_link(dbx: Dropbox, path: str, **more: Any) -> str:
    arg = {"commit_info": {"path": path, **more}, "duration": 60}
    return dbx.ok("files/get_temporary_upload_link", arg)["link"]


def test_upload_link(dbx: Dropbox) -> None:
    octets = {"Content-Type": "application/octet-stream"}
    link = upload_link(dbx, "/a")
    reply = get(dbx, link, "POST", b"hello", **octets)
    assert set(reply.json) == {"content-hash"}
    assert dbx.download("/a") == b"hello"
    assert get(dbx, link, "POST", b"again", **octets).status == 410
    conflict = upload_link(dbx, "/a")
    assert get(dbx, conflict, "POST", b"other", **octets).status == 409
    late = upload_link(dbx, "/b")
    dbx.control.advance(61)
    assert get(dbx, late, "POST", b"x", **octets).status == 410
    assert get(dbx, late, "OPTIONS").headers["access-control-allow-origin"] == "*"


def share(dbx: Dropbox, path: str, **settings: Any) -> dict[str, Any]:
    arg: dict[str, Any] = {"path": path}
    if settings:
        arg["settings"] = settings
    return dbx.ok("sharing/create_shared_link_with_settings", arg)


def test_shared_link(dbx: Dropbox) -> None:
    dbx.upload("/Pic ture.jpg", b"bytes")
    made = share(dbx, "/pic ture.jpg")
    assert made[".tag"] == "file"
    assert "/scl/fi/" in made["url"]
    assert made["url"].endswith("&dl=0")
    assert "Pic ture.jpg" in get(dbx, made["url"]).text
    raw = get(dbx, made["url"].replace("dl=0", "raw=1"))
    assert raw.status == 302
    shown = get(dbx, raw.headers["location"])
    assert shown.body == b"bytes"
    assert shown.headers["content-disposition"].startswith("inline")
    saved = get(dbx, get(dbx, made["url"].replace("dl=0", "dl=1")).headers["location"])
    assert saved.headers["content-disposition"].startswith("attachment")
    assert get(dbx, made["url"].replace("rlkey=", "rlkey=x")).status == 404


def test_shared_link_already_exists(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    made = share(dbx, "/a")
    reply = dbx.call("sharing/create_shared_link_with_settings", {"path": "/a"})
    assert reply.tags == "shared_link_already_exists/metadata"
    error = reply.json["error"]["shared_link_already_exists"]
    assert error["metadata"]["url"] == made["url"]


def test_shared_link_routes(dbx: Dropbox) -> None:
    dbx.upload("/f/a", b"data")
    url = share(dbx, "/f")["url"]
    arg = {"url": url, "path": "/a"}
    assert dbx.ok("sharing/get_shared_link_metadata", arg)["name"] == "a"
    file = dbx.fetch("sharing/get_shared_link_file", arg)
    assert file.body == b"data"
    directory = dbx.fetch("sharing/get_shared_link_file", {"url": url})
    assert directory.tags == "shared_link_is_directory"
    listed = dbx.ok("files/list_folder", {"path": "", "shared_link": {"url": url}})
    assert [entry["name"] for entry in listed["entries"]] == ["a"]
    assert len(dbx.ok("sharing/list_shared_links", {"path": "/f/a"})["links"]) == 1
    direct = {"path": "/f/a", "direct_only": True}
    assert dbx.ok("sharing/list_shared_links", direct)["links"] == []
    dbx.ok("sharing/revoke_shared_link", {"url": url})
    assert dbx.error("sharing/get_shared_link_metadata", {"url": url}) == "shared_link_not_found"
    assert get(dbx, url).status == 404


def test_shared_link_settings_need_a_paid_account(dbx: Dropbox) -> None:
    dbx.upload("/a", b"x")
    arg = {"path": "/a", "settings": {"link_password": "secret"}}
    refused = dbx.error("sharing/create_shared_link_with_settings", arg)
    assert refused == "settings_error/not_authorized"
    dbx.control.change_account("ann@example.org", type="pro")
    url = share(dbx, "/a", link_password="secret")["url"]
    assert get(dbx, url).status == 403
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    raw = url.replace("dl=0", "raw=1")
    assert get(dbx, raw, "POST", b"password=wrong", **form).status == 403
    assert get(dbx, raw, "POST", b"password=secret", **form).status == 302
    soon = "2099-01-01T00:00:00Z"
    changed = dbx.ok(
        "sharing/modify_shared_link_settings", {"url": url, "settings": {"expires": soon}}
    )
    assert changed["expires"] == soon


def test_thumbnail_of_a_shared_link(dbx: Dropbox) -> None:
    dbx.upload("/a.jpg", picture((800, 600)))
    url = share(dbx, "/a.jpg")["url"]
    resource = {".tag": "link", "url": url}
    reply = dbx.fetch("files/get_thumbnail_v2", {"resource": resource})
    assert reply.result["link_metadata"]["url"] == url
    gone = {".tag": "link", "url": url.replace("rlkey=", "rlkey=no")}
    assert dbx.fetch("files/get_thumbnail_v2", {"resource": gone}).tags == "not_found"
