import { refuseOr, type Result } from '../domain/result.ts';

/** How the server is to be reached. */
export interface StartPlan {
  /** The address it listens on. */
  readonly host: string;
  /** The address that people type, where it is another. */
  readonly outside: string | null;
  /** Somebody says that a proxy which speaks TLS stands before it. */
  readonly behindTls: boolean;
  /** Whether people can sign in by the forge. */
  readonly hasSignIn: boolean;
  /** Whether webhooks are signed. */
  readonly hasWebhookSecret: boolean;
}

/** What keeps the server from starting, and what to do about it. */
export interface StartProblem {
  readonly code: 'outside' | 'not-encrypted' | 'no-outside' | 'no-sign-in' | 'no-webhook-secret';
  readonly text: string;
}

export interface SafeStart {
  /** Whether only this machine reaches it: then links of the terminal sign in, and nothing else is asked for. */
  readonly local: boolean;
  /** The origin that people see; null: the loopback one, with the port it got. */
  readonly outside: string | null;
}

/** Whether only this machine can reach the address. A name is not looked up: whoever answers could say anything. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
  if (plain === 'localhost' || plain === '::1') return true;
  // Four numbers, none of them octal or left out: what else an operating system takes for 127.0.0.1 is not let through.
  return /^127(\.(0|[1-9]\d{0,2})){3}$/u.test(plain);
}

function originOf(outside: string): URL | null {
  if (!URL.canParse(outside)) return null;
  const url = new URL(outside);
  const bare =
    url.username === '' && url.password === '' && url.search === '' && url.hash === '' && url.pathname === '/';
  return bare && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null;
}

/**
 * Whether the server may start so. One that others can reach needs TLS before it, a way to sign in, and signed webhooks; there is no flag that
 * leaves one of them out.
 */
export function safeStart(plan: StartPlan): Result<SafeStart, StartProblem> {
  const url = plan.outside === null ? null : originOf(plan.outside);
  const local = isLoopback(plan.host) && !plan.behindTls && (plan.outside === null || isLoopback(url?.hostname ?? ''));
  const problems: StartProblem[] = [];
  if (plan.outside !== null && url === null) {
    const text = 'The outside address is none: write https://signalbox.example, without a path.';
    problems.push({ code: 'outside', text });
  }
  if (!local) problems.push(...problemsOf(plan, url));
  return refuseOr(problems, () => ({ local, outside: url?.origin ?? null }));
}

function problemsOf(
  { host, outside, behindTls, hasSignIn, hasWebhookSecret }: StartPlan,
  url: URL | null,
): StartProblem[] {
  const problems: StartProblem[] = [];
  const reached = `Others can reach a server at ${outside ?? host}.`;
  if (!behindTls && url?.protocol !== 'https:') {
    const next = 'Let a proxy speak TLS, and start with --behind-tls and --outside https://signalbox.example.';
    problems.push({ code: 'not-encrypted', text: `${reached} What they send would be readable on the way. ${next}` });
  } else if (url?.protocol !== 'https:' && (outside === null || url !== null)) {
    const text = 'Behind TLS the server must know its own address: give --outside https://signalbox.example.';
    problems.push({ code: 'no-outside', text });
  }
  if (!hasSignIn) {
    const next =
      'Register an OAuth app at the forge with the callback /sign-in/forge/callback, then set SIGNALBOX_OAUTH_ID and SIGNALBOX_OAUTH_SECRET_FILE.';
    problems.push({ code: 'no-sign-in', text: `${reached} Nobody could sign in. ${next}` });
  }
  if (!hasWebhookSecret) {
    const next = 'Set SIGNALBOX_WEBHOOK_SECRET_FILE, and the same secret at the forge: openssl rand -hex 32.';
    problems.push({ code: 'no-webhook-secret', text: `${reached} Anybody could send it webhooks. ${next}` });
  }
  return problems;
}
