import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The executable to give to puppeteer: a real Chromium that can reach nothing but the simulator. */
export const CHROMIUM_SIM = fileURLToPath(new URL('./bin/chromium-sim', import.meta.url));

/** The browser that CHROMIUM_SIM would start, or null if this machine has none. */
export function findChromium(): string | null {
  const found = spawnSync(CHROMIUM_SIM, ['--which'], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : null;
}

/** The environment that CHROMIUM_SIM needs to find a simulator. */
export function chromiumEnvironment(sim: { readonly tlsPort: number }): Record<string, string | undefined> {
  return { ...process.env, WASIM_TLS_PORT: String(sim.tlsPort) };
}

/** The ids of the Chromium processes that use a profile under this directory; empty where there is no /proc. */
export function chromiumProcesses(directory: string): number[] {
  return listProcesses().filter((pid) => {
    const command = commandLine(pid);
    return (command[0] ?? '').includes('chrom') && command.some((argument) => argument.includes(directory));
  });
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
