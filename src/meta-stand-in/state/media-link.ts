import { createHmac } from 'node:crypto';

import { type Media } from './media-store.js';
import { type World } from './world.js';

const SECRET = 'links of the stand-in';
const PATH = '/whatsapp_business/attachments/';

export const isMediaPath = (path: string): boolean => path === PATH;

const hashOf = (id: string, expires: string): string =>
  createHmac('sha256', SECRET).update(`${id} ${expires}`).digest('base64url');

/** The address of the bytes, good for five minutes ("Media"): of the same form as Meta's, on this host. */
export const mediaLinkOf = ({ id }: Media, { clock, behaviour, url }: World): string => {
  const expires = String(Math.floor((clock.nowMs() + behaviour.mediaUrlMs) / 1000));
  const query = new URLSearchParams({ mid: id, ext: expires, hash: hashOf(id, expires) });
  return `${url}${PATH}?${query.toString()}`;
};

/** The file behind such an address, unless it was tampered with or is too old. */
export const openMediaLink = (query: URLSearchParams, { clock, media }: World): Media | undefined => {
  const [id, expires] = [query.get('mid') ?? '', query.get('ext') ?? ''];
  if (query.get('hash') !== hashOf(id, expires) || Number(expires) * 1000 <= clock.nowMs()) return undefined;
  return media.find(id);
};
