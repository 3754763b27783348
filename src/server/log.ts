import { pino, type DestinationStream } from 'pino';
import type { Log } from './duties.ts';

/** Members whose values are never logged, wherever they lie. */
const SECRET = ['token', 'secret', 'password', 'cookie', 'authorization', 'code', 'form-token', 'confirmation'];

/**
 * The server's log: one JSON document a line on stderr. What could be secret is left out by its name, and nothing that a person typed is logged
 * at all.
 */
export function serverLog(level: string, to?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    redact: { paths: SECRET.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '***' },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = to === undefined ? pino(options, pino.destination({ fd: 2, sync: true })) : pino(options, to);
  return (event, facts) => {
    if (/failed|-not-|lost/u.test(event)) logger.warn(facts, event);
    else logger.info(facts, event);
  };
}
