import { z } from 'zod';
import { neutral } from '../../domain/plain-text.ts';
import { NotifierError } from '../../ports/notifier.ts';

const Failed = z.object({
  code: z.string().optional(),
  responseCode: z.int().optional(),
  response: z.string().optional(),
});

/** Others read why something failed; where somebody's mail goes is nobody else's. */
function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>"']+@[^\s<>"']+/gu, '(address)');
}

/** The server's no, or that there is none. A `4xx` is "not now" (RFC 5321, 4.2.1). What the server said is told, never what it was asked with. */
export function mailFailure(error: unknown, host: string): NotifierError {
  const { code, responseCode, response } = Failed.safeParse(error).data ?? {};
  const said = response === undefined ? '' : `: ${withoutAddresses(neutral(response)).slice(0, 200)}`;
  if (code === 'EAUTH') {
    return new NotifierError('refused', `the mail server ${host} does not let us in${said}. See SIGNALBOX_SMTP_URL`, {
      cause: error,
    });
  }
  if (responseCode !== undefined && responseCode >= 500) {
    return new NotifierError('refused', `the mail server ${host} refused the message${said}`, { cause: error });
  }
  if (responseCode !== undefined) {
    return new NotifierError('busy', `the mail server ${host} asks to come back later${said}`, { cause: error });
  }
  if (code === 'ETLS') {
    const text = `the mail server ${host} offers no TLS that can be trusted, and nothing is said without it`;
    return new NotifierError('unreachable', text, { cause: error });
  }
  const why = code ?? (error instanceof Error ? error.name : 'no reason given');
  return new NotifierError('unreachable', `the mail server ${host} cannot be reached (${why})`, { cause: error });
}
