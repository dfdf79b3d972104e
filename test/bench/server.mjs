/** The server under measurement: the product as it is built, and one empty route beside its own. */
import { Controller, Get, Module } from '@nestjs/common';

import { Authenticated, createLogger, startWaypost, toNestLogger } from '../../dist/index.js';

class EmptyController {
  empty() {
    return {};
  }
}
const method = Object.getOwnPropertyDescriptor(EmptyController.prototype, 'empty');
Get('empty')(EmptyController.prototype, 'empty', method);
Authenticated()(EmptyController);
Controller('bench')(EmptyController);

// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- a module of Nest, without decorator syntax
class BenchModule {}
Module({ controllers: [EmptyController] })(BenchModule);

const log = createLogger({ LOG_LEVEL: 'info' });
const waypost = await startWaypost({
  environment: process.env,
  log,
  nestLogger: toNestLogger(log),
  modules: [BenchModule],
});
await waypost.started;
process.send({
  url: waypost.url,
  readyMs: performance.timeOrigin + performance.now() - Number(process.env.SPAWNED_AT),
});
const end = () => void waypost.stop().then(() => process.exit(0));
process.on('SIGTERM', end);
process.on('disconnect', end);
