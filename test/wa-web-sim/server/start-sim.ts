import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { selfSignedCertificate } from './certificate.ts';
import type { SimConfig } from './config.ts';
import { ControlApi } from './control/control-api.ts';
import { closeServer, listen } from './http.ts';
import { PageCalls } from './page-calls/page-calls.ts';
import { PageDelivery } from './page-delivery.ts';
import { PageSocket } from './page-socket.ts';
import { PairingCodes } from './pairing.ts';
import { World } from './world.ts';

export interface StartSimOptions {
  /** Where the browser connects; a free port unless told otherwise. */
  readonly tlsPort?: number;
  /** Where the control API listens; a free port unless told otherwise. */
  readonly controlPort?: number;
  readonly config?: Partial<SimConfig>;
}

export interface RunningSim {
  readonly tlsPort: number;
  readonly controlPort: number;
  /** The base URL for SimControl. */
  readonly control: string;
  /** The settings as they are now. */
  readonly config: SimConfig;
  close(): Promise<void>;
}

/** Starts a simulated WhatsApp service on the loopback address; several may run at the same time. */
export async function startSim(options: StartSimOptions = {}): Promise<RunningSim> {
  const world = new World(options.config);
  const codes = new PairingCodes();
  const delivery = new PageDelivery(world);
  const socket = new PageSocket(world, new PageCalls(world, codes));

  const tls = createTlsServer(selfSignedCertificate(), (request, response) => {
    void delivery.answer(request, response);
  });
  tls.on('upgrade', (request, stream, head) => {
    socket.upgrade(request, stream, head);
  });
  const tlsPort = await listen(tls, options.tlsPort ?? 0);

  const api = new ControlApi({ world, codes, delivery, tlsPort });
  const control = createHttpServer((request, response) => {
    void api.answer(request, response);
  });
  const controlPort = await listen(control, options.controlPort ?? 0);

  return {
    tlsPort,
    controlPort,
    control: `http://127.0.0.1:${String(controlPort)}`,
    config: world.config,
    async close(): Promise<void> {
      world.journal.close();
      socket.close();
      await Promise.all([closeServer(tls), closeServer(control)]);
    },
  };
}
