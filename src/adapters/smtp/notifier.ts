import { LOOPBACK_HOSTS } from '../../domain/loopback.ts';
import { neutral } from '../../domain/plain-text.ts';
import { NotifierError, type NoticeMessage, type Notifier } from '../../ports/notifier.ts';
import { mailFailure } from './failure.ts';
import { mailText } from './text.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host:465`, or `smtp://host:587`, where TLS is begun before anything is said. */
  readonly url: () => string;
  /** Address that messages come from. */
  readonly from: string;
  /** Name that people read before it. */
  readonly name: string;
  /** Milliseconds for each step of the conversation. */
  readonly patience?: number;
  /** Certificates of authorities besides those Node knows; for tests. */
  readonly authority?: string;
}

const PATIENCE = 20_000;

/** How the server is reached. Without TLS only on this machine: what is said there includes a password. */
function transportOf({ url, patience = PATIENCE, authority }: SmtpOptions) {
  const { protocol, hostname: host, port, username, password } = new URL(url());
  const secure = protocol === 'smtps:';
  const bare = host.replace(/^\[|\]$/g, '');
  return {
    host: bare,
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !LOOPBACK_HOSTS.has(host),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    tls: { minVersion: 'TLSv1.2', ...(authority === undefined ? {} : { ca: authority }) },
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    // What is sent is text that is here; nothing in it may name a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const;
}

/** Sends notices as mail, one message each, plain text alone. A message sent again has the same Message-ID, so that a mailbox shows one. */
export function smtpNotifier(options: SmtpOptions): Notifier {
  const domain = options.from.slice(options.from.indexOf('@') + 1);
  return {
    send: async (message) => {
      if (message.to.channel !== 'mail') throw new NotifierError('not-set-up', 'mail goes to addresses only');
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(transportOf(options));
      try {
        await transport.sendMail({
          ...mailOf(message, options, domain),
          to: { name: '', address: message.to.address },
        });
      } catch (error) {
        throw mailFailure(error, new URL(options.url()).host);
      } finally {
        transport.close();
      }
    },
  };
}

function mailOf(message: NoticeMessage, { from, name }: SmtpOptions, domain: string) {
  return {
    from: { name: neutral(name), address: from },
    subject: neutral(message.subject).slice(0, 200),
    text: mailText(message),
    messageId: `<${message.id.replace(/[^A-Za-z0-9.-]/g, '-')}@${domain}>`,
    // RFC 3834: no machine answers, and no holiday note comes back.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}
