/** Starts a simulator on its own: node test/wa-web-sim/main.ts [--setting=value …] */
import { fstatSync } from 'node:fs';
import { commandLine } from './server/command-line.ts';
import { startSim } from './server/start-sim.ts';

const DEFAULT_TLS_PORT = 19443;
const DEFAULT_CONTROL_PORT = 19080;
const PATIENCE_MS = 1000;

const parsed = commandLine(process.argv.slice(2));
if (typeof parsed === 'string') {
  process.stderr.write(`${parsed}\n`);
  process.exit(2);
}

const sim = await startSim({
  tlsPort: Number(process.env['WASIM_TLS_PORT'] ?? DEFAULT_TLS_PORT),
  controlPort: Number(process.env['WASIM_CONTROL_PORT'] ?? DEFAULT_CONTROL_PORT),
  config: parsed,
});
const { tlsPort, controlPort, control } = sim;
process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, tlsPort, controlPort, control })}\n`);

function stop(): void {
  setTimeout(() => process.exit(0), PATIENCE_MS).unref();
  void sim.close().finally(() => process.exit(0));
}

process.once('SIGINT', stop);
process.once('SIGTERM', stop);
// Whoever started us holds the other end: when that process dies, however it dies, nobody needs us any more.
if (isHeldByAnother(process.stdin.fd)) process.stdin.resume().once('close', stop).once('end', stop);

/** A pipe or a terminal; /dev/null and files end at once and mean nothing. */
function isHeldByAnother(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFIFO() || stats.isSocket() || process.stdin.isTTY;
  } catch {
    return false;
  }
}
