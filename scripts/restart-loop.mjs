/** Prepares the checkout and runs test/faults/restart/main.ts, which says what it takes, on the project's own Node.js. */
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('test/faults/restart/main.ts');
