import { createHash } from 'node:crypto';

import type { MessageReference, OutboundContent, OutboundMedia } from '../engine.content.js';
import { SendDeferredError } from '../engine.errors.js';
import type { SendCommand } from '../engine.port.js';

/** What has arrived, as the pretend WhatsApp keeps it. */
export interface ArrivedContent {
  readonly type: string;
  readonly text: string | null;
  readonly content: object | null;
  /** With an act: what it makes of the message that it is about. */
  readonly act?: { readonly target: string; readonly result: object };
}

type ActContent = Extract<OutboundContent, { type: 'reaction' | 'edit' | 'revoke' }>;

/** The file is really read, so that one that cannot be read cannot be sent either. */
const readMedia = async (media: OutboundMedia): Promise<object> => {
  const { mimeType, fileName, sizeBytes } = media;
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of await media.open()) {
      hash.update(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
  } catch (error) {
    throw new SendDeferredError('media-not-readable', error instanceof Error ? error.message : String(error));
  }
  if (size !== sizeBytes) {
    throw new SendDeferredError('media-not-readable', 'The file has another size than it was said to have.');
  }
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

const resultOf = (content: ActContent): object => {
  if (content.type === 'edit') return { edited: content.text };
  return content.type === 'revoke' ? { revoked: true } : { reaction: content.emoji === '' ? null : content.emoji };
};

/** They change another message, and nobody acknowledges them. */
const ACTS: readonly string[] = ['reaction', 'edit', 'revoke'];

export const isAct = (content: { readonly type: string }): content is ActContent => ACTS.includes(content.type);

export const toArrived = async ({ content, quoted }: SendCommand): Promise<ArrivedContent> => {
  const rest = { ...(await restOf(content)), ...(quoted && { quoted: quoted.providerMessageId }) };
  return {
    ...{ type: content.type, text: textOf(content), content: Object.keys(rest).length === 0 ? null : rest },
    ...(isAct(content) && { act: { target: content.target.providerMessageId, result: resultOf(content) } }),
  };
};

/** The messages of ours that a command points at: they must have arrived. */
export const ownTargetsOf = ({ content, quoted }: SendCommand): readonly MessageReference[] => {
  const targets = ['target' in content ? content.target : null, quoted];
  return targets.flatMap((target) => (target?.isOurs === true ? [target] : []));
};
