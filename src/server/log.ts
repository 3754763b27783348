import { pino, type DestinationStream } from 'pino';
import type { Log } from './duties.ts';

/** Members whose values are never logged, wherever they lie. */
const SECRET = ['token', 'secret', 'password', 'cookie', 'authorization', 'code', 'form-token', 'confirmation'];

/** Lines of requests are written together: so many bytes, or milliseconds. */
const TOGETHER = { minLength: 4096, periodicFlush: 500 };

/**
 * The server's log: one JSON document a line on stderr. What could be secret is left out by its name, and nothing that a person typed is logged
 * at all. Lines that tell of a request that was answered may come half a second late, since a write for each costs as much as a webhook; all others are
 * written at once, with what waits before them.
 */
export function serverLog(level: string, to?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const stderr = to === undefined ? pino.destination({ fd: 2, sync: true, ...TOGETHER }) : null;
  const flush = (): void => stderr?.flushSync();
  if (stderr !== null) process.once('exit', flush);
  const stream = to ?? stderr ?? process.stderr;
  const logger = pino(
    { ...options, redact: { paths: SECRET.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: '***' } },
    stream,
  );
  // Of a request only what we measured is told, and none of it is called as a secret is.
  const requests = pino(options, stream);
  return (event, facts) => {
    if (event === 'request') {
      requests.info(facts, event);
      return;
    }
    if (/failed|-not-|lost/u.test(event)) logger.warn(facts, event);
    else logger.info(facts, event);
    flush();
  };
}
