/** A second number, and what a program does with it: a key, a file, a template, a bulk, a schedule and an opt-out. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { expect, until } from './http.mjs';

const SHOP = 'shop';
const CUSTOMERS = ['+12025550111', '+12025550112', '+12025550113'];
/** Written otherwise, and the same recipient. */
const SAME_AGAIN = '+1 (202) 555-0111';
const WAIT_MS = 6_000;
/** People would be slower; nobody wants to watch that. */
const PACING = { minDelayMs: 200, maxDelayMs: 400 };
const KEY_LASTS_SECONDS = 5;
const SCOPES = ['messages:send', 'messages:read', 'media:manage', 'templates:manage', 'sessions:read', 'usage:read'];
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const CAPTION = 'This is what you ordered.';
const REMINDER = 'Your order is ready to be collected.';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const hide = (key) => `${key.slice(0, 12)}…`;
const timeOf = (iso) => iso.slice(11, 19);

/** All of it goes through HTTP, and each step looks for itself whether it is so. */
export class Operations {
  #accepted = 0;
  #since = new Date().toISOString().slice(0, 10);

  constructor(screen, admin, phone) {
    this.screen = screen;
    this.admin = admin;
    this.phone = phone;
  }

  /** What comes before the restart. */
  async begin() {
    await this.#linkSecond();
    await this.#makeKey();
    await this.#sendMedia();
    await this.#fillTemplate();
    await this.#sendBulk();
    await this.#optOut();
    await this.#schedule();
  }

  /** What comes after it. */
  async end() {
    await this.#collect();
    await this.#readUsage();
    await this.#revokeKey();
  }

  async #linkSecond() {
    const { admin, phone, screen } = this;
    const session = { id: SHOP, name: 'The shop', engine: phone.engine, settings: { pacing: PACING } };
    await screen.step('second number', async () => {
      const { id, status } = await admin.post('/v1/sessions', session);
      await admin.post(`/v1/sessions/${id}/start`);
      return `201: session "${id}", ${status}; its pace is ${PACING.minDelayMs} to ${PACING.maxDelayMs} ms here`;
    });
    await screen.step('QR, scan', async () => {
      const { qr } = await until(
        'The code',
        () => admin.get(`/v1/sessions/${SHOP}/qr`).catch(() => null),
        (code) => code !== null,
      );
      await phone.scan(admin, SHOP, qr);
      return `${qr.slice(0, 12)}… is scanned by the phone ${phone.numbers[SHOP]}`;
    });
    await screen.step('READY', () => this.#untilBoth());
  }

