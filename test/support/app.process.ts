/** The whole application on somebody else's database, in a process that a test can kill. */
import { createTestApp } from './test-app.js';

const [url = '', ownerUrl = ''] = process.argv.slice(2);
const { ENCRYPTION_KEY, ENCRYPTION_KEYS_OLD } = process.env;

await createTestApp({
  database: { url, ownerUrl, drop: () => Promise.resolve() },
  env: { ...(ENCRYPTION_KEY && { ENCRYPTION_KEY }), ...(ENCRYPTION_KEYS_OLD && { ENCRYPTION_KEYS_OLD }) },
  admin: false,
});
