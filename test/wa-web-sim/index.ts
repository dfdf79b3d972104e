/**
 * The simulated WhatsApp Web: startSim gives a service and its page, SimControl plays everything around it,
 * CHROMIUM_SIM is the browser that knows nothing else. Nothing here is part of the product.
 */
export { CHROMIUM_SIM, chromiumEnvironment, chromiumProcesses, findChromium } from './chromium.ts';
export type { SimConfig } from './server/config.ts';
export type * from './server/contract.ts';
export type * from './server/records.ts';
export { startSim, type RunningSim } from './server/start-sim.ts';
export { SimControl, SimControlError } from './sim-control.ts';
