import { AUDIT_RECIPES, type AuditRecipe } from '../support/audit-recipes.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http-client.js';
import { RouterWalk } from '../support/router-walk.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

/** A preview takes variables in its body and changes nothing; what Meta tells by a webhook is nobody's act. */
const READING = /^(GET|HEAD|OPTIONS) |^POST \/v1\/templates\/:id\/preview$|^POST \/webhook/;
/** What changes without anybody asking for it: the chain itself, cursors, leases, the claim of a key, the index. */
const OWN_LIFE = [
  'audit_entry',
  'audit_head',
  'event_consumer',
  'session_lease',
  'idempotency_key',
  'setup_token',
  'usage_cursor',
  'usage_day',
  'encryption_key',
  'message_text',
  'message_text_block',
  'message_text_pending',
];

const brokenOnPurpose = {
  faults: /^nothing refers to the file/,
  because: 'an upload whose entry could not be written leaves its file to the clean-up, as a crash does',
};

const ROWS = Object.entries(AUDIT_RECIPES).map(([route, recipe]): readonly [string, AuditRecipe] => [route, recipe]);

interface EntryRow {
  readonly action: string;
  readonly outcome: string;
  readonly actor_kind: string;
}

describe('what is done and what is denied (e2e)', () => {
  const walk = new RouterWalk();
  let shared: TestApp;
  let first: TestApp;

  const appFor = (recipe: AuditRecipe): TestApp => (recipe.isFirstStart ? first : shared);

  const entriesOf = (app: TestApp, { headers }: Answer): Promise<readonly EntryRow[]> =>
    app.query<EntryRow>('SELECT action, outcome, actor_kind FROM audit_entry WHERE request_id = $1', [
      headers.get('x-request-id'),
    ]);

  /** Everything that the application keeps, as one text for each table. */
  const dump = async (app: TestApp): Promise<Record<string, unknown>> => {
    const tables = await app.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const kept: Record<string, unknown> = {};
    for (const { name } of tables.filter((table) => !OWN_LIFE.includes(table.name))) {
      kept[name] = await app.query(`SELECT to_jsonb(t) AS row FROM "${name}" AS t ORDER BY t::text`);
    }
    return kept;
  };

  const digested = (app: TestApp): Promise<unknown> =>
    eventually(async () => {
      const behind = 'SELECT FROM event, event_consumer AS c WHERE (event.tx, event.seq) > (c.tx, c.seq)';
      const onTheWay = `SELECT FROM message WHERE status IN ('QUEUED', 'SENDING', 'SENT', 'DELIVERED')`;
      return (await app.query(behind)).length + (await app.query(onTheWay)).length === 0;
    });

  beforeAll(async () => {
    shared = await createTestApp({ prepare: walk.watch, brokenOnPurpose });
    first = await createTestApp({ admin: false });
  });

  afterAll(async () => {
    await shared.close();
    await first.close();
  });

  it('U1 every mutating route of the router has a recipe, and every recipe a route', () => {
    expect(Object.keys(AUDIT_RECIPES).sort()).toEqual(walk.routes.filter((route) => !READING.test(route)));
  });

  it.each(ROWS)('U1 %s: a denial writes one entry', async (_route, recipe) => {
    const app = appFor(recipe);
    const { act, action } = recipe.denial ?? { act: asViewer(recipe), action: 'access.denied' };
    const answer = await (await act(app))();
    expect([401, 403]).toContain(answer.status);
    const entries = await entriesOf(app, answer);
    expect(entries.map((entry) => entry.action)).toEqual(action === null ? [] : [action]);
    for (const { outcome } of entries) expect(outcome).not.toBe('success');
  });

  it.each(ROWS)('U1 %s: when its entry cannot be written, nothing is done', async (_route, recipe) => {
    const app = appFor(recipe);
    const act = await recipe.success(app);
    await digested(app);
    const before = await dump(app);
    await app.query(`
      CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the trail is full'; END $$`);
    await app.query(
      'CREATE TRIGGER refuse_entry BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_entry()',
    );
    try {
      const answer = await act();
      expect(answer.status).toBeGreaterThanOrEqual(500);
      expect(await dump(app)).toEqual(before);
      expect(await entriesOf(app, answer)).toEqual([]);
    } finally {
      await app.query('DROP FUNCTION refuse_entry CASCADE');
    }
  });

  it.each(ROWS)('U1 %s: a success writes one entry', async (_route, recipe) => {
    const app = appFor(recipe);
    const answer = await (await recipe.success(app))();
    expect(answer.status).toBeLessThan(300);
    expect(await entriesOf(app, answer)).toMatchObject([{ action: recipe.action, outcome: 'success' }]);
  });

  it('U1 the chain of all that is whole', async () => {
    const admin = await shared.as('ADMIN');
    const { body } = await admin.get<{ valid: boolean; entries: number }>('/v1/audit/verify');
    expect(body.valid).toBe(true);
    expect(body.entries).toBeGreaterThan(2 * ROWS.length);
  });

  /** The same request, sent by somebody who may not. */
  function asViewer(recipe: AuditRecipe) {
    return async (app: TestApp): Promise<() => Promise<Answer>> => {
      const viewer = await app.as('VIEWER');
      const route = ROWS.find(([, known]) => known === recipe)?.[0] ?? '';
      const [method = '', path = ''] = route.split(' ');
      return () => viewer.call(path.replace(':sessionId', 'default').replace(':id', 'usr_0'), { method });
    };
  }
});
