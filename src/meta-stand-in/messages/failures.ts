import { type GraphRequest } from '../graph/graph-request.js';
import { recordOf, textOf } from '../base/json.js';
import { type SentMessage } from '../state/sent-log.js';
import { findMediaFailure } from './media-failures.js';
import { type Recipient } from './recipient.js';

const MAX_REACTION_AGE_MS = 30 * 86_400_000;

/** Why a message that was answered with 200 is never delivered. */
export interface Failure {
  readonly code: number;
  readonly details?: string | undefined;
}

export interface Attempt {
  readonly request: GraphRequest;
  readonly message: SentMessage;
  readonly recipient: Recipient;
}

type Finder = (attempt: Attempt) => Failure | undefined | Promise<Failure | undefined>;

const onDemand: Finder = ({ request: { fault } }) =>
  fault?.kind === 'failed' ? { code: fault.code ?? 131000, details: fault.details } : undefined;

const nobody: Finder = ({ recipient: { isUnknown, person } }) =>
  isUnknown || !person.isRegistered ? { code: 131026 } : undefined;

const blocked: Finder = ({ recipient: { person } }) => (person.isBlocked ? { code: 130403 } : undefined);

const marketingStopped: Finder = ({ recipient: { person }, message: { category } }) =>
  category === 'marketing' && person.isMarketingStopped ? { code: 131050 } : undefined;

const otherIdentity: Finder = ({ recipient: { person }, message: { request } }) => {
  const hash = textOf(request['recipient_identity_key_hash']);
  return hash !== undefined && hash !== person.identityHash ? { code: 137000 } : undefined;
};

/** Meta takes such a message and tells by webhook ("Error codes", 131047). */
const windowClosed: Finder = ({ request: { world }, message: { type, wasWindowOpen } }) =>
  world.behaviour.isWindowEnforced && type !== 'template' && !wasWindowOpen
    ? { code: 131047, details: 'More than 24 hours have passed since the person last wrote to this number.' }
    : undefined;

/** What is answered long ago, or is a reaction itself, cannot be reacted to ("Reaction messages"). */
const pastReaction: Finder = ({ request: { world }, message: { request, type } }) => {
  if (type !== 'reaction') return undefined;
  const [target] = world.sent.find({ id: textOf(recordOf(request['reaction'])['message_id']) });
  if (target === undefined) return undefined;
  const isTooOld = world.clock.nowMs() - target.takenMs > MAX_REACTION_AGE_MS;
  return isTooOld || target.type === 'reaction'
    ? { code: 131009, details: 'The message cannot be reacted to.' }
    : undefined;
};

const FINDERS: readonly Finder[] = [
  ...[onDemand, nobody, blocked, marketingStopped, otherIdentity, windowClosed, pastReaction],
  ({ request, message }) => findMediaFailure(request.world, message),
];

export const findFailure = async (attempt: Attempt): Promise<Failure | undefined> => {
  for (const find of FINDERS) {
    const failure = await find(attempt);
    if (failure !== undefined) return failure;
  }
  return undefined;
};
