import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const IMPORT = /^import (?:(\{[^}]*\}) from )?'(\.[^']+)';$/gm;
const EXPORT = /^export (?=(?:const|class|function|async function) (\w+))/gm;
const UNKNOWN_FORM = /^(?:import|export)\b.*/m;

/**
 * The page's modules as one script, each as a function that returns its exports. As modules they would be forty
 * requests, and the page would start a quarter of a second later: too late for what is tested about its timing.
 * It understands the forms that the page uses: named imports by relative path, and exports at the declaration.
 */
export function pageScript(directory: string, entry: string): string {
  const joined = new Map<string, string>();
  joinModule({ directory, joined, path: [] }, entry);
  return ['(() => {', "'use strict';", 'const modules = {};', ...joined.values(), '})();', ''].join('\n');
}

interface Joining {
  readonly directory: string;
  /** What is joined already, in the order in which it must run. */
  readonly joined: Map<string, string>;
  /** How we came here. */
  readonly path: readonly string[];
}

function joinModule(joining: Joining, name: string): void {
  if (joining.joined.has(name)) return;
  const path = [...joining.path, name];
  if (joining.path.includes(name)) throw new Error(`The page's modules import each other: ${path.join(' -> ')}`);
  const source = readFileSync(join(joining.directory, name), 'utf8');
  const body = source.replace(IMPORT, (_all, names: string | undefined, relative: string) => {
    const imported = posix.join(posix.dirname(name), relative);
    joinModule({ ...joining, path }, imported);
    return names ? `const ${names} = modules['${imported}'];` : '';
  });
  const exported = [...body.matchAll(EXPORT)].map(([, exportedName]) => exportedName);
  joining.joined.set(name, wrap(name, body.replace(EXPORT, ''), exported.join(', ')));
}

function wrap(name: string, body: string, exported: string): string {
  const unknown = UNKNOWN_FORM.exec(body);
  if (unknown) throw new Error(`The page's ${name} has an import or export that cannot be joined: ${unknown[0]}`);
  return `modules['${name}'] = (() => {\n${body}\nreturn { ${exported} };\n})();`;
}
