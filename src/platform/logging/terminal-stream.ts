import type { DestinationStream } from 'pino';

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly context?: string;
  readonly err?: { readonly stack?: string; readonly message?: string; readonly cause?: unknown };
  readonly [field: string]: unknown;
}

const COLOURS: Readonly<Record<string, number>> = { fatal: 31, error: 31, warn: 33, info: 32, debug: 36, trace: 90 };

const paint = (text: string, colour: number): string => `\u001b[${String(colour)}m${text}\u001b[0m`;

/** A line break or a terminal command in a value must not look like a line of ours. */
const plain = (text: string): string =>
  text.replace(
    // eslint-disable-next-line no-control-regex -- they are what this removes
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const render = (value: unknown): string => plain(typeof value === 'string' ? value : JSON.stringify(value));

const renderStack = (err: Line['err']): string =>
  (err?.stack ?? err?.message ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => `\n    ${plain(line.trim())}`)
    .join('');

/** One JSON line as people read it: time, level, where, what, and the fields behind. */
export const renderForTerminal = (json: string): string => {
  const { level, time, msg, context, err, ...fields } = JSON.parse(json) as Line;
  const clock = paint(time.slice(11, 23), 90);
  const name = paint(level.toUpperCase().padEnd(5), COLOURS[level] ?? 37);
  const where = context === undefined ? '' : ` ${paint(`[${plain(context)}]`, 90)}`;
  const rest = Object.entries(fields).map(([key, value]) => ` ${paint(`${plain(key)}=`, 90)}${render(value)}`);
  return `${clock} ${name}${where} ${plain(msg ?? '')}${rest.join('')}${err === undefined ? '' : renderStack(err)}\n`;
};

/** Renders the lines of the logger for a person at a terminal. */
export const terminalStream = (out: { write(text: string): unknown }): DestinationStream => ({
  write: (json) => {
    out.write(renderForTerminal(json));
  },
});
