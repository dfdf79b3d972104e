/**
 * Writes the documents that are made from the code: `.env.example` and `docs/openapi.json`. With `--check` it writes
 * nothing, names what is stale and fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Fault, inRoot, main, say } from './project.mjs';

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

await main(async () => {
  const { renderEnvExample } = await import('../dist/config/env.js');
  const { describeApi } = await import('../dist/openapi.js');
  const documents = {
    '.env.example': renderEnvExample(),
    'docs/openapi.json': `${JSON.stringify(await describeApi(), null, 2)}\n`,
  };
  const stale = Object.keys(documents).filter((name) => read(inRoot(name)) !== documents[name]);
  if (process.argv.includes('--check')) {
    if (stale.length > 0) throw new Fault(`Stale: ${stale.join(', ')}. Run \`npm run build && npm run docs\`.`);
    return;
  }
  for (const name of stale) writeFileSync(inRoot(name), documents[name]);
  say(stale.length > 0 ? `Written: ${stale.join(', ')}.` : 'Nothing has changed.');
});
