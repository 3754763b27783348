import { mkdir, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Address } from './address.ts';
import { CommandFailure, runGit } from './process.ts';

/** One setting of git, as `git config` names it. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/**
 * Of the user's and the machine's configuration only this is kept: how a remote is reached (proxy, certificates, ssh, credential helpers),
 * which folders of others may be read, and with which key a tag is signed. Whatever changes what git does is not: rewritten addresses,
 * hooks, line ends, signing by default, aliases.
 */
const REACH = /^(credential\.|http\.|core\.sshcommand$|ssh\.variant$)/i;
const SIGNING = /^(user\.signingkey$|gpg\.)/i;
const SAFE = /^safe\.directory$/i;
// A redirect would carry our header to another host, so it is never followed; a user's setting for one address would win over ours.
const NEVER = /^http\..*followredirects$|^http\.followredirects$/i;
// With a token, the token and nothing else is what the remote is shown.
const REPLACED_BY_TOKEN = /^credential\.|^http\.(.*\.)?(extraheader|emptyauth|cookiefile|savecookies)$/i;

const OURS: readonly Setting[] = [
  { key: 'gc.auto', value: '0' },
  { key: 'maintenance.auto', value: 'false' },
  { key: 'core.hooksPath', value: devNull },
  { key: 'core.autocrlf', value: 'false' },
  { key: 'core.quotePath', value: 'false' },
  { key: 'http.followRedirects', value: 'false' },
  // A remote that says nothing for this many seconds is not there; a server that is busy sends keep-alives every five.
  { key: 'http.lowSpeedLimit', value: '1' },
  { key: 'http.lowSpeedTime', value: '60' },
  { key: 'push.gpgSign', value: 'false' },
  { key: 'push.followTags', value: 'false' },
  { key: 'push.recurseSubmodules', value: 'no' },
  { key: 'fetch.recurseSubmodules', value: 'false' },
  { key: 'fetch.writeCommitGraph', value: 'false' },
  { key: 'advice.pushUpdateRejected', value: 'false' },
];

const KEPT_VARIABLES = new Set([
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_EXEC_PATH',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
]);

const SPECIAL_WAY = /^(?:http|all)_proxy$/i;
const SPECIAL_WAY_OF_HTTPS = /^(?:https|all)_proxy$|^SSL_CERT|^GIT_SSL/i;

/** What a run of git is for: only what it needs of the user's settings and secrets is given to it. */
export type Purpose =
  | { readonly for: 'mirror' }
  | { readonly for: 'signing' }
  | { readonly for: 'remote'; readonly address: Address; readonly token: string | null };

