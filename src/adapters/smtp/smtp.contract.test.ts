import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NotifierError } from '../../ports/notifier.ts';
import { messageTo, notifierContract, type ReceivedMessage } from '../../testing/notifier-contract.ts';
import { smtpNotifier, type SmtpOptions } from './index.ts';

const TO = { channel: 'mail', address: 'ana@example.org' } as const;

/** A real mail server on this machine, which keeps what it takes. */
interface MailServer {
  readonly port: number;
  readonly got: ReceivedMessage[];
  readonly envelopes: string[];
  close(): Promise<void>;
}

const open: MailServer[] = [];

async function mailServer(options: SMTPServerOptions = {}, host = '127.0.0.1'): Promise<MailServer> {
  const got: ReceivedMessage[] = [];
  const envelopes: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    hideSTARTTLS: options.key === undefined,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        envelopes.push(mailFrom === false ? '' : mailFrom.address);
        got.push({
          raw,
          text: readable(raw),
          id: headerOf(raw, 'message-id'),
          to: rcptTo.map(({ address }) => address),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => {
    const listener = server.listen(0, host, () => {
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const made = {
    port,
    got,
    envelopes,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
  open.push(made);
  return made;
}

function headersOf(raw: string): readonly string[] {
  return (raw.split(/\r?\n\r?\n/, 1)[0] ?? '').replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
}

function headerOf(raw: string, name: string): string | null {
  const line = headersOf(raw).find((header) => header.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? null;
}

/** The body as a mail reader shows it. */
function readable(raw: string): string {
  const body = raw.slice(raw.search(/\r?\n\r?\n/)).trim();
  const encoding = headerOf(raw, 'content-transfer-encoding') ?? '7bit';
  const decoded =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString('utf8')
      : encoding === 'quoted-printable'
        ? Buffer.from(
            body
              .replace(/=\r?\n/g, '')
              .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))),
            'latin1',
          ).toString('utf8')
        : body;
  return decoded.replace(/\s+/g, ' ');
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function notifierTo(server: MailServer, change: Partial<SmtpOptions> & { readonly base?: string } = {}) {
  const { base = 'smtp://127.0.0.1', ...rest } = change;
  return smtpNotifier({
    url: () => `${base}:${server.port}`,
    from: 'signalbox@acme.example',
    name: 'Acme "release"\r\nBcc: x@example.org',
    ...rest,
  });
}

async function failureOf(work: Promise<void>): Promise<NotifierError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof NotifierError) return error;
  throw new Error('no failure of a notifier', { cause: error });
}

describe('mail', () => {
  let server: MailServer;
  beforeEach(async () => {
    server = await mailServer();
  });
  notifierContract(() => ({
    notifier: notifierTo(server),
    to: TO,
    place: TO.address,
    received: async () => server.got,
    goAway: () => server.close(),
    active: (raw) => headersOf(raw).length,
  }));

  it('comes from one address, says that a machine wrote it, and is known by its id', async () => {
    await notifierTo(server).send(messageTo(TO, { id: 'sha256:abc' }));
    const raw = server.got[0]?.raw ?? '';
    expect(server.envelopes).toEqual(['signalbox@acme.example']);
    expect(headerOf(raw, 'message-id')).toBe('<sha256-abc@acme.example>');
    expect(headerOf(raw, 'auto-submitted')).toBe('auto-generated');
    expect(headerOf(raw, 'subject')).toBe('2 things of 2.8.0 wait for you');
    expect(headerOf(raw, 'to')).toBe('ana@example.org');
    expect(headerOf(raw, 'from')).toContain('<signalbox@acme.example>');
    expect(headerOf(raw, 'bcc')).toBeNull();
    expect(headerOf(raw, 'content-type')).toMatch(/^text\/plain/);
  });

  it.each([
    [550, 'refused'],
    [451, 'busy'],
  ])('says what the server said: %i is %s', async (responseCode, code) => {
    const saying = await mailServer({
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`<${address}> not here`), { responseCode })),
    });
    const error = await failureOf(notifierTo(saying).send(messageTo(TO)));
    expect([error.code, error.message]).toEqual([
      code,
      expect.stringContaining(`${responseCode} <(address)> not here`),
    ]);
    expect(saying.got).toEqual([]);
  });

  it('says that it is not let in, without what it tried', async () => {
    const closed = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Invalid login')),
    });
    const error = await failureOf(notifierTo(closed, { base: 'smtp://bot:hunter%402@127.0.0.1' }).send(messageTo(TO)));
    expect(error.code).toBe('refused');
    expect(`${error.message} ${String(error.cause)}`).not.toMatch(/hunter/);
    const seen: unknown[] = [];
    const letting = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        seen.push(username, password);
        done(null, { user: 'bot' });
      },
    });
    await notifierTo(letting, { base: 'smtp://bot:hunter%402@127.0.0.1' }).send(messageTo(TO));
    expect(seen).toEqual(['bot', 'hunter@2']);
    expect(letting.got).toHaveLength(1);
  });

  it('waits no longer than its patience for a server that says nothing', async () => {
    const silent = await mailServer({ onConnect: () => undefined });
    expect(await failureOf(notifierTo(silent, { patience: 200 }).send(messageTo(TO)))).toMatchObject({
      code: 'unreachable',
    });
  });
});

describe('mail to another machine', () => {
  // An address of this machine that is none of those for which TLS may be left out.
  const HOST = '127.0.0.2';
  let folder: string;
  let key: string;
  let cert: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-mail-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const about = ['-subj', '/CN=mail', '-addext', `subjectAltName=IP:${HOST}`];
    await promisify(execFile)('openssl', [...args, ...about, '-keyout', keyFile, '-out', certFile]);
    [key, cert] = [await readFile(keyFile, 'utf8'), await readFile(certFile, 'utf8')];
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('goes over TLS from the first byte or after STARTTLS, by a certificate that is trusted', async () => {
    const direct = await mailServer({ key, cert, secure: true }, HOST);
    await notifierTo(direct, { base: `smtps://${HOST}`, authority: cert }).send(messageTo(TO));
    const turning = await mailServer({ key, cert }, HOST);
    await notifierTo(turning, { base: `smtp://${HOST}`, authority: cert }).send(messageTo(TO));
    expect([direct.got.length, turning.got.length]).toEqual([1, 1]);
  });

  it('is not sent to a server without TLS, or with a certificate of anybody', async () => {
    const open = await mailServer({}, HOST);
    expect(await failureOf(notifierTo(open, { base: `smtp://bot:secret@${HOST}` }).send(messageTo(TO)))).toMatchObject({
      code: 'unreachable',
    });
    const strange = await mailServer({ key, cert }, HOST);
    await failureOf(notifierTo(strange, { base: `smtp://${HOST}` }).send(messageTo(TO)));
    const direct = await mailServer({ key, cert, secure: true }, HOST);
    await failureOf(notifierTo(direct, { base: `smtps://${HOST}` }).send(messageTo(TO)));
    expect([open.got, strange.got, direct.got]).toEqual([[], [], []]);
  });
});
