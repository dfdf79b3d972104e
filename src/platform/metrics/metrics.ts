import { Injectable } from '@nestjs/common';
import {
  collectDefaultMetrics,
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';

const PREFIX = 'waypost_';

/** Names begin with `waypost_`. */
type Named<Configuration> = Omit<Configuration, 'registers' | 'name'> & { readonly name: `waypost_${string}` };

/**
 * Where features register their counters and gauges. Labels take words of a short, fixed list (an engine, a status, a
 * route): never a phone number, an id or a name that somebody chose, each of which would be a time series for ever.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: PREFIX });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  counter<Label extends string = never>(configuration: Named<CounterConfiguration<Label>>): Counter<Label> {
    return new Counter({ ...configuration, registers: [this.registry] });
  }

  gauge<Label extends string = never>(configuration: Named<GaugeConfiguration<Label>>): Gauge<Label> {
    return new Gauge({ ...configuration, registers: [this.registry] });
  }

  histogram<Label extends string = never>(configuration: Named<HistogramConfiguration<Label>>): Histogram<Label> {
    return new Histogram({ ...configuration, registers: [this.registry] });
  }

  /** Everything in the text format of Prometheus. */
  render(): Promise<string> {
    return this.registry.metrics();
  }
}
