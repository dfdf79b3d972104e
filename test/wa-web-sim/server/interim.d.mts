export function startSim(options: Record<string, unknown>): Promise<{
  tlsPort: number;
  controlPort: number;
  control: string;
  cfg: Record<string, unknown>;
  close(): Promise<void>;
}>;