  async #untilBoth() {
    const sessions = await until(
      'READY of both numbers',
      () => this.admin.get('/v1/sessions').then(({ data }) => data),
      (data) => data.length === 2 && data.every(({ status }) => status === 'READY'),
    );
    for (const { id, phone } of sessions) {
      expect(phone === this.phone.numbers[id], `"${id}" has the number ${phone}, not ${this.phone.numbers[id]}.`);
    }
    return sessions.map(({ id, phone, status }) => `${id} ${phone} ${status}`).join(', ');
  }

  async #makeKey() {
    await this.screen.step('key', async () => {
      const wish = { name: 'Shop system', scopes: SCOPES, sessionIds: [SHOP], dailyQuota: 100 };
      const { id, key } = await this.admin.post('/v1/api-keys', wish);
      this.keyId = id;
      this.program = this.admin.withKey(key);
      const { data } = await this.admin.get('/v1/api-keys');
      expect(!JSON.stringify(data).includes(key), 'The key is shown a second time.');
      return `${hide(key)} is shown this once; for "${SHOP}" alone, 100 messages a day`;
    });
    await this.screen.step('its reach', async () => {
      const { data } = await this.program.get('/v1/sessions');
      expect(data.length === 1 && data[0].id === SHOP, `It sees ${data.map(({ id }) => id).join(', ')}.`);
      const other = await this.program.refusal('GET', '/v1/sessions/default');
      const people = await this.program.refusal('GET', '/v1/users');
      expect(other.status === 404 && people.status === 403, `It was answered ${other.status} and ${people.status}.`);
      return 'it sees "shop"; "default" is 404 to it, and the people are 403';
    });
  }

  async #send(body) {
    const accepted = await this.program.post('/v1/messages', { sessionId: SHOP, ...body });
    this.#accepted += 1;
    return accepted;
  }

  #untilRead(id) {
    return until(
      'READ',
      () => this.program.get(`/v1/messages/${id}`),
      ({ status }) => status === 'READ',
    );
  }

  async #arrivalsOf(text) {
    return (await this.phone.arrivals(this.admin, SHOP)).filter((arrived) => arrived.text === text);
  }

  async #sendMedia() {
    let file;
    await this.screen.step('media', async () => {
      file = await this.program.upload('/v1/media', PNG, 'order.jpg');
      expect(file.mimeType === 'image/png', `A PNG that calls itself a JPEG was taken for ${file.mimeType}.`);
      expect(file.sha256 === sha256(PNG), 'Other bytes were stored than were uploaded.');
      return `201: order.jpg is in truth ${file.mimeType}, ${file.size} bytes, sha256 ${file.sha256.slice(0, 12)}…`;
    });
    await this.screen.step('image', async () => {
      const { id } = await this.#send({ to: CUSTOMERS[0], image: { mediaId: file.id, caption: CAPTION } });
      await this.#untilRead(id);
      const arrived = await this.#arrivalsOf(CAPTION);
      expect(arrived.length === 1, `It arrived ${arrived.length} times.`);
      expect(arrived[0].sha256 === file.sha256, `Other bytes arrived: sha256 ${arrived[0].sha256}.`);
      return 'READ; it arrived once, and byte for byte as it was uploaded';
    });
  }

  async #fillTemplate() {
    await this.screen.step('template', async () => {
      const body = 'Hello {{name}}, your order {{order}} is on its way.';
      this.template = await this.admin.post('/v1/templates', { name: 'order_sent', language: 'en', body });
      const path = `/v1/templates/${this.template.id}/preview`;
      const { text } = await this.program.post(path, { variables: { name: 'Bob', order: '7' } });
      expect(text === 'Hello Bob, your order 7 is on its way.', `The preview is: ${text}`);
      const { status, missing } = await this.program.refusal('POST', path, { variables: { name: 'Bob' } });
      expect(missing?.join() === 'order', `The missing variable was answered ${status}, missing ${missing}.`);
      return `"${text}"; without the order ${status}, missing: ${missing}`;
    });
  }

  async #sendBulk() {
    let batch;
    await this.screen.step('bulk', async () => {
      const variables = (n) => ({ name: `customer ${n}`, order: String(50 + n) });
      const recipients = [...CUSTOMERS, SAME_AGAIN].map((to, n) => ({ to, variables: variables(n + 1) }));
      batch = await this.program.post('/v1/messages/bulk', {
        ...{ sessionId: SHOP, recipients, template: { id: this.template.id } },
      });
      this.#accepted += batch.accepted;
      const { accepted, duplicates } = batch;
      expect(accepted === 3 && duplicates === 1, `It has ${accepted} messages and ${duplicates} duplicates.`);
      return `202: ${recipients.length} recipients, ${accepted} accepted, ${duplicates} the same as another`;
    });
    await this.screen.step('its result', async () => {
      const done = await until(
        'The end of the bulk',
        () => this.program.get(`/v1/batches/${batch.batchId}`),
        ({ progress }) => progress.READ === CUSTOMERS.length,
      );
      const csv = await this.program.get(`/v1/batches/${batch.batchId}/result.csv`);
      const rows = csv.trim().split('\n').length - 1;
      expect(rows === 4 && csv.includes('DUPLICATE'), `The result file has ${rows} rows.`);
      for (const [n, to] of CUSTOMERS.entries()) {
        const text = `Hello customer ${n + 1}, your order ${51 + n} is on its way.`;
        const arrived = await this.#arrivalsOf(text);
        expect(arrived.length === 1 && arrived[0].to === to, `"${text}" arrived ${arrived.length} times.`);
      }
      return `READ ${done.progress.READ}; each arrived once with its own text, and one file has ${rows} rows`;
    });
  }

  async #optOut() {
    const { contact } = this.phone;
    await this.screen.step('opt-out', async () => {
      await this.phone.writeTo(this.admin, SHOP, 'STOP');
      const [{ source }] = await until(
        'The opt-out',
        () => this.program.get(`/v1/opt-outs?phone=${encodeURIComponent(contact)}`).then(({ data }) => data),
        ({ length }) => length > 0,
      );
      const refused = { sessionId: SHOP, to: contact, text: 'Only this once!' };
      const { status, code } = await this.program.refusal('POST', '/v1/messages', refused);
      expect(code === 'recipient-opted-out', `A message to ${contact} was refused with ${code}.`);
      expect((await this.#arrivalsOf(refused.text)).length === 0, 'The message arrived all the same.');
      return `${contact} writes STOP (${source}); the next message to it is ${status} ${code}`;
    });
  }

  async #schedule() {
    await this.screen.step('schedule', async () => {
      const scheduledAt = new Date(Date.now() + WAIT_MS).toISOString();
      const later = await this.#send({ to: CUSTOMERS[1], text: REMINDER, scheduledAt });
      this.later = later.id;
      const { status } = await this.program.get(`/v1/messages/${later.id}`);
      expect(status === 'SCHEDULED', `It is ${status}, not SCHEDULED.`);
      return `202: ${status} for ${timeOf(scheduledAt)} UTC, when the server will have gone and come back`;
    });
  }

  async #collect() {
    await this.screen.step('both numbers', () => this.#untilBoth());
    await this.screen.step('its time', async () => {
      const { scheduledAt, sentAt } = await this.#untilRead(this.later);
      expect(sentAt >= scheduledAt, `It was sent at ${sentAt}, before its time.`);
      const { length } = await this.#arrivalsOf(REMINDER);
      expect(length === 1, `It arrived ${length} times.`);
      return `READ: wanted at ${timeOf(scheduledAt)}, sent at ${timeOf(sentAt)}, arrived once`;
    });
  }

  /** Not only today: the demo may run at midnight. */
  #usageBy(group) {
    return this.admin.get(`/v1/usage?groupBy=${group}&from=${this.#since}`).then(({ data }) => data);
  }

  async #readUsage() {
    await this.screen.step('usage', async () => {
      const ours = (await this.#usageBy('key')).find(({ keyId }) => keyId === this.keyId);
      for (const figure of ['accepted', 'sent', 'read']) {
        expect(ours?.[figure] === this.#accepted, `${figure} with the key: ${ours?.[figure]}, not ${this.#accepted}.`);
      }
      const numbers = await this.#usageBy('session');
      const told = numbers.map((one) => `${one.sessionId} sent ${one.sent}, received ${one.received}`);
      const isSo = numbers.every(({ sessionId, sent, received }) =>
        sessionId === SHOP ? sent === this.#accepted && received === 1 : sent === 2 && received === 1,
      );
      expect(isSo && numbers.length === 2, `The numbers: ${told.join('; ')}.`);
      return `today: ${told.join('; ')}; the key ${ours.accepted}, all read`;
    });
  }

  async #revokeKey() {
    await this.screen.step('revoke', async () => {
      await this.admin.delete(`/v1/api-keys/${this.keyId}`);
      await until(
        'The end of the key',
        () =>
          this.program.get('/v1/sessions').then(
            () => false,
            () => true,
          ),
        Boolean,
        KEY_LASTS_SECONDS * 1000,
      );
      const { status } = await this.program.refusal('GET', '/v1/sessions');
      expect(status === 401, `The revoked key is answered ${status}.`);
      return `the key is ${status} from now on`;
    });
  }
}
