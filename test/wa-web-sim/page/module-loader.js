/** WhatsApp's window.require: modules by name. What is not simulated is noted, and fails when it is called. */
import { note } from './link.js';
import { settings } from './settings.js';

const missing = new Set();
const stubs = new Map();

export function installLoader(modules) {
  window.require = (name) => {
    const isRemoved = (settings.removeModules || []).includes(name);
    if (Object.hasOwn(modules, name) && !isRemoved) return modules[name];
    if (!missing.has(name)) {
      missing.add(name);
      note('missing-module', name);
    }
    if (settings.strictModules || isRemoved) throw new Error(`Requiring unknown module "${name}"`);
    if (!stubs.has(name)) stubs.set(name, stubOf(name));
    return stubs.get(name);
  };
  window.importNamespace = window.require;
  window.__d = () => {};
}

/** Stands for a module, or a member of one: looking deeper is allowed, calling is not. */
function stubOf(name) {
  return new Proxy(function () {}, {
    get: (_target, member) => (isInvisible(member) ? undefined : stubOf(`${name}.${member}`)),
    set: () => true,
    apply() {
      note('missing-call', name);
      throw new Error(`WASIM: ${name} is not simulated`);
    },
  });
}

/** A stub with a `then` would be awaited for ever, as if it were a promise. */
function isInvisible(member) {
  return member === 'then' || typeof member === 'symbol';
}
