import type { SessionMemory } from '../modules/engines/index.js';

const MIB = 1024 * 1024;

const lineOf = (session: string, processes: string, memory: string): string =>
  `${session.padEnd(32)} ${processes.padStart(9)} ${memory.padStart(12)}`;

/** A line for each session, and one for all of them. */
export const describeMemory = (sessions: readonly SessionMemory[]): string => {
  if (sessions.length === 0) return 'No session has a browser running here.';
  const rows = sessions.map(({ sessionId, processes, pssBytes }) =>
    lineOf(sessionId, String(processes), pssBytes === null ? 'not readable' : `${(pssBytes / MIB).toFixed(1)} MiB`),
  );
  const processes = sessions.reduce((sum, session) => sum + session.processes, 0);
  const bytes = sessions.reduce((sum, { pssBytes }) => sum + (pssBytes ?? 0), 0);
  const hint = sessions.some(({ pssBytes }) => pssBytes === null)
    ? ['Run it as the user of the server, or as root.']
    : [];
  return [
    lineOf('session', 'processes', 'PSS'),
    ...rows,
    lineOf(`all ${String(sessions.length)}`, String(processes), `${(bytes / MIB).toFixed(1)} MiB`),
    ...hint,
  ].join('\n');
};