export interface Environments {
  /** Whether the user and the environment say nothing of how the web is reached: no proxy, no certificates, no settings for http. */
  reachesPlainly(address: string): Promise<boolean>;
  /** For a command that is not git, and not ours: what a program needs to start, and nothing that is a secret. `home` is thrown away afterwards. */
  ofCommand(home: string): Readonly<Record<string, string>>;
  of(purpose: Purpose, more?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
}

/** Makes the environments of git's runs; the user's configuration is read once, and only when a run needs something of it. */
export function environments(outer: Readonly<Record<string, string | undefined>>, mirrors: string): Environments {
  const base = baseOf(outer, mirrors);
  let users: Promise<{ readonly settings: readonly Setting[]; readonly globalFile: string }> | undefined;
  const read = async () => {
    const settings = await readSettings(outer, mirrors);
    return { settings, globalFile: await writeGlobal(settings, mirrors) };
  };
  const settingsOfUser = () => {
    // Read anew after a failure: the user may have mended the file.
    users ??= read().catch((error: unknown) => {
      users = undefined;
      throw error;
    });
    return users;
  };
  return {
    async reachesPlainly(address) {
      const special = /^https:/i.test(address) ? SPECIAL_WAY_OF_HTTPS : SPECIAL_WAY;
      if (Object.keys(base).some((name) => special.test(name) && base[name] !== '')) return false;
      return !(await settingsOfUser()).settings.some(({ key }) => /^http\./i.test(key));
    },
    ofCommand: (home) => ({
      PATH: pathOf(outer),
      HOME: home,
      TMPDIR: home,
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: devNull,
      GIT_TERMINAL_PROMPT: '0',
    }),
    async of(purpose, more = {}) {
      if (purpose.for === 'mirror') return { ...base, ...settingsAsVariables(OURS), ...more };
      const { settings, globalFile } = await settingsOfUser();
      const kept = settings.filter((setting) => isFor(purpose, setting.key));
      const all = [...kept, ...OURS, ...tokenSettings(purpose)];
      return { ...base, GIT_CONFIG_GLOBAL: globalFile, ...settingsAsVariables(all), ...more };
    },
  };
}

/** Where programs are found; a folder that is named from where one stands could be one of the foreign files. */
function pathOf(outer: Readonly<Record<string, string | undefined>>): string {
  return (outer['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .join(delimiter);
}

/** What of a token must not be shown: itself, and as the header carries it. */
export function secretsOf(token: string | null): readonly string[] {
  return token === null ? [] : [token, basic(token)];
}

function basic(token: string): string {
  return Buffer.from(`x-access-token:${token}`, 'utf8').toString('base64');
}

function tokenSettings(purpose: Purpose): readonly Setting[] {
  if (purpose.for !== 'remote' || purpose.token === null || purpose.address.tokenOrigin === null) return [];
  return [
    { key: `http.${purpose.address.tokenOrigin}/.extraHeader`, value: `Authorization: Basic ${basic(purpose.token)}` },
  ];
}

function isFor(purpose: Purpose, key: string): boolean {
  if (purpose.for === 'signing') return SIGNING.test(key);
  if (purpose.for === 'mirror' || !REACH.test(key) || NEVER.test(key)) return false;
  return purpose.token === null || !REPLACED_BY_TOKEN.test(key);
}

function baseOf(outer: Readonly<Record<string, string | undefined>>, mirrors: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) {
    // SSH_ASKPASS could open a window. A terminal is not asked either: git runs in a session without one.
    const foreign =
      (name.startsWith('GIT_') && !KEPT_VARIABLES.has(name)) || name === 'SSH_ASKPASS' || name === 'LANGUAGE';
    if (value !== undefined && !foreign) kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    // ext:: and other helpers run commands named in an address.
    GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
    GIT_CEILING_DIRECTORIES: mirrors,
  };
}

/** Settings by the environment: an argument would show a token in the list of processes. */
function settingsAsVariables(settings: readonly Setting[]): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  settings.forEach(({ key, value }, index) => {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return variables;
}

async function readSettings(
  outer: Readonly<Record<string, string | undefined>>,
  mirrors: string,
): Promise<readonly Setting[]> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) {
    if (value !== undefined && (!name.startsWith('GIT_') || name.startsWith('GIT_CONFIG'))) environment[name] = value;
  }
  await mkdir(mirrors, { recursive: true });
  const outcome = await runGit({
    args: ['config', '--list', '-z', '--includes'],
    cwd: mirrors,
    // A repository around the mirrors' folder is not asked.
    environment: { ...environment, LC_ALL: 'C', GIT_DIR: join(mirrors, 'no-repository') },
    millis: 10_000,
    maxBytes: 4 * 1024 * 1024,
  });
  if (outcome.code !== 0) throw new CommandFailure(outcome, 'your git configuration cannot be read');
  return outcome.stdout
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const end = entry.indexOf('\n');
      // A key without `=` is a switch that is on.
      return end === -1 ? { key: entry, value: 'true' } : { key: entry.slice(0, end), value: entry.slice(end + 1) };
    })
    .filter(({ key }) => REACH.test(key) || SIGNING.test(key) || SAFE.test(key));
}

/**
 * Git's other side of a remote that is a folder of this machine does not get the settings of the environment, so the list of folders that
 * the user trusts reaches it by a file. It holds nothing else.
 */
async function writeGlobal(settings: readonly Setting[], mirrors: string): Promise<string> {
  const safe = settings.filter(({ key }) => SAFE.test(key));
  if (safe.length === 0) return devNull;
  const lines = safe.map(({ value }) => `\tdirectory = ${JSON.stringify(value)}\n`);
  const file = join(mirrors, 'gitconfig');
  const fresh = `${file}.${randomUUID()}`;
  await writeFile(fresh, `[safe]\n${lines.join('')}`, { mode: 0o600 });
  await rename(fresh, file);
  return file;
}
