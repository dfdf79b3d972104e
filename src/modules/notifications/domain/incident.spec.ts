import { describeIncident, INCIDENT_KINDS } from './incident.js';

describe(describeIncident.name, () => {
  it.each(INCIDENT_KINDS)('says of %s which session, what happened and what to do', (kind) => {
    const { title, body } = describeIncident(kind, 'shop-1');
    expect(title).toContain('"shop-1"');
    expect(title).not.toContain('\n');
    expect(body).toContain('"shop-1"');
    expect(body).toContain('What to do: ');
    expect(body).not.toContain('Reason given');
  });

  it('gives the reason of the engine, cut, and with the ends of numbers only', () => {
    const { body } = describeIncident('logged-out', 'default', `+12025550110 (12025550110@c.us) ${'x'.repeat(1000)}`);
    expect(body).toContain('Reason given: +12*******10 (12*******10@c.us)');
    expect(body).not.toContain('2025550110');
    expect(body.length).toBeLessThan(900);
  });
});
