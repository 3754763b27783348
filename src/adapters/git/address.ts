import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { LOOPBACK_HOSTS } from '../../domain/loopback.ts';
import { GitError } from '../../ports/git.ts';
import type { RemoteRepo } from '../../ports/git.ts';

/** Where a remote lies, checked: nothing in it can be read as an option, a helper command or a password. */
export interface Address {
  /** As git gets it. */
  readonly text: string;
  /** The origin that a token may be sent to: https, or http on this machine. Null when no token can be sent. */
  readonly tokenOrigin: string | null;
}

const WEB = /^https?:\/\//i;
const SSH = /^ssh:\/\/[^-/][^/]*\/./i;
const FILE = /^file:\/\/\/./i;
// user@host:path, as git reads it; a host never begins with a dash.
const SCP = /^(?:[\w.-]+@)?[A-Za-z0-9][\w.-]*:[^:-][^:]*$/;
// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const CONTROL = /[\x00-\x1f\x7f]/;

/** Checks a remote before git sees it. Throws `GitError('failed')` for what is no address of a repository. */
export function addressOf(at: RemoteRepo): Address {
  const text = at.remote;
  const refuse = (why: string): never => {
    throw new GitError('failed', `${at.repo}: the remote ${JSON.stringify(withoutPassword(text))} ${why}`);
  };
  if (text === '' || text.length > 2000 || CONTROL.test(text))
    return refuse('is not an address. Correct it in the train file.');
  if (WEB.test(text)) return webAddress(text, refuse);
  if (FILE.test(text) || SSH.test(text)) {
    if (/^[a-z]+:\/\/[^/]*:[^/]*@/i.test(text)) return refuse(PASSWORD);
    return { text, tokenOrigin: null };
  }
  if (text.startsWith('/')) return { text, tokenOrigin: null };
  // Git runs in the mirror's folder, so a relative path would mean another place than the one people wrote.
  if (/^\.\.?(\/|$)/.test(text)) return { text: resolve(text), tokenOrigin: null };
  if (!text.includes('://') && SCP.test(text)) return { text, tokenOrigin: null };
  return refuse(
    'is not an address of a repository: use https://…, ssh://…, user@host:path, file:///… or an absolute path.',
  );
}

const PASSWORD = 'carries a password. Take it out of the address and give the token by the environment.';

function webAddress(text: string, refuse: (why: string) => never): Address {
  if (!URL.canParse(text)) return refuse('is not a web address. Correct it in the train file.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return refuse(PASSWORD);
  const private_ = url.protocol === 'https:' || LOOPBACK_HOSTS.has(url.hostname);
  return { text, tokenOrigin: private_ ? url.origin : null };
}

/** The folder name of the private mirror: one per repository and remote. */
export function mirrorName(at: RemoteRepo): string {
  const readable = at.repo
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 40);
  const digest = createHash('sha256').update(`${at.repo}\0${at.remote}`).digest('hex').slice(0, 16);
  return `${readable}-${digest}.git`;
}

function withoutPassword(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1***@');
}

/** Text for people: the secrets, passwords in addresses and authorization headers as `***`, no control characters, at most 2,000 characters. */
export function safeText(text: string, secrets: readonly string[]): string {
  let safe = withoutPassword(text).replaceAll(/(authorization:\s*\w+\s+)\S+/gi, '$1***');
  for (const secret of secrets) {
    if (secret !== '') safe = safe.replaceAll(secret, '***');
  }
  // oxlint-disable-next-line no-control-regex -- a remote may try to write to the terminal
  safe = safe.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]+/g, ' ').trim();
  return safe.length > 2000 ? `${safe.slice(0, 2000)}…` : safe;
}
