import { recordOf, textOf } from '../base/json.js';
import { bareTypeOf, typesOf } from '../graph/media-types.js';
import { type SentMessage } from '../state/sent-log.js';
import { type World } from '../state/world.js';
import { MEDIA_TYPES } from './content.js';
import { type Failure } from './failures.js';

const UPLOAD_ERROR = 131053;
const FETCH_MS = 10_000;

/** Media that cannot be sent fails after the answer, by webhook ("Error codes", 131053). */
export const findMediaFailure = async (world: World, message: SentMessage): Promise<Failure | undefined> => {
  const { type, request, number } = message;
  if (!MEDIA_TYPES.includes(type)) return undefined;
  const content = recordOf(request[type]);
  const id = textOf(content['id']);
  if (id === undefined)
    return world.behaviour.areLinksFetched ? fetchLink(world, textOf(content['link']) ?? '', type) : undefined;
  const media = world.media.find(id);
  if (media?.app !== number.account.app)
    return { code: UPLOAD_ERROR, details: `Media ${id} does not exist or is expired.` };
  return checkType(media.mimeType, type);
};

const checkType = (mimeType: string, type: string): Failure | undefined => {
  const allowed = typesOf(type);
  const bare = bareTypeOf(mimeType);
  if (allowed.includes(bare)) return undefined;
  const kind = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return {
    code: UPLOAD_ERROR,
    details: `Unsupported ${kind} mime type ${bare}. Please use one of ${allowed.join(', ')}.`,
  };
};

const fetchLink = async ({ outgoing }: World, url: string, type: string): Promise<Failure | undefined> => {
  try {
    const { status, headers } = await outgoing.send({ method: 'GET', url, timeoutMs: FETCH_MS });
    if (status !== 200)
      return { code: UPLOAD_ERROR, details: `The link could not be downloaded: HTTP ${String(status)}` };
    const mimeType = headers['content-type'];
    return checkType(typeof mimeType === 'string' ? mimeType : '', type);
  } catch {
    return { code: UPLOAD_ERROR, details: 'The link could not be downloaded.' };
  }
};
