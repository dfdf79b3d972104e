import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A proxy behind which everything is one port of this machine; counts who comes. */
export class ConnectProxy {
  visits = 0;
  private readonly server = createServer((_request, response) => {
    response.writeHead(502).end();
  });

  constructor(private readonly port: number) {}

  async start(): Promise<this> {
    this.server.on('connect', (_request, socket) => {
      this.visits += 1;
      const onward = connect(this.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
