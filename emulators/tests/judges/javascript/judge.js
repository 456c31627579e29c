// The official JavaScript SDK as a client: write, ranged read, list, delete, and its errors.
// Environment: ADDRESS of the emulator, REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET.

import assert from 'node:assert/strict';
import dropbox from 'dropbox';

const { ADDRESS, REFRESH_TOKEN, CLIENT_ID, CLIENT_SECRET } = process.env;
const calls = [];

// The SDK's own setting for the way out: its hosts become paths of the emulator.
function led(address, options) {
  const { hostname, pathname, search } = new URL(address);
  calls.push(`${hostname}${pathname}`);
  return fetch(`${ADDRESS}/${hostname.split('.')[0]}${pathname}${search}`, options);
}

const client = new dropbox.Dropbox({
  refreshToken: REFRESH_TOKEN,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  fetch: led,
});
const path = '/Von JS/Grüße 🎉 \u007f.txt'.replace('\u007f', '');
const text = 'one two three';

const me = (await client.usersGetCurrentAccount()).result;
assert.equal(me.email, 'ann@example.org');
const written = (await client.filesUpload({ path, contents: text })).result;
assert.equal(written.path_display, path);
assert.equal(written.size, text.length);

const whole = (await client.filesDownload({ path })).result;
assert.equal(Buffer.from(whole.fileBinary).toString(), text);
assert.equal(whole.content_hash, written.content_hash);

// a ranged read: by the address of a temporary link, as the SDK offers no Range
const { link } = (await client.filesGetTemporaryLink({ path })).result;
const part = await fetch(link, { headers: { Range: 'bytes=4-6' } });
assert.deepEqual([part.status, await part.text()], [206, 'two']);

// an upload session, in three pieces
const { session_id } = (await client.filesUploadSessionStart({ contents: 'aaa' })).result;
const cursor = { session_id, offset: 3 };
await client.filesUploadSessionAppendV2({ cursor, contents: 'bbb' });
cursor.offset = 6;
const commit = { path: '/pieces.txt', mode: { '.tag': 'overwrite' } };
const joined = await client.filesUploadSessionFinish({ cursor, commit, contents: 'ccc' });
assert.equal(joined.result.size, 9);

const seen = [];
let page = (await client.filesListFolder({ path: '', recursive: true, limit: 1 })).result;
seen.push(...page.entries);
while (page.has_more) {
  page = (await client.filesListFolderContinue({ cursor: page.cursor })).result;
  seen.push(...page.entries);
}
assert.deepEqual(seen.map((each) => each.path_display).sort(), ['/Von JS', path, '/pieces.txt'].sort());

await client.filesDeleteV2({ path: '/Von JS' });
await assert.rejects(client.filesGetMetadata({ path }), (refused) => {
  assert.equal(refused.status, 409);
  assert.equal(refused.error.error.path['.tag'], 'not_found');
  return true;
});
const changes = (await client.filesListFolderContinue({ cursor: page.cursor })).result.entries;
assert.deepEqual(changes.map((each) => each['.tag']), ['deleted']);
assert.ok(calls.includes('api.dropboxapi.com/oauth2/token'));
console.log(JSON.stringify({ calls: calls.length }));
