import type { Answer, HttpClient } from '../support/http-client.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { Query } from '../support/invariants.js';
import type { TestApp } from '../support/test-app.js';

interface Template {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly variables: readonly string[];
  readonly sessionId: string | null;
}

const NOBODYS = '/v1/templates/tpl_00000000000000000000000000';
const TO = '+12025550110';

let app: TestApp;
let admin: HttpClient;
let query: Query;
let operator: HttpClient;
let stranger: HttpClient;

const create = (fields: object, by = admin): Promise<Answer<Template>> =>
  by.post<Template>('/v1/templates', { name: 'greeting', language: 'en', body: 'Hi {{name}}', ...fields });
const put = (id: string, body: object, by = admin): Promise<Answer<Template>> =>
  by.call<Template>(`/v1/templates/${id}`, { method: 'PUT', body });

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
  operator = (await app.addPerson('OPERATOR', ['default'])).client;
  stranger = (await app.addPerson('OPERATOR', [])).client;
});

afterAll(async () => {
  await app.close();
});

describe('templates (e2e)', () => {
  it('tell the names of their places, are shown filled, and are sent', async () => {
    const { status, body } = await create({ name: 'order', body: '{{name}}: {{ order_1 }} for {{name}}' });
    expect([status, body.variables, body.sessionId]).toEqual([201, ['name', 'order_1'], null]);
    const variables = { name: '{{order_1}}', order_1: '$& 5' };
    const text = '{{order_1}}: $& 5 for {{order_1}}';
    const preview = await operator.post(`/v1/templates/${body.id}/preview`, { variables });
    expect(preview).toMatchObject({ status: 200, body: { text } });
    const sent = await operator.post<{ id: string }>('/v1/messages', {
      to: TO,
      template: { name: 'order', variables },
    });
    expect(sent.status).toBe(202);
    expect(await query('SELECT type, text FROM message WHERE id = $1', [sent.body.id])).toEqual([
      { type: 'text', text },
    ]);
  });

  it('name every variable that is missing and every one that is too many', async () => {
    const { body } = await create({ name: 'three', body: '{{a}} {{b}} {{c}}' });
    const variables = { b: '1', x: '2', y: '3' };
    const wrong = {
      status: 422,
      body: { code: 'template-variables-invalid', missing: ['a', 'c'], superfluous: ['x', 'y'] },
    };
    expect(await admin.post(`/v1/templates/${body.id}/preview`, { variables })).toMatchObject(wrong);
    const stored = await query('SELECT 1 FROM message');
    expect(await admin.post('/v1/messages', { to: TO, template: { id: body.id, variables } })).toMatchObject(wrong);
    expect(await query('SELECT 1 FROM message')).toHaveLength(stored.length);
  });

  it('are measured as they are sent: filled in', async () => {
    const { body } = await create({ name: 'long', body: 'x{{a}}' });
    const fill = async (a: string): Promise<number> =>
      (await admin.post(`/v1/templates/${body.id}/preview`, { variables: { a } })).status;
    expect([await fill('😀'.repeat(4095)), await fill('😀'.repeat(4096))]).toEqual([200, 422]);
  });

  it.each([
    ['code', { body: 'Hi {{#if a}}' }],
    ['a place in a place', { body: '{{a{{b}}}}' }],
    ['open braces', { body: 'Hi {{name' }],
    ['no language', { language: 'klingon!' }],
    ['a name with blanks', { name: 'two words' }],
    ['a text that is none', { body: 5 }],
    ['a field that does not exist', { id: 'tpl_1' }],
  ])('refuse %s', async (_what, fields) => {
    expect(await create({ name: 'refused', ...fields })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
  });

  it.each([1, null, ['a'], { a: 'b' }])('refuse %j as the text of a variable', async (value) => {
    const answer = await admin.post('/v1/messages', {
      to: TO,
      template: { name: 'order', variables: { name: value } },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('have one of a name in each language, and none is guessed', async () => {
    await create({ name: 'twice', language: 'en' });
    const { body: other } = await create({ name: 'twice', language: 'pt-BR', body: 'Oi {{name}}' });
    const taken = { status: 409, body: { code: 'template-exists' } };
    expect(await create({ name: 'twice', language: 'en' })).toMatchObject(taken);
    expect(await put(other.id, { name: 'twice', language: 'en', body: 'x' })).toMatchObject(taken);
    const send = (template: object): Promise<Answer> =>
      admin.post('/v1/messages', { to: TO, template: { variables: { name: 'Ana' }, ...template } });
    expect(await send({ name: 'twice' })).toMatchObject({ status: 400 });
    expect(await send({ name: 'twice', language: 'pt-BR' })).toMatchObject({ status: 202 });
    expect(await send({ name: 'twice', language: 'fr' })).toMatchObject({ status: 404 });
    const changed = await put(other.id, { name: 'twice', language: 'fr', body: 'Salut {{name}} {{x}}' });
    expect([changed.status, changed.body.variables]).toEqual([200, ['name', 'x']]);
  });

  it('of every session are changed by those who see every session', async () => {
    const { body } = await create({ name: 'for_all' });
    expect(await create({ name: 'mine' }, operator)).toMatchObject({ status: 403 });
    expect(await put(body.id, { name: 'for_all', language: 'en', body: 'x' }, operator)).toMatchObject({ status: 403 });
    expect(await operator.delete(`/v1/templates/${body.id}`)).toMatchObject({ status: 403 });
    expect((await operator.get(`/v1/templates/${body.id}`)).status).toBe(200);
    const mine = await create({ name: 'mine', sessionId: 'default' }, operator);
    expect([mine.status, mine.body.sessionId]).toEqual([201, 'default']);
    expect((await operator.delete(`/v1/templates/${mine.body.id}`)).status).toBe(204);
  });

  it('A3 one of a session that was not granted is not there, as one that does not exist', async () => {
    const { body } = await create({ name: 'private', sessionId: 'default' });
    const path = `/v1/templates/${body.id}`;
    const fields = { name: 'private', language: 'en', body: 'stolen' };
    for (const [method, more, sent] of [
      ['GET', '', undefined],
      ['PUT', '', fields],
      ['DELETE', '', undefined],
      ['POST', '/preview', { variables: { name: 'a' } }],
    ] as const) {
      const theirs = await stranger.call<{ detail: string }>(`${path}${more}`, { method, body: sent });
      const nobodys = await stranger.call<{ detail: string }>(`${NOBODYS}${more}`, { method, body: sent });
      expect([method, theirs.status, theirs.body.detail]).toEqual([method, 404, nobodys.body.detail]);
    }
    const { body: list } = await stranger.get<{ data: Template[] }>('/v1/templates?limit=200');
    expect(list.data.filter(({ sessionId }) => sessionId !== null)).toEqual([]);
    expect(await create({ name: 'x', sessionId: 'default' }, stranger)).toMatchObject({ status: 404 });
    expect((await admin.get(path)).status).toBe(200);
  });
});
