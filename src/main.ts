import { runServer } from './server-process.js';

await runServer({ environment: process.env });
