import pg from 'pg';
import { APP_ROLE, DATABASE, OWNER_ROLE, type PostgresCredentials, SUPERUSER, urlOf } from './postgres-credentials.js';

const asSuperuser = async <T>(
  database: string,
  port: number,
  credentials: PostgresCredentials,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const url = new URL(urlOf(SUPERUSER, port, credentials));
  url.pathname = database;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const exists = async (client: pg.Client, query: string, name: string): Promise<boolean> =>
  (await client.query(query, [name])).rowCount !== 0;

const ensureRole = async (
  client: pg.Client,
  role: typeof OWNER_ROLE | typeof APP_ROLE,
  password: string,
): Promise<void> => {
  if (await exists(client, 'SELECT 1 FROM pg_roles WHERE rolname = $1', role)) return;
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
};

const GRANTS = `
  GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${DATABASE} TO ${OWNER_ROLE}, ${APP_ROLE};
  REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC;
  GRANT USAGE ON SCHEMA public TO ${APP_ROLE};
  ALTER DEFAULT PRIVILEGES FOR ROLE ${OWNER_ROLE} IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${APP_ROLE};
  ALTER DEFAULT PRIVILEGES FOR ROLE ${OWNER_ROLE} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${APP_ROLE};
`;

/** Makes the database and its two roles where they are missing; a start that was killed half-way is made whole. */
export const ensureDatabase = async (port: number, credentials: PostgresCredentials): Promise<string> => {
  const { isNew, version } = await asSuperuser('postgres', port, credentials, async (client) => {
    await ensureRole(client, OWNER_ROLE, credentials.passwords[OWNER_ROLE]);
    await ensureRole(client, APP_ROLE, credentials.passwords[APP_ROLE]);
    const isNew = !(await exists(client, 'SELECT 1 FROM pg_database WHERE datname = $1', DATABASE));
    if (isNew) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER_ROLE}`);
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return { isNew, version: rows[0]?.server_version ?? 'unknown' };
  });
  const isGranted = async (client: pg.Client): Promise<boolean> =>
    exists(client, 'SELECT 1 FROM pg_default_acl WHERE defaclrole::regrole::text = $1', OWNER_ROLE);
  await asSuperuser(DATABASE, port, credentials, async (client) => {
    // One round trip in one implicit transaction, so that finding one of them means that all are there.
    if (isNew || !(await isGranted(client))) await client.query(GRANTS);
  });
  return version;
};
