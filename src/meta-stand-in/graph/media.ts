import { type Answer, answerJson, answerText, type Call } from '../http/exchange.js';
import { type Part, readForm } from '../http/multipart.js';
import { type PhoneNumber } from '../state/directory.js';
import { mediaLinkOf, openMediaLink } from '../state/media-link.js';
import { type Media, sha256Of } from '../state/media-store.js';
import { type World } from '../state/world.js';
import { readToken } from './authorise.js';
import { GraphError, invalid, missing, unknownObject } from './graph-error.js';
import { type GraphRequest, requireScope } from './graph-request.js';
import { ALL_TYPES, bareTypeOf, kindOf, limitOf } from './media-types.js';

/** `POST /{phone-number-id}/media` (Cloud API, Reference, "Media"). */
export const uploadMedia = (request: GraphRequest, number: PhoneNumber): Answer => {
  requireScope(request, 'messaging');
  const { world, call } = request;
  const form = readForm(call.body, call.headers['content-type'] ?? '');
  if (form === undefined) throw missing('messaging_product');
  if (textIn(form, 'messaging_product') !== 'whatsapp') throw missing('messaging_product');
  const file = form.find(({ name, filename }) => name === 'file' && filename !== undefined);
  if (file === undefined) throw missing('file');
  const mimeType = checkFile(file, textIn(form, 'type'));
  const { id } = world.media.add({
    id: world.random.digits(16),
    app: number.account.app,
    phoneNumberId: number.id,
    mimeType,
    bytes: Buffer.from(file.bytes),
    origin: 'upload',
  });
  return answerJson({ id });
};

const textIn = (form: readonly Part[], name: string): string | undefined =>
  form.find((part) => part.name === name)?.bytes.toString('utf8');

/** The type of the part counts; without one, what the form says. */
const checkFile = ({ contentType, bytes }: Part, type: string | undefined): string => {
  const mimeType = contentType ?? type ?? 'application/octet-stream';
  const kind = kindOf(mimeType);
  if (kind === undefined) {
    throw new GraphError({
      code: 100,
      message:
        `(#100) Param file must be a file with one of the following types: ${ALL_TYPES.join(', ')}. ` +
        `Received file of type '${bareTypeOf(mimeType)}'.`,
    });
  }
  const limit = limitOf(kind, bytes);
  if (bytes.length === 0) throw invalid('The file is empty.');
  if (bytes.length > limit) {
    throw invalid(`The file has ${String(bytes.length)} bytes; ${kind.kind} must not exceed ${String(limit)}.`);
  }
  return mimeType;
};

/** `GET /{media-id}`: the address of the bytes, for some minutes. */
export const describeMedia = ({ world, call }: GraphRequest, media: Media): Answer => {
  const owner = call.query.get('phone_number_id');
  if (owner !== null && owner !== media.phoneNumberId) throw unknownObject(call.method, media.id);
  return answerJson({
    messaging_product: 'whatsapp',
    url: mediaLinkOf(media, world),
    mime_type: media.mimeType,
    sha256: sha256Of(media, 'hex'),
    file_size: media.bytes.length,
    id: media.id,
  });
};

export const deleteMedia = ({ world }: GraphRequest, media: Media): Answer => {
  world.media.delete(media.id);
  return answerJson({ success: true });
};

/** The bytes: with the token, and only as long as the address is good; on another host at Meta. */
export const downloadMedia = (world: World, call: Call): Answer => {
  const token = world.directory.tokens.get(readToken(call) ?? '');
  if (token === undefined || token.invalidSubcode !== undefined) return answerText('', 401);
  const media = openMediaLink(call.query, world);
  if (media?.app !== token.app) return answerText('', 404);
  return { status: 200, headers: { 'content-type': media.mimeType }, body: media.bytes };
};
