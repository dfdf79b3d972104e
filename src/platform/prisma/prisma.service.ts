import { PrismaPg } from '@prisma/adapter-pg';
import { Inject, Injectable } from '@nestjs/common';
import pg from 'pg';

import { DatabaseConfig } from '../../config/config.slices.js';
import { PrismaClient } from '../../generated/prisma/client.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';

/** A connection that says nothing for this long is a dead one: a half-open TCP connection must not hang a request. */
const QUERY_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_CACHE_LIMIT = 500;

/** Names repeated statements, so that PostgreSQL plans each of them once per connection. */
const createStatementNamer = (): ((query: { readonly sql: string }) => string) => {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= STATEMENT_CACHE_LIMIT) return '';
    const name = `wp${String(names.size)}`;
    names.set(sql, name);
    return name;
  };
};

/** The one client of the database; only repositories and the platform use it. */
@Injectable()
export class PrismaService extends PrismaClient {
  private readonly pool: pg.Pool;

  constructor(@Inject(DatabaseConfig) config: DatabaseConfig, lifecycle: Lifecycle) {
    const pool = new pg.Pool({
      connectionString: config.url,
      max: config.poolMax,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'waypost',
    });
    // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
    pool.on('error', () => undefined);
    // The pool listens to idle connections and the adapter to those in a transaction. One that is ended in the moment
    // between, with the last byte that made it ready, has no listener of either and would end the process as well.
    pool.on('connect', (client) => client.on('error', () => undefined));
    super({
      adapter: new PrismaPg(pool, { statementNameGenerator: createStatementNamer() }),
      errorFormat: 'minimal',
      transactionOptions: { maxWait: CONNECT_TIMEOUT_MS, timeout: QUERY_TIMEOUT_MS },
    });
    this.pool = pool;
    lifecycle.onDrain('database', 'prisma', async () => {
      await this.$disconnect();
      await this.pool.end();
    });
  }
}
