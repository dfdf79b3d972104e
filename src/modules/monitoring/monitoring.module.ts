import { Module } from '@nestjs/common';

import { EventMetrics } from './event-metrics.js';
import { HealthController } from './http/health.controller.js';
import { MetricsController } from './http/metrics.controller.js';
import { MonitoringViewers } from './monitoring-viewers.js';

@Module({ controllers: [HealthController, MetricsController], providers: [MonitoringViewers, EventMetrics] })
export class MonitoringModule {}
