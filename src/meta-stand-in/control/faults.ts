import { booleanOf, type Json, numberOf, textOf } from '../base/json.js';
import { FAULT_KINDS, type Fault } from '../state/faults.js';
import { type ControlHandler } from './control-call.js';
import { notThere, refuse } from './control-error.js';

/** `POST faults`: what goes wrong, where, how often. */
export const addFault: ControlHandler = ({ world, body }) => world.faults.add(readFault(body));

const readFault = (body: Json): Omit<Fault, 'id'> => {
  const kind = textOf(body['kind']) ?? 'error';
  if (!FAULT_KINDS.includes(kind)) throw refuse(`kind must be one of ${FAULT_KINDS.join(', ')}.`);
  return {
    kind,
    operation: textOf(body['operation']),
    to: textOf(body['to']),
    probability: numberOf(body['probability']) ?? 1,
    times: numberOf(body['times']),
    code: numberOf(body['code']),
    subcode: numberOf(body['subcode']),
    details: textOf(body['details']),
    isTransient: booleanOf(body['is_transient']),
    httpStatus: numberOf(body['http_status']),
    body: textOf(body['body']),
    contentType: textOf(body['content_type']),
    delayMs: numberOf(body['delay_ms']),
  };
};

export const listFaults: ControlHandler = ({ world }) => ({ data: world.faults.all() });

/** `DELETE faults` takes back all of them, `DELETE faults/{id}` one. */
export const removeFaults: ControlHandler = ({ world, id }) => {
  if (id === '') world.faults.clear();
  else if (!world.faults.remove(Number(id))) throw notThere('fault', id);
  return { success: true };
};
