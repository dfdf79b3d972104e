import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { appUsage, regainInMs } from './graph-usage.js';

const usage = (minutes: unknown): string =>
  JSON.stringify({ '1022': [{ type: 'whatsapp', call_count: 100, estimated_time_to_regain_access: minutes }] });

describe(regainInMs.name, () => {
  it('reads minutes of the business, and seconds of a gateway', () => {
    expect(regainInMs({ 'x-business-use-case-usage': usage(19) })).toBe(19 * 60_000);
    expect(regainInMs({ 'retry-after': '30' })).toBe(30_000);
  });

  it('takes the longest', () => {
    expect(regainInMs({ 'retry-after': '30', 'x-business-use-case-usage': usage(1) })).toBe(60_000);
  });

  it.each([{}, { 'x-business-use-case-usage': usage(0) }, { 'retry-after': 'soon' }, { 'retry-after': '-5' }])(
    'says nothing for %j',
    (headers) => {
      expect(regainInMs(headers)).toBeNull();
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (header) => {
        const headers = { 'x-business-use-case-usage': header, 'x-app-usage': header, 'retry-after': header };
        expect(regainInMs(headers) ?? 1).toBeGreaterThan(0);
        appUsage(headers);
      }),
    );
  });
});

describe(appUsage.name, () => {
  it('is the highest of the three counts', () => {
    expect(appUsage({ 'x-app-usage': '{"call_count":40,"total_time":71,"total_cputime":25}' })).toBe(71);
    expect(appUsage({ 'x-app-usage': 'none' })).toBeNull();
    expect(appUsage({})).toBeNull();
  });
});

describeWithPayloads('a sample of an answer with headers', () => {
  it('tells when calls are allowed again', () => {
    const [sample] = samplesOf('errors').filter(({ name }) => name.includes('with-usage-headers'));
    const { headers } = sample?.json as { headers: Record<string, string> };
    expect(regainInMs(headers)).toBe(19 * 60_000);
    expect(appUsage(headers)).toBe(100);
  });
});
