import { createTestApp, type TestApp } from '../support/test-app.js';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, unknown>>;
}

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test.close());

describe('the API reference', () => {
  it('L6 is for those who are signed in', async () => {
    expect((await test.client.get('/openapi.json')).status).toBe(401);
    for (const role of ['ADMIN', 'OPERATOR', 'VIEWER'] as const) {
      const { status, headers, body } = await (await test.as(role)).get<Document>('/openapi.json');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('application/json');
      expect(body).toMatchObject({ openapi: '3.1.0', paths: { '/v1/messages': {}, '/whatsapp/send': {} } });
    }
  });
});
