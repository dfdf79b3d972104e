import { setTimeout as sleep } from 'node:timers/promises';

import { numberOf, recordOf, textOf } from '../base/json.js';
import { type Answer, answerJson, answerText, type Call, type Outcome, readJson } from '../http/exchange.js';
import { type Fault } from '../state/faults.js';
import { type World } from '../state/world.js';
import { authorise } from './authorise.js';
import { GraphError } from './graph-error.js';
import { downloadMedia } from './media.js';
import { handleNode } from './nodes.js';
import { locate, type Place } from './places.js';

/** One call of the Graph API: late, faulty or refused as it was asked for, else what its handler says. */
export const answerGraph = (world: World, call: Call): Promise<Outcome> => {
  const place = locate(world, call.path);
  return perform(world, call, place.operation, (fault) => handle(world, call, place, fault));
};

/** The bytes of a file lie outside the versions, and can be as late and faulty as the rest. */
export const answerMedia = (world: World, call: Call): Promise<Outcome> =>
  perform(world, call, 'media-download', () => downloadMedia(world, call));

type Work = (fault: Fault | undefined) => Answer | Promise<Answer>;

const perform = async (world: World, call: Call, operation: string, work: Work): Promise<Outcome> => {
  const fault = world.faults.take({ operation, to: recipientOf(call) });
  await delay(world);
  const outcome = await withFault(world, fault, work);
  const answer = typeof outcome === 'string' ? undefined : 'truncated' in outcome ? outcome.truncated : outcome;
  const errorCode = answer === undefined ? undefined : errorCodeOf(answer);
  world.calls.add({ method: call.method, path: call.path, operation, status: answer?.status ?? 0, errorCode });
  return outcome;
};

const recipientOf = (call: Call): string | undefined => {
  if (call.method !== 'POST' || !(call.headers['content-type'] ?? '').includes('json')) return undefined;
  const body = recordOf(readJson(call));
  return textOf(body['to']) ?? textOf(body['recipient']);
};

const errorCodeOf = ({ status, body }: Answer): number | undefined => {
  if (status < 400) return undefined;
  try {
    return numberOf(recordOf(recordOf(JSON.parse(body.toString('utf8')))['error'])['code']);
  } catch {
    return undefined;
  }
};

const delay = async ({ behaviour, random }: World): Promise<void> => {
  const ms = behaviour.latencyMs + random.below(behaviour.jitterMs + 1);
  if (ms > 0) await sleep(ms, undefined, { ref: false });
};

const withFault = async (world: World, fault: Fault | undefined, work: Work): Promise<Outcome> => {
  const instead = fault === undefined ? undefined : await insteadOf(world, fault);
  if (instead !== undefined) return instead;
  const answer = await work(fault);
  switch (fault?.kind) {
    case 'cut-after':
      return 'cut';
    case 'hang-after':
      return 'hang';
    case 'truncate':
      return { truncated: answer };
    default:
      return answer;
  }
};

/** What a fault does before anything is taken. */
const insteadOf = async (world: World, fault: Fault): Promise<Outcome | undefined> => {
  switch (fault.kind) {
    case 'cut-before':
      return 'cut';
    case 'hang-before':
      return 'hang';
    case 'answer':
      return answerText(fault.body ?? '', fault.httpStatus ?? 500, fault.contentType);
    case 'error':
      return refusal(world, errorOf(fault));
    case 'delay':
      await sleep(fault.delayMs ?? 0, undefined, { ref: false });
      return undefined;
    default:
      return undefined;
  }
};

const errorOf = ({ code = 131000, httpStatus, ...fault }: Fault): GraphError =>
  new GraphError({ ...fault, code, details: fault.details, status: httpStatus });

const handle = async (world: World, call: Call, place: Place, fault: Fault | undefined): Promise<Answer> => {
  try {
    const token = authorise(world, call);
    return await handleNode({ world, call, version: place.version, token, fault }, place);
  } catch (error) {
    if (error instanceof GraphError) return refusal(world, error);
    throw error;
  }
};

const refusal = ({ random }: World, error: GraphError): Answer =>
  answerJson(error.body(random.trace()), error.status, error.fault.headers);
