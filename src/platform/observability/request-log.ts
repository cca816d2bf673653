import type { Logger } from 'pino';
import type { LocalEventBus } from '../events/local-event-bus.js';

/** One line a request, without query strings or bodies: they hold what people ask. Probes are logged at debug. */
export function logRequests(events: LocalEventBus, logger: Logger): void {
  events.on('request.completed', ({ requestId, tenant, method, endpoint, statusCode, durationMs, cache }) => {
    const level = endpoint.startsWith('/health') ? 'debug' : statusCode >= 500 ? 'error' : 'info';
    logger[level]({ request_id: requestId, tenant: tenant?.slug, method, endpoint, status: statusCode, duration_ms: Math.round(durationMs * 10) / 10, cache }, 'request');
  });
}
