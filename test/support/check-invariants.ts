import { openApps } from './open-apps.js';

// Here and not in the specs, so that none can forget it.
afterEach(async () => {
  for (const app of openApps) await app.requireWhole();
});
