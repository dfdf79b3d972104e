import type { ComponentHealth, HealthReport } from '../../../platform/health/health-indicators.js';

export class LivenessResponse {
  readonly status = 'live';
}

/** A component that fails, and what that means. */
export class HealthProblemResponse {
  readonly component: string;
  /** One sentence for people. */
  readonly sentence: string;

  private constructor(component: string, sentence: string) {
    this.component = component;
    this.sentence = sentence;
  }

  static from({ name, finding }: ComponentHealth): HealthProblemResponse[] {
    return finding.isWell ? [] : [new HealthProblemResponse(name, finding.sentence)];
  }
}

/** A component, whether it is well or not. */
export class HealthCheckResponse {
  readonly component: string;
  readonly well: boolean;
  /** Without a critical component the process is not ready; without another one it goes on with less. */
  readonly critical: boolean;
  readonly detail: Readonly<Record<string, unknown>>;

  private constructor({ name, critical, finding }: ComponentHealth) {
    this.component = name;
    this.well = finding.isWell;
    this.critical = critical;
    this.detail = finding.detail ?? {};
  }

  static from(component: ComponentHealth): HealthCheckResponse {
    return new HealthCheckResponse(component);
  }
}

export class HealthResponse {
  readonly status: 'ready' | 'degraded' | 'not-ready';
  /** Empty when everything is well. */
  readonly problems: HealthProblemResponse[];
  /** Only for those who hold monitoring:read. */
  readonly checks?: HealthCheckResponse[];

  private constructor({ status, components }: HealthReport, withDetail: boolean) {
    this.status = status;
    this.problems = components.flatMap((component) => HealthProblemResponse.from(component));
    if (withDetail) this.checks = components.map((component) => HealthCheckResponse.from(component));
  }

  static from(report: HealthReport, withDetail: boolean): HealthResponse {
    return new HealthResponse(report, withDetail);
  }
}
