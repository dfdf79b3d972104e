import { Inject, Injectable } from '@nestjs/common';

import { DatabaseConfig } from '../../config/config.slices.js';
import { PrismaService } from './prisma.service.js';

export type DatabaseFinding =
  | { readonly isWell: true; readonly detail: Readonly<Record<string, unknown>> }
  | { readonly isWell: false; readonly sentence: string };

export interface DatabaseSettings {
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly version: string;
}

const PATIENCE_MS = 2500;

/** What its settings mean for what it says it has kept. */
export const findingOf = ({ fsync, synchronous_commit, version }: DatabaseSettings): DatabaseFinding => {
  const unsafe = fsync !== 'on' ? 'fsync' : synchronous_commit === 'off' ? 'synchronous_commit' : undefined;
  if (unsafe === undefined) return { isWell: true, detail: { version, synchronousCommit: synchronous_commit } };
  const sentence = `The database runs with ${unsafe} = off: it would lose messages in a crash. Switch it on.`;
  return { isWell: false, sentence };
};

/** Whether the database answers, and keeps what it says it has kept. */
@Injectable()
export class DatabaseCheck {
  private readonly address: string;

  constructor(
    @Inject(DatabaseConfig) { url }: DatabaseConfig,
    private readonly prisma: PrismaService,
  ) {
    const { hostname, port } = new URL(url);
    this.address = `${hostname}:${port === '' ? '5432' : port}`;
  }

  async look(): Promise<DatabaseFinding> {
    const row = await this.ask();
    return row === undefined
      ? { isWell: false, sentence: `The database cannot be reached at ${this.address}.` }
      : findingOf(row);
  }

  private async ask(): Promise<DatabaseSettings | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, undefined);
    });
    const query = this.prisma.$queryRaw<DatabaseSettings[]>`
      SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
        current_setting('server_version') AS version`;
    try {
      return (await Promise.race([query, late]))?.[0];
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
