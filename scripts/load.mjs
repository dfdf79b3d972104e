/** Prepares the checkout and runs test/faults/mixed/main.ts, which says what it takes, on the project's own Node.js. */
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('test/faults/mixed/main.ts');
