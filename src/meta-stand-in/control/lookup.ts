import { textOf } from '../base/json.js';
import { type Account, type App, type PhoneNumber } from '../state/directory.js';
import { type World } from '../state/world.js';
import { notThere } from './control-error.js';

/** The one that is named, else the first. */
const pick = <T>(items: ReadonlyMap<string, T>, what: string, named: unknown): T => {
  const id = textOf(named);
  const found = id === undefined ? [...items.values()][0] : items.get(id);
  if (found === undefined) throw notThere(what, id ?? '');
  return found;
};

export const pickNumber = ({ directory }: World, id?: unknown): PhoneNumber => pick(directory.numbers, 'number', id);

export const pickAccount = ({ directory }: World, id?: unknown): Account => pick(directory.accounts, 'account', id);

export const pickApp = ({ directory }: World, id?: unknown): App => pick(directory.apps, 'app', id);
