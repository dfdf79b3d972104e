/**
 * What machines and operators ask the process about itself: liveness, readiness and metrics. It owns the routes and
 * who may see what; the components say how they are through the platform, and this asks none of them by name.
 */
export { MonitoringModule } from './monitoring.module.js';
