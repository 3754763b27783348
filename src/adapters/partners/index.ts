import { PartnerError, type PartnerHooks, type PartnerMessage } from '../../ports/partner-hooks.ts';
import { neutral } from '../../domain/plain-text.ts';
import { HttpFailure } from '../http/exchange.ts';
import { isPublicAddress, literalAddress, publicLookup } from '../http/public-address.ts';
import { send, type SendAnswer } from '../http/send.ts';
import { systemTimers, type Timers } from '../http/timers.ts';

/** Standard Webhooks asks for 15 to 30 seconds; nothing that a partner answers is of use but the status. */
const LIMITS = { idle: 20_000, bytes: 64 * 1024 };

/** Posts as Standard Webhooks has it. Redirects are not followed, and a name is looked up once: what was looked at is what is called. */
export function httpPartnerHooks({ timers = systemTimers }: { readonly timers?: Timers } = {}): PartnerHooks {
  return {
    async post(message) {
      const url = new URL(message.url);
      const literal = literalAddress(url);
      if (!message.isPrivate && literal !== null && !isPublicAddress(literal))
        throw new PartnerError(
          'unreachable',
          `${url.host} is no public address; the train file does not say private: true`,
        );
      const bytes = new TextEncoder().encode(message.body);
      try {
        const answer = await send(
          {
            method: 'POST',
            url,
            headers: headersOf(message),
            length: bytes.length,
            body: [bytes],
            ...(message.isPrivate ? {} : { lookup: publicLookup() }),
          },
          timers,
          LIMITS,
        );
        return accepted(answer, url.host);
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        throw new PartnerError('unreachable', error.message, { cause: error });
      }
    },
  };
}

function headersOf({ id, timestamp, signatures }: PartnerMessage): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'user-agent': 'signalbox',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

function accepted({ status, body }: SendAnswer, host: string): { readonly status: number } {
  if (status >= 200 && status < 300) return { status };
  const said = neutral(new TextDecoder().decode(body).replaceAll(/\s+/gu, ' ')).slice(0, 120);
  const text = `${host} answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 410) throw new PartnerError('gone', `${text}; it wants no more`);
  if (status >= 300 && status < 400)
    throw new PartnerError('refused', `${text}: it leads elsewhere, which is not followed`);
  throw new PartnerError('refused', text);
}
