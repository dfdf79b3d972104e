import { createTestApp, type TestApp } from '../support/test-app.js';

describe('the page behind the setup link (e2e)', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createTestApp({ admin: false });
  });

  afterAll(() => app.close());

  it('is served to anybody, with its own script and style and nothing inline', async () => {
    const page = await app.client.get<string>('/console/setup');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style=/);
    for (const [, path] of page.text.matchAll(/(?:href|src)="([^"]+)"/g)) {
      expect((await app.client.get(path ?? '')).status).toBe(200);
    }
  });

  it('X2: allows no inline code, no frame and no other origin', async () => {
    const { headers } = await app.client.get('/console/setup');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain('require-trusted-types-for');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives no file beside its own', async () => {
    for (const path of ['/console/../package.json', '/console/%2e%2e%2fpackage.json', '/console/main.js', '/console']) {
      expect((await app.client.get(path)).status).toBe(404);
    }
  });
});
