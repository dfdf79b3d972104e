/** The main job, step by step: link a number, send a message, and everybody who must know, knows. */
import { randomBytes } from 'node:crypto';
import { expect, until } from './http.mjs';
import { Operations } from './operations.mjs';

const RECIPIENT = '+12025550110';
const EMAIL = 'ada@example.org';
const AUDITED = [
  ...['setup.complete', 'sessions.qr-request', 'messages.send', 'sessions.create', 'api-keys.create'],
  ...['media.upload', 'templates.create', 'batches.create', 'opt-outs.create', 'api-keys.revoke'],
];

const statusOf = (admin) => admin.get('/whatsapp/connection-status').then(({ data }) => data);
const untilReady = (admin) =>
  until(
    'READY',
    () => statusOf(admin),
    ({ status }) => status === 'READY',
  );

const signIn = async (screen, server) => {
  const password = randomBytes(18).toString('base64url');
  await screen.step('setup', async () => {
    const token = server.setupToken;
    const { user } = await server.http.post('/setup', { token, email: EMAIL, password, name: 'Ada' });
    return `the one-time link made ${user.email} the first administrator`;
  });
  let admin;
  await screen.step('login', async () => {
    const { accessToken, user } = await server.http.post('/v1/auth/login', { email: EMAIL, password });
    admin = server.http.as(accessToken);
    return `signed in as ${user.role}`;
  });
  return admin;
};

const link = async (screen, admin, phone) => {
  let code;
  await screen.step('QR', async () => {
    const { data } = await admin.get('/whatsapp/admin/qr-code');
    code = data.qr;
    return `${code.slice(0, 12)}… can be scanned for ${data.expiryInSeconds} s`;
  });
  await screen.step('scan', async () => {
    await phone.scan(admin, 'default', code);
    return `the phone ${phone.numbers.default} scans it`;
  });
  await screen.step('READY', async () => {
    const { message } = await untilReady(admin);
    return message;
  });
};

const send = async (screen, admin, phone, text) => {
  let id;
  await screen.step('send', async () => {
    const accepted = await admin.post('/v1/messages', { to: RECIPIENT, text });
    id = accepted.id;
    return `202: ${id} to ${RECIPIENT} is on disk`;
  });
  await screen.step('ack', async () => {
    const { timeline } = await until(
      'READ',
      () => admin.get(`/v1/messages/${id}`),
      ({ status }) => status === 'READ',
    );
    const arrivals = (await phone.arrivals(admin, 'default')).filter((arrived) => arrived.text === text).length;
    expect(arrivals === 1, `WhatsApp has the message ${arrivals} times.`);
    return `${timeline.map(({ status }) => status).join(' → ')}; it arrived once`;
  });
};

const receive = async (screen, admin, phone) => {
  await screen.step('receive', async () => {
    await phone.writeTo(admin, 'default', 'Thank you!');
    const [message] = await until(
      'The message',
      () => admin.get('/v1/messages?direction=INBOUND').then(({ data }) => data),
      ({ length }) => length > 0,
    );
    return `${message.from} answers: ${message.text}`;
  });
  await screen.step('log', async () => {
    const { data } = await admin.get('/v1/messages');
    expect(data.length === 2, `The log has ${data.length} messages, not 2.`);
    return `newest first: ${data.map(({ direction, status }) => `${direction} ${status}`).join(', ')}`;
  });
};

const restart = async (screen, admin, server) => {
  await screen.step('SIGTERM', async () => {
    const code = await server.stop();
    expect(code === 0, `The server ended with ${code}.`);
    return 'the server lets go of everything and ends with 0';
  });
  await screen.step('start again', async () => {
    await server.start();
    return 'ready, with the same database and the same sign-in';
  });
  await screen.step('READY', async () => {
    const seen = new Set();
    await until(
      'READY',
      () => statusOf(admin).then(({ status }) => seen.add(status) && status),
      (status) => status === 'READY',
    );
    expect(!seen.has('QR_READY'), 'A new QR was asked for.');
    return 'the number is linked again, and nobody scanned anything';
  });
};

const loseLink = async (screen, admin, phone) => {
  await screen.step('logout', async () => {
    await phone.logOut(admin);
    const { status } = await until(
      'The end of the session',
      () => statusOf(admin),
      ({ ready }) => !ready,
    );
    return `somebody removes this device on the phone: ${status}`;
  });
  await screen.step('notification', async () => {
    const [newest] = await until(
      'The notification',
      () => admin.get('/v1/notifications').then(({ data }) => data),
      ({ length }) => length > 0,
    );
    return `${EMAIL} is told: ${newest.title}`;
  });
};

const verifyAudit = (screen, admin) =>
  screen.step('audit', async () => {
    const { valid, entries, head } = await admin.get('/v1/audit/verify');
    expect(valid, 'The chain of the audit trail is broken.');
    const { data } = await admin.get('/v1/audit?limit=200');
    const actions = new Set(data.map(({ action }) => action));
    for (const action of AUDITED) {
      expect(actions.has(action), `The audit trail has no entry "${action}".`);
    }
    return `${entries} entries, one unbroken chain, head ${head.slice(0, 12)}…`;
  });

/** Tells the whole story to one server and one phone. */
export const tell = async (screen, server, phone) => {
  await screen.step('start', async () => {
    await server.start();
    return `${server.url} is ready, with a PostgreSQL of its own, on an empty directory`;
  });
  const admin = await signIn(screen, server);
  await link(screen, admin, phone);
  await send(screen, admin, phone, 'Your order 42 is on its way.');
  await receive(screen, admin, phone);
  const operations = new Operations(screen, admin, phone);
  await operations.begin();
  await restart(screen, admin, server);
  await send(screen, admin, phone, 'Your order 43 is on its way.');
  await operations.end();
  await loseLink(screen, admin, phone);
  await verifyAudit(screen, admin);
  await screen.step('stop', async () => {
    const code = await server.stop();
    expect(code === 0, `The server ended with ${code}.`);
    return 'the server ends with 0';
  });
};
