import { createHash } from 'node:crypto';

/** Deeper than anything that Meta sends; what lies below makes no difference. */
const DEEPEST = 24;

const textOf = (value: unknown, depth: number): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (depth === DEEPEST) return '…';
  if (Array.isArray(value)) return `[${value.map((element) => textOf(element, depth + 1)).join(',')}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member, depth + 1)}`).join(',')}}`;
};

/** A key for what has no id of its own: the same for the same values, in whatever order its fields come. */
export const fingerprint = (...values: readonly unknown[]): string =>
  createHash('sha256').update(textOf(values, 0)).digest('base64url');
