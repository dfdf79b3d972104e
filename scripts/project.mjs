import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MAJOR = 24;

/** A fault that the reader can mend: its message is all that is printed. */
export class Fault extends Error {}

export const inRoot = (...parts) => join(ROOT, ...parts);
export const say = (text) => process.stdout.write(`${text}\n`);

const majorOf = (binary) =>
  Number(/^v(\d+)\./.exec(spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout)?.[1]);

/** The Node.js that npm installed with the dependencies, else the one that runs this, when it is new enough. */
export const projectNode = () => {
  const packaged = inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  // It runs here unless it was made for another C library, as on Alpine.
  if (existsSync(packaged) && majorOf(packaged) >= NODE_MAJOR) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  throw new Fault(
    `Waypost runs on Node.js ${NODE_MAJOR}, none is packaged for ${process.platform}-${process.arch}, and this is ${process.version}: install Node.js ${NODE_MAJOR} and run the command again.`,
  );
};

/** Runs a script's main function: a fault is one sentence, anything else keeps its stack. */
export const main = async (work) => {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error instanceof Fault ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
};
