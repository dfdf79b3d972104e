/** What the page makes of a file before it is uploaded: its kind, its hash, a preview. */
import { sha256Base64, toBase64 } from '../base/encoding.js';
import { faultPoint } from '../link.js';
import { settings } from '../settings.js';
import { mediaObjectOf } from './media-objects.js';

const PREVIEW_PIXELS = 100;
const VOICE_BYTES_PER_SECOND = 4000;
const PAGE_ONLY = new Set(['mediaBlob', 'preview', 'fullPreviewData', 'renderableUrl']);

class MediaData {
  constructor(attributes) {
    Object.assign(this, attributes);
  }

  set(attributes) {
    return Object.assign(this, attributes);
  }

  toJSON() {
    return Object.fromEntries(Object.entries(this).filter(([name]) => !PAGE_ONLY.has(name)));
  }
}

export async function prepare(opaque, options) {
  await faultPoint('prep');
  const { blob } = opaque;
  const mimetype = opaque.mimetype || 'application/octet-stream';
  const type = typeOf(mimetype, options);
  const prepared = {
    type,
    mimetype,
    size: blob.size,
    filehash: await sha256Base64(await blob.arrayBuffer()),
    filename: blob.name,
    mediaBlob: opaque,
    isGif: !!options.asGif,
    mediaStage: 'PREPARED',
  };
  if (type === 'image') Object.assign(prepared, await imageFields(blob));
  mediaObjectOf(prepared.filehash).mediaBlob = opaque;
  if (type === 'audio' || type === 'ptt') prepared.duration = String(secondsOf(blob));
  if (type === 'document') prepared.pageCount = 0;
  return new MediaData(prepared);
}

function typeOf(mimetype, { asSticker, asDocument, isPtt }) {
  if (asSticker) return 'sticker';
  if (asDocument) return 'document';
  const [kind] = mimetype.split('/');
  if (kind === 'image' || kind === 'video') return kind;
  if (kind === 'audio') return isPtt ? 'ptt' : 'audio';
  return 'document';
}

function secondsOf(blob) {
  return Math.max(1, Math.round(blob.size / VOICE_BYTES_PER_SECOND));
}

async function imageFields(blob) {
  try {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const preview = await previewOf(bitmap);
    return { width, height, fullWidth: width, fullHeight: height, preview };
  } catch {
    if (settings.strictImages) throw new Error('InvalidMediaCheckRepairFailedType');
    return {};
  }
}

async function previewOf(bitmap) {
  const scale = PREVIEW_PIXELS / Math.max(bitmap.width, bitmap.height, PREVIEW_PIXELS);
  const side = (pixels) => Math.max(1, Math.floor(pixels * scale));
  const canvas = new OffscreenCanvas(side(bitmap.width), side(bitmap.height));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.5 });
  return toBase64(await jpeg.arrayBuffer());
}
