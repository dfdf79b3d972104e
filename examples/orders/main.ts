import { createLogger, startWaypost, toNestLogger } from 'waypost';

import { OrdersModule } from './orders.module.js';

const log = createLogger({ LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info' });
const waypost = await startWaypost({
  environment: process.env,
  log,
  nestLogger: toNestLogger(log),
  modules: [OrdersModule],
});

const end = (): void => {
  void waypost.stop().then(() => process.exit(0));
};
process.once('SIGTERM', end).once('SIGINT', end);

await waypost.started;
log.info(`orders are taken at ${waypost.url}/orders`);
