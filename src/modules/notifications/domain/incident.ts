/** A trouble that lasts from its first event until the session works again or somebody closes it. */
export const INCIDENT_KINDS = ['qr-needed', 'auth-failed', 'reconnect-exhausted', 'logged-out'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** A QR that is shown while one of these is open belongs to that trouble, which has been told already. */
export const EXPLAINS_QR: readonly IncidentKind[] = ['logged-out', 'auth-failed'];

export interface Alert {
  readonly title: string;
  /** What happened, and what to do. */
  readonly body: string;
}

const SCAN =
  'Open the session in Waypost, ask for a QR code and scan it on the phone: WhatsApp, Settings, Linked devices, Link a device.';
const WAITS = 'Accepted messages are kept and wait until then.';

const TEXTS = {
  'qr-needed': (id) => ({
    title: `Session "${id}" needs a QR scan`,
    body: `The session "${id}" is no longer linked to its phone and shows a QR code. ${WAITS}\n\nWhat to do: ${SCAN}`,
  }),
  'auth-failed': (id) => ({
    title: `Session "${id}" failed to authenticate`,
    body: `WhatsApp refused the session "${id}". ${WAITS}\n\nWhat to do: ${SCAN}`,
  }),
  'reconnect-exhausted': (id) => ({
    title: `Session "${id}" gave up reconnecting`,
    body:
      `The session "${id}" lost its connection to WhatsApp, and no try to reconnect succeeded. ${WAITS}\n\n` +
      'What to do: check that this machine reaches the internet and that the phone is on, then reconnect the session in Waypost.',
  }),
  'logged-out': (id) => ({
    title: `Session "${id}" was logged out`,
    body: `The session "${id}" was logged out from the phone or by WhatsApp. ${WAITS}\n\nWhat to do: ${SCAN}`,
  }),
} as const satisfies Record<IncidentKind, (sessionId: string) => Alert>;

const MAX_REASON = 300;

/** Runs of digits may be a phone number: their ends are enough to recognise one that one knows. */
const maskNumbers = (text: string): string =>
  text.replace(/\d{6,}/g, (digits) => `${digits.slice(0, 2)}${'*'.repeat(digits.length - 4)}${digits.slice(-2)}`);

/** What administrators are told; the reason comes from an engine and is not trusted with a phone number. */
export const describeIncident = (kind: IncidentKind, sessionId: string, reason?: string): Alert => {
  const { title, body } = TEXTS[kind](sessionId);
  const given = reason === undefined || reason === '' ? undefined : maskNumbers(reason).slice(0, MAX_REASON);
  return { title, body: given === undefined ? body : `${body}\n\nReason given: ${given}` };
};
