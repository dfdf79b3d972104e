import { Injectable } from '@nestjs/common';

import type { MessageReference, OutboundContent, OutboundMedia } from '../engines/index.js';
import { MediaService } from '../media/index.js';
import { readContent } from './domain/message-content.js';
import type { OutgoingMessage } from './outgoing.repository.js';

/** The message can never be sent: something that it needs is gone. */
export class ContentGoneError extends Error {}

export interface LoadedContent {
  readonly content: OutboundContent;
  readonly quoted: MessageReference | null;
}

/** Makes what an engine takes of what the log keeps. */
@Injectable()
export class ContentLoader {
  constructor(private readonly media: MediaService) {}

  async load(message: OutgoingMessage): Promise<LoadedContent> {
    const given = readContent(message);
    if ('targetId' in given) {
      const target = this.targetOf(message);
      const { type } = given;
      if (type === 'reaction') return { content: { type, emoji: given.emoji, target }, quoted: null };
      if (type === 'edit') return { content: { type, text: given.text, target }, quoted: null };
      return { content: { type, target }, quoted: null };
    }
    const quoted = message.targetId === null ? null : this.targetOf(message);
    if (!('mediaId' in given)) return { content: given, quoted };
    const { mediaId, fileName = null, ...rest } = given;
    return { content: { ...rest, media: await this.mediaOf(mediaId, fileName) }, quoted };
  }

  private targetOf({ target }: OutgoingMessage): MessageReference {
    if (target === null) throw new ContentGoneError('The message that it is about is gone.');
    return target;
  }

  private async mediaOf(mediaId: string, fileName: string | null): Promise<OutboundMedia> {
    const media = await this.media.find(mediaId);
    if (media === null) throw new ContentGoneError('Its file is gone.');
    const { mimeType, size, sha256 } = media;
    const open = (): ReturnType<OutboundMedia['open']> => this.media.open(media);
    return { mimeType, fileName: fileName ?? media.fileName, sizeBytes: size, sha256, open };
  }
}
