import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { type Writable } from 'node:stream';
import { type Occupant } from './instance-lock.js';
import { signal, startedAt, waitForExit } from './process-table.js';

const GRACE_SECONDS = 3;

/**
 * Reads its standard input, whose other end only our process holds: the end of it means that we are gone, even after
 * `kill -9`. A successor has these few seconds to take PostgreSQL over; then it is stopped and the guardian ends.
 */
const SCRIPT = `
trap '' HUP INT TERM
read -r word && exit 0
cluster=$1
postmaster() {
  pid=$(head -n 1 "$cluster/postmaster.pid" 2>/dev/null) || return 1
  if [ -d /proc/self ]; then [ "/proc/$pid/cwd" -ef "$cluster" ]; else ps -o command= -p "$pid" | grep -qF "$cluster"; fi
}
wait_seconds() {
  left=$1
  while [ "$left" -gt 0 ]; do postmaster || exit 0; sleep 1; left=$((left - 1)); done
}
sleep 1
wait_seconds ${String(GRACE_SECONDS - 1)}
postmaster || exit 0
kill -INT "$pid"
wait_seconds 20
kill -QUIT "$pid"
wait_seconds 5
kill -KILL "$pid"
`;

/** Stops PostgreSQL when our process is gone and nobody took over. */
export class Guardian {
  private constructor(
    private readonly child: ChildProcess,
    private readonly pipe: Writable,
  ) {}

  static async start(clusterDir: string): Promise<Guardian> {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'waypost-postgres-guardian', clusterDir], {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      // Neither a signal to our process group nor a closed terminal may take it away before PostgreSQL.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    // The pipe must not keep our process alive; its end is what the guardian waits for.
    const pipe = child.stdin;
    pipe.on('error', () => undefined);
    if (pipe instanceof Socket) pipe.unref();
    child.unref();
    return new Guardian(child, pipe);
  }

  get identity(): Occupant['guardian'] {
    const pid = this.child.pid;
    const since = pid === undefined ? undefined : startedAt(pid);
    return pid === undefined || since === undefined ? undefined : { pid, startedAt: since };
  }

  async dismiss(): Promise<void> {
    this.pipe.end('done\n');
    await dismissGuardian(this.identity, 2000);
  }
}

/** Ends the guardian of an earlier process, before it can stop the PostgreSQL that we are about to take over. */
export const dismissGuardian = async (guardian: Occupant['guardian'], patienceMs = 0): Promise<void> => {
  if (guardian === undefined || startedAt(guardian.pid) !== guardian.startedAt) return;
  if (patienceMs > 0 && (await waitForExit(guardian.pid, patienceMs))) return;
  signal(guardian.pid, 'SIGKILL');
  await waitForExit(guardian.pid, 2000);
};
