#!/usr/bin/env node
/**
 * Verifies an exported audit trail (`GET /v1/audit/export`) without Waypost, its database or a network: this file and
 * Node are enough. It repeats the sums of src/modules/audit/domain on purpose, so that the product does not vouch for
 * itself. Exit code: 0 the trail is whole, 1 it is broken, 2 it was called wrongly.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const USAGE = `Usage: npm run audit:verify -- FILE [--head HASH]

  FILE         the NDJSON of GET /v1/audit/export; - reads standard input
  --head HASH  a hash that you kept (Waypost-Audit-Head, or "head" of GET /v1/audit/verify): an entry of the file must
               have it, so that entries cut off its end are noticed
`;
const GENESIS_HASH = '0'.repeat(64);

const canonicalJson = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${members.join(',')}}`;
};

const linkHash = ({ seq, previousHash, id, at, actor, action, target, outcome, requestId, detail }) => {
  const { kind, id: actorId, name } = actor;
  const record = { id, at, actor: { kind, id: actorId, name }, action, target, outcome, requestId };
  const canonical = canonicalJson({ ...record, detail: canonicalJson(detail) });
  return createHash('sha256').update(`${seq}\n${previousHash}\n${canonical}`).digest('hex');
};

const readEntry = (line) => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** Why the entry does not continue the chain, or undefined when it does. */
const faultOf = (entry, last) => {
  const expected = last.seq + 1;
  if (entry === null || typeof entry !== 'object') return 'it cannot be read';
  if (entry.seq > expected) return 'it is missing';
  if (entry.seq !== expected) return `entry ${entry.seq} (${entry.id}) stands in its place`;
  if (entry.previousHash !== last.hash) return 'it does not continue the entry before it';
  let hash;
  try {
    hash = linkHash(entry);
  } catch {
    return 'a part of it is missing';
  }
  return entry.hash === hash ? undefined : 'its content is not what was hashed';
};

const broken = (seq, entry, fault) => {
  const name = entry?.seq === seq ? ` (${entry.id}, ${entry.at}, ${entry.action})` : '';
  process.stdout.write(`BROKEN at entry ${seq}${name}: ${fault}.\n`);
  return 1;
};

/** By line feeds alone: `node:readline` also cuts at U+2028, which may stand inside of a JSON text. */
async function* linesOf(input) {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  if (rest !== '') yield rest;
}

const verify = async (input, head) => {
  let last = { seq: 0, hash: GENESIS_HASH };
  let headAt = head === GENESIS_HASH ? 0 : undefined;
  for await (const line of linesOf(input)) {
    if (line.trim() === '') continue;
    const entry = readEntry(line);
    const fault = faultOf(entry, last);
    if (fault !== undefined) return broken(last.seq + 1, entry, fault);
    last = entry;
    if (entry.hash === head) headAt = entry.seq;
  }
  if (head !== undefined && headAt === undefined) {
    return broken(last.seq + 1, undefined, `it is missing: no entry has the head ${head}`);
  }
  const kept = headAt === undefined ? '' : `; the head that you kept is entry ${headAt}`;
  process.stdout.write(`VALID: ${last.seq} entries, head ${last.hash}${kept}.\n`);
  return 0;
};

/** The arguments, or undefined when they make no sense. */
const parseArguments = (args) => {
  const files = [];
  let head;
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === '--head') head = args[(i += 1)] ?? '';
    else if (args[i] !== '-' && args[i].startsWith('-')) return undefined;
    else files.push(args[i]);
  }
  if (files.length !== 1 || (head !== undefined && !/^[0-9a-f]{64}$/i.test(head))) return undefined;
  return { file: files[0], head: head?.toLowerCase() };
};

const given = parseArguments(process.argv.slice(2));
if (given === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const input = given.file === '-' ? process.stdin : createReadStream(given.file);
  try {
    process.exitCode = await verify(input, given.head);
  } catch (error) {
    process.stderr.write(`The file cannot be read (${error.code ?? 'unknown'}).\n`);
    process.exitCode = 2;
  }
}
