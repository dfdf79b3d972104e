import type wweb from 'whatsapp-web.js';
import { findChromium } from './index.ts';
import { connectionSteps } from './spec/connection.steps.ts';
import { furtherAccountSteps } from './spec/further-accounts.steps.ts';
import { groupSteps } from './spec/group.steps.ts';
import { linkingSteps } from './spec/linking.steps.ts';
import { receivingSteps } from './spec/receiving.steps.ts';
import { type FirstMessage, sendingSteps } from './spec/sending.steps.ts';
import { Stage } from './spec/stage.ts';

const HOW_TO_ENABLE = 'install chromium or chromium-headless-shell, or set WASIM_CHROMIUM to a browser';

const chromium = findChromium();
const isRequired = Boolean(process.env['CI']);
if (!chromium) process.stderr.write(`The simulated WhatsApp Web was not tried: no Chromium here; ${HOW_TO_ENABLE}.\n`);

if (!chromium && isRequired) {
  it('has a Chromium to run in', () => {
    throw new Error(`No Chromium found; ${HOW_TO_ENABLE}.`);
  });
}

/** The steps follow each other: each begins where the one before has ended. */
(chromium ? describe : describe.skip)('whatsapp-web.js against the simulated WhatsApp Web', () => {
  const first = {} as FirstMessage;
  let stage: Stage;
  let client: wweb.Client;

  const scene = (): Scene => ({ stage, client, first, renew });
  const renew = (): wweb.Client => (client = stage.client('demo'));

  beforeAll(async () => {
    stage = await Stage.open({ config: { qrFirstMs: 3000, qrNextMs: 1500, qrCount: 3 } });
    renew();
  });

  afterAll(async () => {
    expect(await stage.close()).toBe(0);
  }, 30_000);

  linkingSteps(scene);
  sendingSteps(scene);
  receivingSteps(scene);
  groupSteps(scene);
  connectionSteps(scene);
  furtherAccountSteps(scene);

  it('has needed nothing that is not simulated', async () => {
    const notes = await stage.control.events({ type: 'note' });
    expect(notes.filter(({ kind }) => kind !== 'refreshQR')).toEqual([]);
  });
});

interface Scene {
  readonly stage: Stage;
  readonly client: wweb.Client;
  readonly first: FirstMessage;
  readonly renew: () => wweb.Client;
}
