import { SendDeferredError } from '../engine.errors.js';
import { OTHER_PHONE, pause, PHONE, QUIET_MS, Reports, type Stage, until } from './stage.conformance.js';

/** Opening, closing and losing sessions. */
export const describeLife = (stage: () => Stage): void => {
  it('can be used here', async () => {
    await expect(stage().harness.create().availability()).resolves.toEqual({ available: true });
  });

  it('shows a QR, and is ready with the number of the phone that scans it', async () => {
    const { reports } = await stage().openReady();
    expect(reports.names.filter((one) => one !== 'qr')).toEqual(['authenticated', 'ready']);
    expect(reports.readies[0]).toMatchObject({ phone: PHONE });
  });

  it('opens again without a QR', async () => {
    const { handle, engine } = await stage().openReady();
    await handle.close();
    const again = await stage().openAgain(engine);
    expect(again.reports.names).toEqual(['authenticated', 'ready']);
    expect(again.reports.readies[0]).toMatchObject({ phone: PHONE });
  });

  it('opens in another process with what the first has stored', async () => {
    const { handle } = await stage().openReady();
    await handle.close();
    expect((await stage().openAgain()).reports.qrs).toEqual([]);
  });

  it('gives a new QR when asked for one', async () => {
    if (!stage().linksByQr) return;
    const { handle, reports } = await stage().open();
    await until('a QR', () => reports.qrs.length > 0);
    const before = reports.qrs.length;
    await handle.refreshQr();
    await until('another QR', () => reports.qrs.length > before);
    await stage().harness.link('one', reports.qrs.at(-1) ?? '', PHONE);
    await until('ready', () => reports.readies.length > 0);
  });

  it('says that nothing was sent when it is closed, and may be tried again', async () => {
    const { handle } = await stage().openReady();
    await handle.close();
    await expect(stage().send(handle, 'too late')).rejects.toBeInstanceOf(SendDeferredError);
    expect(await stage().harness.arrivals('one')).toEqual([]);
  });

  it('tells a live session from a closed one', async () => {
    const { handle } = await stage().openReady();
    await expect(handle.probe()).resolves.toBeUndefined();
    await handle.close();
    await expect(handle.probe()).rejects.toThrow();
  });

  it('reports a broken connection once, and can be opened again without a QR', async () => {
    if (stage().harness.lacks.has('connection')) return;
    const { reports, engine } = await stage().openReady();
    await stage().harness.dropConnection('one');
    await until('the loss', () => reports.causes.length > 0);
    const again = await stage().openAgain(engine);
    expect(again.reports.qrs).toEqual([]);
    expect(reports.causes).toEqual(['connection']);
  });

  it('reports once that the phone has removed the device, and asks for a QR the next time', async () => {
    if (!stage().linksByQr) return;
    const { reports, engine } = await stage().openReady();
    await stage().harness.logoutFromPhone('one');
    await until('the loss', () => reports.causes.length > 0);
    await stage().expectUnlinked(engine);
    expect(reports.causes).toEqual(['logged-out']);
  });

  it('reports once that its credentials are good no more, as soon as it uses them', async () => {
    if (stage().linksByQr) return;
    const { handle, reports, engine } = await stage().openReady();
    await stage().harness.logoutFromPhone('one');
    const sends = [1, 2, 3].map((one) => stage().send(handle, `text ${String(one)}`));
    for (const send of sends) await expect(send).rejects.toBeInstanceOf(SendDeferredError);
    await until('the loss', () => reports.causes.length > 0);
    const again = await stage().open('one', engine);
    await until('the loss', () => again.reports.causes.length > 0);
    expect([...reports.causes, ...again.reports.causes]).toEqual(['auth-failure', 'auth-failure']);
    expect(again.reports.readies).toEqual([]);
  });

  it('forgets the number at a logout, and reports nothing of it', async () => {
    const { handle, reports, engine } = await stage().openReady();
    await handle.logout();
    const heard = reports.names.length;
    await stage().expectUnlinked(engine);
    expect(reports.names).toHaveLength(heard);
  });

  it('forgets the number of a session that is not open', async () => {
    const { handle, engine } = await stage().openReady();
    await handle.close();
    await engine.forget('one');
    await stage().expectUnlinked(engine);
  });

  it('reports nothing after a close, which may be called twice', async () => {
    const { handle, reports } = await stage().openReady();
    await Promise.all([handle.close(), handle.close()]);
    const heard = reports.names.length;
    await stage()
      .harness.dropConnection('one')
      .catch(() => undefined);
    await pause(QUIET_MS);
    await handle.close();
    expect(reports.names).toHaveLength(heard);
  });

  it('opens nothing when the opening is given up before it begins, and can be opened later', async () => {
    const engine = stage().harness.create();
    const reports = new Reports();
    if (!stage().linksByQr) await stage().harness.link('one', '', PHONE);
    const opening = engine.open({ sessionId: 'one', proxy: null, signal: AbortSignal.abort() }, reports);
    await expect(opening).rejects.toThrow();
    const later = await stage().open('one', engine);
    await until('what comes next', () => later.reports.qrs.length + later.reports.readies.length > 0);
    expect(reports.names).not.toContain('ready');
  });

  it('keeps sessions apart', async () => {
    const { harness, known } = stage();
    const one = await stage().openReady('one', PHONE);
    const two = await stage().openReady('two', OTHER_PHONE);
    await stage().send(one.handle, 'from one');
    await harness.incoming('two', { from: known, text: 'to two' });
    await until('the message', () => two.reports.messages.length > 0);
    expect(one.reports.messages).toEqual([]);
    expect(await harness.arrivals('two')).toEqual([]);
    await one.handle.close();
    await expect(two.handle.probe()).resolves.toBeUndefined();
  });
};
