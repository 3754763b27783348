import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the server counts, in the form that Prometheus reads. */
export interface Metrics {
  request(facts: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** A page was read afresh. */
  reading(page: string, outcome: 'read' | 'failed'): void;
  /** Where these are looked up when they are asked for. */
  gauges(read: () => Promise<Readonly<Record<GaugeName, number>>>): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const GAUGES = {
  streams: 'open pages that are kept up to date',
  pages: 'pages that are held as they were last read',
  deliveries_waiting: 'webhooks that wait to be acted on',
  deliveries_dead: 'webhooks whose every try failed',
} as const;
export type GaugeName = keyof typeof GAUGES;
const NAMES: readonly GaugeName[] = ['streams', 'pages', 'deliveries_waiting', 'deliveries_dead'];

export function serverMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'signalbox_' });
  const requests = new Histogram({
    name: 'signalbox_http_request_seconds',
    help: 'how long requests took, by the pattern of their path',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const readings = new Counter({
    name: 'signalbox_page_readings_total',
    help: 'how often pages were read afresh',
    labelNames: ['page', 'outcome'],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    request: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    reading: (page, outcome) => readings.inc({ page, outcome }),
    gauges(read) {
      const made = NAMES.map((name) => ({
        name,
        gauge: new Gauge({ name: `signalbox_${name}`, help: GAUGES[name], registers: [registry] }),
      }));
      const [first] = made;
      if (first === undefined) return;
      // One look for all of them, made when they are asked for.
      Object.assign(first.gauge, {
        collect: async () => {
          const values = await read();
          for (const { name, gauge } of made) gauge.set(values[name]);
        },
      });
    },
    text: () => registry.metrics(),
  };
}
