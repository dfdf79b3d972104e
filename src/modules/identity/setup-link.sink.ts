import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';

/** Brings the one-time setup link to whoever starts the server, and takes it back when it is worth nothing any more. */
export interface SetupLinkSink {
  show(link: string): Promise<void>;
  withdraw(): Promise<void>;
}

/** DI token; shares its name with the interface. */
export const SetupLinkSink = Symbol('SetupLinkSink');

/** For a person who looks at the terminal: a link is a credential, and nobody else reads it there. */
export class TerminalSetupLinkSink implements SetupLinkSink {
  constructor(private readonly terminal: Pick<NodeJS.WriteStream, 'write'>) {}

  show(link: string): Promise<void> {
    this.terminal.write(`\n  Set up the first administrator (one use, 24 hours): ${link}\n\n`);
    return Promise.resolve();
  }

  withdraw(): Promise<void> {
    return Promise.resolve();
  }
}

/** For a server without a terminal: a file that only its owner reads; the log says where, not what. */
export class FileSetupLinkSink implements SetupLinkSink {
  private readonly logger = new Logger('SetupLink');
  private readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'setup-link');
  }

  async show(link: string): Promise<void> {
    await this.withdraw();
    await writeFile(this.path, `${link}\n`, { mode: 0o600, flag: 'wx' });
    this.logger.log(`There is no administrator yet: the one-time setup link is in ${this.path}`);
  }

  async withdraw(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/** For `docker logs`, when the operator has asked for it; past the logger, which takes tokens out of every line. */
export class LogSetupLinkSink implements SetupLinkSink {
  constructor(private readonly output: Pick<NodeJS.WriteStream, 'write'>) {}

  show(link: string): Promise<void> {
    const msg = `Set up the first administrator (one use, 24 hours): ${link}`;
    const line = { level: 'info', time: new Date().toISOString(), context: 'SetupLink', msg };
    this.output.write(`${JSON.stringify(line)}\n`);
    return Promise.resolve();
  }

  withdraw(): Promise<void> {
    return Promise.resolve();
  }
}

/** Hands the link to several places. */
export class SetupLinkSinks implements SetupLinkSink {
  constructor(private readonly sinks: readonly SetupLinkSink[]) {}

  async show(link: string): Promise<void> {
    await Promise.all(this.sinks.map((sink) => sink.show(link)));
  }

  async withdraw(): Promise<void> {
    await Promise.all(this.sinks.map((sink) => sink.withdraw()));
  }
}

export interface SetupLinkPlaces {
  readonly mode: 'auto' | 'log';
  readonly dataDir: string;
  readonly terminal: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
}

export const chooseSetupLinkSink = ({ mode, dataDir, terminal }: SetupLinkPlaces): SetupLinkSink => {
  const file = new FileSetupLinkSink(dataDir);
  if (terminal.isTTY) {
    // A file of an earlier start without a terminal holds a dead link: it is taken away with this one.
    const screen = new TerminalSetupLinkSink(terminal);
    return { show: (link) => screen.show(link), withdraw: () => file.withdraw() };
  }
  return mode === 'log' ? new SetupLinkSinks([file, new LogSetupLinkSink(terminal)]) : file;
};
