/** The server under measurement: the product as it is built, and one empty route beside its own. */
import { Controller, Get, Module } from '@nestjs/common';

import { Authenticated, createLogger, startWaypost, toNestLogger } from '../../dist/index.js';

class EmptyController {
  empty() {
    return {};
  }
}
Get('empty')(EmptyController.prototype, 'empty', Object.getOwnPropertyDescriptor(EmptyController.prototype, 'empty'));
Authenticated()(EmptyController);
Controller('bench')(EmptyController);

class BenchModule {}
Module({ controllers: [EmptyController] })(BenchModule);

const begun = performance.now();
const log = createLogger({ LOG_LEVEL: process.env.LOG_LEVEL ?? 'info' });
const { url, started, stop } = await startWaypost({
  environment: process.env,
  log,
  nestLogger: toNestLogger(log),
  modules: [BenchModule],
});
await started;
process.send?.({ url, readyMs: performance.now() - begun });
const end = () => void stop().then(() => process.exit(0));
process.on('SIGTERM', end);
process.on('disconnect', end);
