import { parsePhoneNumber } from '../../../../kernel/phone-number.js';
import { withoutAbsent } from '../../../../kernel/without-absent.js';
import type { InboundContent, InboundType } from '../../engine.content.js';
import type { WrittenMedia, WrittenMessage } from '../sandbox-inbox.js';
import type { ReceivedLocationRequest, ReceivedMediaRequest, ReceiveRequest } from './sandbox-contacts.requests.js';

const BY_MIME: readonly (readonly [RegExp, InboundType])[] = [
  [/^image\/webp/, 'sticker'],
  [/^image\//, 'image'],
  [/^video\//, 'video'],
  [/^audio\/ogg/, 'voice'],
  [/^audio\//, 'audio'],
];

const typeOf = ({ type, media, location, contacts, poll }: ReceiveRequest): InboundType => {
  if (type !== undefined) return type;
  if (media) return BY_MIME.find(([pattern]) => pattern.test(media.mimeType))?.[1] ?? 'document';
  if (location) return 'location';
  if (contacts) return 'contacts';
  return poll ? 'poll' : 'text';
};

const toMedia = ({ mimeType, fileName, data, size = 0 }: ReceivedMediaRequest): WrittenMedia => {
  const about = { mimeType, fileName: fileName ?? null };
  return data === undefined ? { ...about, size } : { ...about, data };
};

const toLocation = ({
  latitude,
  longitude,
  name,
  address,
}: ReceivedLocationRequest): NonNullable<InboundContent['location']> => ({
  ...{ latitude, longitude },
  ...withoutAbsent({ name, address }),
});

const toContent = (body: ReceiveRequest): InboundContent => {
  const { location, contacts, poll, mentions, isForwarded } = body;
  return withoutAbsent({ location: location && toLocation(location), contacts, poll, mentions, isForwarded });
};

export const toWritten = (body: ReceiveRequest): WrittenMessage => {
  const { from, text, media, group, replyTo, id, poll } = body;
  const content = toContent(body);
  return {
    ...{ from: parsePhoneNumber(from) ?? from, type: typeOf(body), text: text ?? poll?.question ?? null },
    ...withoutAbsent({ media: media && toMedia(media), group, replyTo, id }),
    ...(Object.keys(content).length > 0 && { content }),
  };
};
