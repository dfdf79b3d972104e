import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

describe(createTestDatabase.name, () => {
  const databases: TestDatabase[] = [];
  const make = async (): Promise<TestDatabase> => {
    const database = await createTestDatabase();
    databases.push(database);
    return database;
  };
  const ask = async (url: string, query: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(query)).rows;
    } finally {
      await client.end();
    }
  };

  afterAll(async () => {
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('gives each test a migrated database of its own', async () => {
    const [one, two] = await Promise.all([make(), make()]);
    await ask(one.ownerUrl, 'CREATE TABLE only_here (n int); GRANT SELECT ON only_here TO waypost');
    expect(await ask(one.url, 'SELECT n FROM only_here')).toEqual([]);
    await expect(ask(two.url, 'SELECT n FROM only_here')).rejects.toThrow('does not exist');
    expect(await ask(two.url, 'SELECT count(*)::int > 0 AS migrated FROM _prisma_migrations')).toEqual([
      { migrated: true },
    ]);
  });

  it('lets the application make a schema of its own, as its job library does, and change no table', async () => {
    const { url } = await make();
    await ask(url, 'CREATE SCHEMA jobs; CREATE TABLE jobs.job (id int)');
    await expect(ask(url, 'CREATE TABLE intruder (id int)')).rejects.toThrow('permission denied');
    await expect(ask(url, 'DROP TABLE event')).rejects.toThrow('must be owner');
  });
});
