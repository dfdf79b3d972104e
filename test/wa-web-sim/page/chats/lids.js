/** Which LID belongs to which phone number: what the page has learned so far. */
import { createWid, serialized } from '../base/ids.js';

const lidByNumber = new Map();
const numberByLid = new Map();

export function learnLid(number, lid) {
  if (!number || !lid) return;
  lidByNumber.set(serialized(number), createWid(lid));
  numberByLid.set(serialized(lid), createWid(number));
}

export function lidOf(number) {
  return lidByNumber.get(serialized(number));
}

export function numberOf(lid) {
  return numberByLid.get(serialized(lid));
}
