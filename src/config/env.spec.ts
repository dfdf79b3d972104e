import { Env, InvalidEnvironmentError, parseEnv } from './env.js';

const problemOf = (source: NodeJS.ProcessEnv): string => {
  try {
    parseEnv(source);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEnvironmentError);
    return String(error);
  }
  return '';
};

const STRONG = 'kP3v9QzR7wYb2NfXc8MhT4sLd6JgAe5U';

describe(Env.name, () => {
  it('needs nothing', () => {
    expect(parseEnv({})).toMatchObject({ PORT: 3030, HOST: '127.0.0.1', LOG_LEVEL: 'info', NODE_ENV: 'development' });
  });

  it('takes what is given, and an empty variable for one that is not', () => {
    expect(
      parseEnv({ PORT: '8080', CORS_ORIGINS: 'https://a.example, https://b.example', REDIS_URL: '' }),
    ).toMatchObject({
      PORT: 8080,
      CORS_ORIGINS: ['https://a.example', 'https://b.example'],
    });
    expect(parseEnv({ CHROMIUM_SANDBOX: 'false' }).CHROMIUM_SANDBOX).toBe(false);
  });

  it('cannot be changed afterwards', () => {
    const env = parseEnv({}) as { PORT: number };
    expect(() => (env.PORT = 1)).toThrow(TypeError);
  });

  it('names every bad variable at once, and prints no value', () => {
    const bad = {
      PORT: 'eighty-planted',
      LOG_LEVEL: 'loud-planted',
      DATABASE_URL: 'mysql://u:planted@h/db',
      JWT_SECRET: 'planted',
      CHROMIUM_SANDBOX: 'planted',
    };
    const problem = problemOf(bad);
    for (const name of Object.keys(bad)) expect(problem).toContain(`${name}: `);
    expect(problem).not.toContain('planted');
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3030.5'],
    ['BODY_LIMIT_BYTES', '10mbb'],
    ['BODY_LIMIT_BYTES', '1e999'],
    ['DRAIN_GRACE_MS', 'Infinity'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['SMTP_URL', 'mail.example.org'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['WHATSAPP_DEFAULT_ENGINE', 'telegram'],
    ['CORS_ORIGINS', '*'],
  ])('B5 refuses %s=%s', (name, value) => {
    expect(problemOf({ [name]: value })).toContain(`${name}: `);
  });

  it('B5 refuses a lease that ends before a send may', () => {
    expect(problemOf({ SESSION_LEASE_MS: '20000', OUTBOX_ATTEMPT_TIMEOUT_MS: '20000' })).toContain('SESSION_LEASE_MS');
  });

  it.each([
    ['31 bytes', STRONG.slice(1)],
    ['one character over and over', 'a'.repeat(64)],
    ['a word out of an example', 'please-change-me-please-change-me-now'],
    ['the same few characters', 'abababababababababababababababababab'],
  ])('B3 refuses a secret of %s', (_what, secret) => {
    expect(problemOf({ JWT_SECRET: secret })).toContain('JWT_SECRET');
    expect(problemOf({ ENCRYPTION_KEY: secret })).toContain('ENCRYPTION_KEY');
  });

  it('B3 takes 32 random bytes', () => {
    expect(parseEnv({ JWT_SECRET: STRONG, ENCRYPTION_KEY: STRONG.split('').reverse().join('') })).toBeInstanceOf(Env);
  });

  it('B1 needs both secrets in production with a database of its own', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgresql://waypost@db/waypost' };
    expect(problemOf(production)).toMatch(/JWT_SECRET[^]*ENCRYPTION_KEY/);
    expect(problemOf({ ...production, JWT_SECRET: STRONG })).not.toContain('JWT_SECRET');
    expect(parseEnv({ NODE_ENV: 'production' })).toBeInstanceOf(Env);
  });

  it('takes ports and receivers as lists, and refuses what is none', () => {
    expect(parseEnv({}).EGRESS_ALLOWED_PORTS).toEqual([80, 443, 8080, 8443]);
    expect(parseEnv({ EGRESS_ALLOWED_PORTS: '443, 8443' }).EGRESS_ALLOWED_PORTS).toEqual([443, 8443]);
    expect(parseEnv({ EGRESS_ALLOWED_HOSTS: 'a.internal:80,[::1]:4000' }).EGRESS_ALLOWED_HOSTS).toHaveLength(2);
    for (const ports of ['0', 'a', '80,', '65536', '80;443']) {
      expect(problemOf({ EGRESS_ALLOWED_PORTS: ports })).toContain('EGRESS_ALLOWED_PORTS');
    }
    for (const hosts of ['a.internal', 'http://a:80', '::1:80', '*:80/']) {
      expect(problemOf({ EGRESS_ALLOWED_HOSTS: hosts })).toContain('EGRESS_ALLOWED_HOSTS');
    }
  });

  it('needs a bucket for the store, and both halves of its key', () => {
    expect(problemOf({ MEDIA_STORE: 's3' })).toContain('S3_BUCKET');
    expect(problemOf({ MEDIA_STORE: 's3', S3_BUCKET: 'a', S3_ACCESS_KEY_ID: 'b' })).toContain('S3_SECRET_ACCESS_KEY');
    expect(parseEnv({ MEDIA_STORE: 's3', S3_BUCKET: 'a' }).S3_FORCE_PATH_STYLE).toBe(true);
  });

  it('needs the address and the password of the first administrator together', () => {
    expect(problemOf({ ADMIN_EMAIL: 'a@example.org' })).toContain('ADMIN_PASSWORD');
    expect(problemOf({ ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD: 'elevenchars' })).toContain('ADMIN_PASSWORD');
  });
});
