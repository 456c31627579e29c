"""The owner's pages: plain HTML over the use cases, complete without scripts."""

from __future__ import annotations

from starlette.routing import Route

from fanlight.web.studio import (
    activity,
    archives,
    assets,
    batch,
    channel_forms,
    channels,
    connect,
    devices,
    galleries,
    gallery_edit,
    gallery_new,
    jobs,
    library,
    picks,
    setup,
    sign_in,
    telling,
    tokens,
    trash,
    trial,
    upload,
)
from fanlight.web.studio.forms import SignedIn, signed_in


def routes() -> list[Route]:
    """The addresses of all pages and forms."""
    return [
        Route("/", sign_in.start),
        Route("/setup", setup.show_owner),
        Route("/setup", setup.become_owner, methods=["POST"]),
        _page("/setup/photos", setup.show_photos),
        _form("/setup/photos", setup.settle),
        _page("/setup/first", setup.show_first),
        Route("/sign-in", sign_in.show_sign_in),
        Route("/sign-in", sign_in.sign_in, methods=["POST"]),
        Route("/sign-out", sign_in.sign_out, methods=["POST"]),
        _page("/studio/upload", upload.show),
        _form("/studio/upload", upload.send),
        _page("/studio/library", library.show),
        _page("/studio/library/tiles", library.more),
        _page("/studio/library/tree", library.tree),
        _page("/studio/library/tags", library.tags),
        _form("/studio/library/batch", batch.change),
        _page("/studio/library/trash/empty", trash.ask),
        _form("/studio/library/trash/empty", trash.empty),
        _form("/studio/library/archive", archives.plan),
        _page("/studio/library/archive/{plan_id}", archives.show),
        _page("/studio/assets/{asset_id}", assets.show),
        _form("/studio/assets/{asset_id}", assets.change),
        _form("/studio/assets/{asset_id}/publish", assets.publish),
        _form("/studio/assets/{asset_id}/delete", assets.delete),
        _form("/studio/assets/{asset_id}/restore", assets.restore),
        _form("/studio/assets/{asset_id}/bring-back", assets.bring_back),
        _form("/studio/assets/{asset_id}/purge", assets.purge),
        *_gallery_routes(),
        _page("/studio/channels", channels.show),
        _form("/studio/channels", channel_forms.add),
        _page("/studio/channels/new", channel_forms.show_new),
        _page("/studio/channels/{channel_id}", channels.show_one),
        _form("/studio/channels/{channel_id}", channel_forms.change),
        _page("/studio/channels/{channel_id}/edit", channel_forms.show_edit),
        _form("/studio/channels/{channel_id}/check", channels.check),
        _form("/studio/channels/{channel_id}/quota", channels.quota),
        _form("/studio/channels/{channel_id}/test", trial.test),
        _form("/studio/channels/{channel_id}/switch", channels.switch),
        _form("/studio/channels/{channel_id}/index", channels.index),
        _page("/studio/channels/{channel_id}/remove", channels.show_remove),
        _form("/studio/channels/{channel_id}/remove", channels.remove),
        _form("/studio/channels/{channel_id}/forget", channels.forget),
        _form("/studio/channels/{channel_id}/connect", connect.begin),
        _form("/studio/channels/{channel_id}/code", connect.take_code),
        _form("/studio/channels/{channel_id}/token", connect.take_token),
        _form("/studio/channels/{channel_id}/heard", connect.hear),
        _form("/studio/channels/{channel_id}/disconnect", connect.disconnect),
        _page("/api/oauth/{provider}/callback", connect.come_back),
        _page("/studio/galleries/{gallery_id}/activity", activity.show),
        _page("/studio/galleries/{gallery_id}/activity.csv", activity.table),
        _form("/studio/galleries/{gallery_id}/links/{link_id}/invite", telling.invite),
        _page("/studio/notices", telling.show),
        _form("/studio/notices", telling.prefer),
        _form("/studio/notices/test", telling.send_test),
        _form("/studio/notices/webhooks", telling.add),
        _form("/studio/notices/webhooks/{webhook_id}/switch", telling.switch),
        _form("/studio/notices/webhooks/{webhook_id}/try", telling.attempt),
        _form("/studio/notices/webhooks/{webhook_id}/remove", telling.remove),
        _page("/studio/galleries/{gallery_id}/picks", picks.show),
        _form("/studio/galleries/{gallery_id}/picks/answer", picks.answer),
        _form("/studio/galleries/{gallery_id}/comments/{comment_id}/remove", picks.remove_comment),
        _form("/studio/galleries/{gallery_id}/viewers/{viewer_id}/forget", picks.forget),
        _page("/studio/galleries/{gallery_id}/lists/{list_id}/originals", picks.originals),
        _form("/studio/galleries/{gallery_id}/lists/{list_id}/reopen", picks.reopen),
        _form("/studio/galleries/{gallery_id}/lists/{list_id}/bring-back", picks.bring_back),
        _page("/studio/galleries/{gallery_id}/lists/{list_id}/as/{form}", picks.hand_over),
        _page("/studio/tokens", tokens.show),
        _form("/studio/tokens", tokens.make),
        _form("/studio/tokens/{token_id}/revoke", tokens.revoke),
        _page("/studio/devices", devices.show),
        _form("/studio/devices/{session_id}/end", devices.end),
        _form("/studio/devices/password", devices.change_password),
        _page("/studio/jobs", jobs.show),
        _form("/studio/jobs/pictures", jobs.warm),
        _form("/studio/jobs/{job_id}/cancel", jobs.cancel),
        _form("/studio/jobs/{job_id}/again", jobs.again),
    ]


def _gallery_routes() -> list[Route]:
    one = "/studio/galleries/{gallery_id}"
    return [
        _page("/studio/galleries", galleries.show),
        _form("/studio/galleries", gallery_new.make),
        _page("/studio/galleries/new", gallery_new.show_new),
        _form("/studio/galleries/choose", galleries.choose),
        _page(one, galleries.show_one),
        _form(f"{one}/items", galleries.change_items),
        _form(f"{one}/state", galleries.publish),
        _form(f"{one}/sync", galleries.sync),
        _form(f"{one}/duplicate", galleries.duplicate),
        _page(f"{one}/remove", galleries.show_remove),
        _form(f"{one}/remove", galleries.remove),
        _page(f"{one}/about", gallery_edit.show_about),
        _form(f"{one}/about", gallery_edit.save_about),
        _page(f"{one}/look", gallery_edit.show_look),
        _form(f"{one}/look", gallery_edit.save_look),
        _page(f"{one}/access", gallery_edit.show_access),
        _form(f"{one}/access", gallery_edit.save_access),
        _page(f"{one}/sections", gallery_edit.show_sections),
        _form(f"{one}/sections", gallery_edit.save_sections),
        _form(f"{one}/sections/{{section_id}}/remove", gallery_edit.remove_section),
        _page(f"{one}/folders", gallery_edit.show_folders),
        _form(f"{one}/folders", gallery_new.add),
        _form(f"{one}/folders/{{source_id}}", gallery_edit.change_source),
    ]


def _page(path: str, handler: SignedIn) -> Route:
    return Route(path, signed_in(handler), methods=["GET"])


def _form(path: str, handler: SignedIn) -> Route:
    return Route(path, signed_in(handler), methods=["POST"])
