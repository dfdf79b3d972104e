import { type Json, numberOf, present, recordOf, textOf } from '../base/json.js';
import { mediaLinkOf } from '../state/media-link.js';
import { sha256Of } from '../state/media-store.js';
import { type Inbound } from './inbound-content.js';

interface Example {
  readonly mimeType: string;
  /** The first bytes of such a file, so that whoever looks into it recognises it. */
  readonly head: string;
  readonly more?: Json;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  image: { mimeType: 'image/jpeg', head: 'ffd8ffe000104a46494600010100000100010000ffd9' },
  video: { mimeType: 'video/mp4', head: '0000001866747970697366d6d0000000069736f6d6d703432' },
  audio: {
    mimeType: 'audio/ogg; codecs=opus',
    head: '4f676753000200000000000000004f70757348656164',
    more: { voice: true },
  },
  document: { mimeType: 'application/pdf', head: '255044462d312e340a25c3a4c3bc0a', more: { filename: 'document.pdf' } },
  sticker: { mimeType: 'image/webp', head: '524946461a000000574542505650384c', more: { animated: false } },
};

const FALLBACK: Example = { mimeType: 'application/octet-stream', head: '00' };
const SETTABLE = ['caption', 'filename', 'voice', 'animated'];

/** Bytes of the test (base64), else the beginning of a real file, filled up to the size that is wished. */
const bytesOf = (given: Json, { head }: Example): Buffer => {
  const data = textOf(given['data']);
  const bytes = data === undefined ? Buffer.from(head, 'hex') : Buffer.from(data, 'base64');
  const size = numberOf(given['bytes']) ?? bytes.length;
  return size <= bytes.length ? bytes : Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
};

/** A media object of a webhook; its `url` has been there since November 2025 ("Media"). */
export const mediaContent = ({ world, number, type, body }: Inbound): Json => {
  const given = recordOf(body[type]);
  const example = EXAMPLES[type] ?? FALLBACK;
  const media = world.media.add({
    id: textOf(given['id']) ?? world.random.digits(16),
    app: number.account.app,
    phoneNumberId: number.id,
    mimeType: textOf(given['mime_type']) ?? example.mimeType,
    bytes: bytesOf(given, example),
    origin: 'inbound',
  });
  const settings: Json = present(Object.fromEntries(SETTABLE.map((name) => [name, given[name]])));
  return present({
    ...example.more,
    ...settings,
    mime_type: media.mimeType,
    sha256: sha256Of(media, 'base64'),
    id: media.id,
    url: mediaLinkOf(media, world),
  });
};
