/** Files to and from the service. */
import { randomBytes, toBase64 } from '../base/encoding.js';
import { nowSeconds } from '../base/time.js';
import { faultPoint } from '../link.js';

export async function uploadMedia({ mimetype, mediaObject, mediaType }) {
  await faultPoint('upload');
  const blob = mediaObject.mediaBlob && mediaObject.mediaBlob.blob;
  if (!blob) throw new Error('upload failed: no blob');
  const about = new URLSearchParams({ type: mediaType, mimetype: mimetype || '', name: blob.name || '' });
  const response = await fetch(`/sim/upload?${about}`, { method: 'POST', body: blob });
  if (!response.ok) throw withStatus(`upload failed: HTTP ${response.status}`, response.status);
  return { kind: 'success', mediaEntry: entryOf(await response.json()) };
}

export async function fetchMedia(directPath) {
  await faultPoint('download');
  const response = await fetch(`/sim/media${directPath}`);
  if (!response.ok) throw withStatus(`MediaNotFound ${response.status}`, response.status);
  return response.arrayBuffer();
}

function entryOf({ directPath, encFilehash }) {
  const url = `https://mmg.whatsapp.net${directPath}`;
  return {
    mmsUrl: url,
    deprecatedMms3Url: url,
    directPath,
    mediaKey: toBase64(randomBytes(32)),
    mediaKeyTimestamp: nowSeconds(),
    encFilehash,
    uploadHash: encFilehash,
    sidecar: undefined,
    firstFrameSidecar: undefined,
    handle: null,
  };
}

function withStatus(message, status) {
  return Object.assign(new Error(message), { status });
}
