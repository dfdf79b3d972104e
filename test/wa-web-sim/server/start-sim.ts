import { type SimConfig } from './config.ts';
import { startSim as startInterim } from './interim.mjs';

export interface StartSimOptions {
  readonly tlsPort?: number;
  readonly controlPort?: number;
  readonly config?: Partial<SimConfig>;
}

export interface RunningSim {
  readonly tlsPort: number;
  readonly controlPort: number;
  readonly control: string;
  readonly config: SimConfig;
  close(): Promise<void>;
}

export async function startSim(options: StartSimOptions = {}): Promise<RunningSim> {
  const sim = await startInterim({ tlsPort: 0, controlPort: 0, writePort: false, ...options });
  return { ...sim, config: sim.cfg as unknown as SimConfig, close: () => sim.close() };
}
