/**
 * Run it after `npm install x`: names in package-lock.json the packages for other platforms that npm left out because
 * the registry at hand does not carry them. Without them `npm ci` refuses the lock file on every platform.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot, main, say } from './project.mjs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const wordIn = (name, words) => words.find((word) => new RegExp(`[-/]${word}(?![a-z0-9]*64)`).test(name));

/** For which machine a package is made, by the convention of its name; npm skips it on every other one. */
const platformOf = (name) => {
  const [os, cpu] = [wordIn(name, SYSTEMS), wordIn(name, PROCESSORS)];
  return os === undefined || cpu === undefined ? undefined : { os: [os], cpu: [cpu] };
};

const isFound = (packages, from, name) => {
  for (let home = from; ; home = home.slice(0, Math.max(home.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${home === '' ? '' : `${home}/`}node_modules/${name}`] !== undefined) return true;
    if (home === '') return false;
  }
};

await main(() => {
  const path = inRoot('package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const added = [];
  for (const [home, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = platformOf(name);
      if (platform === undefined || !/^\d/.test(version) || isFound(lock.packages, home, name)) continue;
      lock.packages[`node_modules/${name}`] = {
        version,
        ...platform,
        ...(dev && { dev }),
        license: 'MIT',
        optional: true,
      };
      added.push(name);
    }
  }
  const root = lock.packages[''];
  const sorted = Object.entries(lock.packages).filter(([key]) => key !== '');
  sorted.sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted) };
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  say(added.length === 0 ? 'package-lock.json is whole.' : `Added to package-lock.json: ${added.join(', ')}`);
});
