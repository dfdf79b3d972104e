import { createHash } from 'node:crypto';

import type { OutboundContent, OutboundMedia } from '../engine.content.js';
import type { SendCommand } from '../engine.port.js';

/** What has arrived, as the pretend WhatsApp keeps it. */
export interface ArrivedContent {
  readonly type: string;
  readonly text: string | null;
  readonly content: object | null;
}

/** The file is really read, so that one that cannot be read cannot be sent either. */
const readMedia = async (media: OutboundMedia): Promise<object> => {
  const { mimeType, fileName, sizeBytes } = media;
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of await media.open()) {
    hash.update(chunk as Buffer);
    size += (chunk as Buffer).length;
  }
  if (size !== sizeBytes) throw new Error('The file has another size than it was said to have.');
  return { mimeType, fileName, size, sha256: hash.digest('hex') };
};

const textOf = (content: OutboundContent): string | null => {
  if ('text' in content) return content.text;
  if ('caption' in content) return content.caption ?? null;
  if (content.type === 'reaction') return content.emoji;
  return content.type === 'poll' ? content.question : null;
};

const restOf = async (content: OutboundContent): Promise<object> => {
  if ('media' in content) return { media: await readMedia(content.media) };
  if ('target' in content) return { target: content.target.providerMessageId };
  const entries = Object.entries(content).filter(([name]) => !['type', 'text', 'question'].includes(name));
  return Object.fromEntries(entries);
};

export const toArrived = async ({ content, quoted }: SendCommand): Promise<ArrivedContent> => {
  const rest = { ...(await restOf(content)), ...(quoted && { quoted: quoted.providerMessageId }) };
  return { type: content.type, text: textOf(content), content: Object.keys(rest).length === 0 ? null : rest };
};

/** They change another message, and nobody acknowledges them. */
export const isAct = ({ type }: OutboundContent): boolean => ['reaction', 'edit', 'revoke'].includes(type);
