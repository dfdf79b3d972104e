import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A road to PostgreSQL that loses the answer to what the test names: the work is done, and nobody hears of it. */
export interface LossyProxy {
  readonly url: string;
  /** The connection that carries this text next is cut as soon as the server has answered it; resolves then. */
  readonly loseAnswerTo: (text: string) => Promise<void>;
  /** The connection that carries this text next is cut at once, while the server is at work; resolves then. */
  readonly cutAt: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Trap {
  readonly text: string;
  readonly isPatient: boolean;
  readonly sprung: () => void;
}

/** What all connections of one proxy share. */
interface Road {
  readonly hostname: string;
  readonly port: number;
  readonly sockets: Set<Socket>;
  trap: Trap | undefined;
}

const carry = (near: Socket, road: Road): void => {
  const far = connect(road.port, road.hostname);
  let caught: Trap | undefined;
  const cut = (): void => {
    near.destroy();
    // Half-closed only: the server goes on with what it was given.
    far.end();
    caught?.sprung();
  };
  for (const socket of [near, far]) {
    road.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      road.sockets.delete(socket);
      if (socket === far) near.destroy();
      else if (caught === undefined) far.destroy();
    });
  }
  near.on('data', (data) => {
    if (road.trap !== undefined && data.includes(road.trap.text)) {
      caught = road.trap;
      road.trap = undefined;
    }
    far.write(data);
    if (caught?.isPatient === false) cut();
  });
  far.on('data', (data) => {
    if (caught === undefined) near.write(data);
    else cut();
  });
};

export const createLossyProxy = async (target: string): Promise<LossyProxy> => {
  const url = new URL(target);
  const road: Road = { hostname: url.hostname, port: Number(url.port), sockets: new Set(), trap: undefined };
  const server = createServer((near) => {
    carry(near, road);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const set = (text: string, isPatient: boolean): Promise<void> =>
    new Promise((sprung) => {
      road.trap = { text, isPatient, sprung };
    });
  return {
    url: url.href,
    loseAnswerTo: (text) => set(text, true),
    cutAt: (text) => set(text, false),
    close: async () => {
      for (const socket of road.sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
