import { spawn } from 'node:child_process';
import { prepare } from './prepare.mjs';
import { inRoot, main, projectNode } from './project.mjs';

/** Prepares the checkout and runs a TypeScript file of the tests as a program; the arguments go on to it. */
export const runTypeScript = (file) =>
  main(async () => {
    await prepare();
    const loader = inRoot('test', 'support', 'ts-loader.mjs');
    const child = spawn(projectNode(), ['--import', loader, inRoot(file), ...process.argv.slice(2)], {
      cwd: inRoot(),
      stdio: 'inherit',
    });
    process.exitCode = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  });
