import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export interface Program {
  /** Below the root of the project, such as `dist/main.js`. */
  readonly script: string;
  readonly args?: readonly string[];
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** What is piped in. */
  readonly input?: string;
  /** Told with each piece of output while the program runs. */
  readonly onOutput?: (text: string, stop: () => void) => void;
}

/** Runs a built program of ours to its end, as an operator would. */
export const runProgram = ({ script, args = [], env, input = '', onOutput }: Program): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [script, ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: 'pipe',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      onOutput?.(stdout, () => child.kill('SIGTERM'));
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout, stderr, durationMs: performance.now() - start });
    });
    child.stdin.end(input);
  });
