/** Prepares the checkout and runs every test on the project's own Node.js; arguments go on to Jest. */
import { spawn } from 'node:child_process';
import { prepare } from './prepare.mjs';
import { inRoot, main, projectNode, say } from './project.mjs';

const WORKERS = 2;

const jest = (args) =>
  new Promise((resolve, reject) => {
    const command = [inRoot('node_modules/jest/bin/jest.js'), '--passWithNoTests', `--maxWorkers=${WORKERS}`, ...args];
    const child = spawn(projectNode(), command, {
      cwd: inRoot(),
      // Nest and most libraries are ES modules, which Jest loads through this part of Node.js.
      env: {
        ...process.env,
        NODE_ENV: 'test',
        NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      },
      stdio: 'inherit',
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });

await main(async () => {
  const args = process.argv.slice(2);
  await prepare();
  // One kind after the other: the cheap ones fail first, and the browsers of the last ones have the machine alone.
  const { default: config } = await import('../jest.config.mjs');
  const isChosen = args.some((arg) => /^--(selectProjects|projects|listTests|showConfig)/.test(arg));
  const kinds = isChosen ? [[]] : config.projects.map(({ displayName }) => ['--selectProjects', displayName]);
  const failed = [];
  for (const kind of kinds) {
    if ((await jest([...args, ...kind])) !== 0) failed.push(kind[1] ?? 'the chosen tests');
  }
  if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}.`);
  process.exitCode = failed.length > 0 ? 1 : 0;
});
