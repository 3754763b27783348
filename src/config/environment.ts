import { z } from 'zod';
import { refuseOr, type Result } from '../domain/result.ts';
import {
  checked,
  present,
  secretIn,
  secretOf,
  type EnvironmentProblem,
  type ReadSecretFile,
  type Reading,
  type Secret,
  type Variables,
} from './environment-reading.ts';
import { indexTokensIn, indexUploadsIn, jobIdentityIn, type JobIdentity } from './environment-indexes.ts';
import { noticeChannelsIn, type NoticeChannels } from './environment-notices.ts';
import { partnerSecretsIn } from './environment-partners.ts';
import { oauthIn, type OAuthClient } from './environment-sign-in.ts';
import { storeAddressesIn, storeKeysIn, type StoreKeys } from './environment-stores.ts';

/** What the environment says. Nothing else in the product reads secrets from it. */
export interface Environment {
  readonly githubToken: Secret | null;
  /** The GitHub App as which the bot acts, instead of a token. */
  readonly githubApp: { readonly id: string; readonly privateKey: Secret; readonly installation: number | null } | null;
  /** The team's PostgreSQL; null for the embedded one. Secret, since it may hold a password. */
  readonly databaseUrl: Secret | null;
  /** What the forge signs its webhooks with; null where the bot does not run. */
  readonly webhookSecret: Secret | null;
  /** As which app of the forge people are signed in; null where they are not. */
  readonly oauth: OAuthClient | null;
  /** By what people are told. */
  readonly notices: NoticeChannels;
  /** Keys of S3 servers, by the name that the train file gives them; '' for those of every server without such a name. */
  readonly storeKeys: ReadonlyMap<string, StoreKeys>;
  /** Where the objects of a channel lie whose place the train file leaves out, by the channel's name. */
  readonly storeAddresses: ReadonlyMap<string, string>;
  /** With what files are uploaded to the package index of a channel, by the channel's name. */
  readonly indexTokens: ReadonlyMap<string, Secret>;
  /** Where they are uploaded to, where the train file leaves it out, by the channel's name. */
  readonly indexUploads: ReadonlyMap<string, string>;
  /** The identity of the job of CI that runs this; null outside of one. */
  readonly jobIdentity: JobIdentity | null;
  /** The Python whose pip is asked what installs together; null for the one in the path. */
  readonly python: string | null;
  /** By what a server of ours knows who runs commands on it. */
  readonly serverToken: Secret | null;
  /** What messages to partners are signed with, by the partner's name, the newest first. */
  readonly partnerSecrets: ReadonlyMap<string, readonly Secret[]>;
  /** Who acts, where no forge says it. */
  readonly user: string | null;
}

export function explainEnvironmentProblem(problem: EnvironmentProblem): string {
  return `${problem.variable}: ${problem.text}`;
}

const DatabaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
const User = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
// A word that a program would take for an option is none.
const Program = z
  .string()
  .regex(/^[A-Za-z0-9_./\\:~ -]{1,1000}$/)
  .refine((text) => !text.startsWith('-'));
// Anything else in a token is a line of a wrong file, or an attempt to write a second header.
const AppNumber = z.string().regex(/^[1-9]\d{0,14}$/);
const Pem = z.string().regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{1,20000}-----END [A-Z ]*PRIVATE KEY-----$/);
const Token = z.string().regex(/^[\x21-\x7e]{1,500}$/);

/**
 * Reads SIGNALBOX_GITHUB_TOKEN, SIGNALBOX_GITHUB_APP_KEY, SIGNALBOX_WEBHOOK_SECRET, SIGNALBOX_OAUTH_SECRET, SIGNALBOX_TOKEN, DATABASE_URL (each also as NAME_FILE, the path of a file that
 * holds it), SIGNALBOX_GITHUB_APP_ID, SIGNALBOX_GITHUB_APP_INSTALLATION, SIGNALBOX_OAUTH_ID, the keys and addresses of stores and indexes, the channels of notices, SIGNALBOX_PYTHON and SIGNALBOX_USER.
 * A problem never shows the value.
 */
export async function readEnvironment(
  variables: Variables,
  readFile: ReadSecretFile,
): Promise<Result<Environment, EnvironmentProblem>> {
  const problems: EnvironmentProblem[] = [];
  const reading: Reading = { variables, readFile, problems };
  const token = checked(reading, 'SIGNALBOX_GITHUB_TOKEN', await secretIn(reading, 'SIGNALBOX_GITHUB_TOKEN'), {
    schema: Token,
    text: 'holds something that is no token: it must be one line of letters, digits and signs',
  });
  const app = await appIn(reading, token !== null);
  const webhook = checked(reading, 'SIGNALBOX_WEBHOOK_SECRET', await secretIn(reading, 'SIGNALBOX_WEBHOOK_SECRET'), {
    schema: Token,
    text: 'holds something that is no secret: it must be one line of letters, digits and signs',
  });
  const url = checked(reading, 'DATABASE_URL', await secretIn(reading, 'DATABASE_URL'), {
    schema: DatabaseUrl,
    text: 'is not an address of PostgreSQL: write postgresql://user@host:5432/database',
  });
  const serverToken = checked(reading, 'SIGNALBOX_TOKEN', await secretIn(reading, 'SIGNALBOX_TOKEN'), {
    schema: Token,
    text: 'holds something that is no token: it must be one line of letters, digits and signs',
  });
  const user = checked(reading, 'SIGNALBOX_USER', present(variables['SIGNALBOX_USER']), {
    schema: User,
    text: 'is not a login: letters, digits, dot, dash, underscore',
  });
  const python = checked(reading, 'SIGNALBOX_PYTHON', present(variables['SIGNALBOX_PYTHON']), {
    schema: Program,
    text: 'is no program: write python3, or the path of a Python that has pip',
  });
  const oauth = await oauthIn(reading);
  const notices = await noticeChannelsIn(reading);
  const storeKeys = await storeKeysIn(reading);
  const storeAddresses = storeAddressesIn(reading);
  const indexTokens = await indexTokensIn(reading);
  const indexUploads = indexUploadsIn(reading);
  const jobIdentity = jobIdentityIn(reading);
  const partnerSecrets = await partnerSecretsIn(reading);
  return refuseOr(problems, () => ({
    githubToken: token === null ? null : secretOf(token),
    githubApp: app,
    databaseUrl: url === null ? null : secretOf(url),
    webhookSecret: webhook === null ? null : secretOf(webhook),
    oauth,
    notices,
    storeKeys,
    storeAddresses,
    indexTokens,
    indexUploads,
    jobIdentity,
    partnerSecrets,
    python,
    serverToken: serverToken === null ? null : secretOf(serverToken),
    user,
  }));
}

/** All of an app, or nothing of it: half of one acts as nobody. */
async function appIn(reading: Reading, hasToken: boolean): Promise<Environment['githubApp']> {
  const { variables, problems } = reading;
  const number = 'is no number of GitHub: digits only, as the page of the app shows it';
  const idText = present(variables['SIGNALBOX_GITHUB_APP_ID']);
  const id = checked(reading, 'SIGNALBOX_GITHUB_APP_ID', idText, { schema: AppNumber, text: number });
  const keyText = await secretIn(reading, 'SIGNALBOX_GITHUB_APP_KEY');
  const key = checked(reading, 'SIGNALBOX_GITHUB_APP_KEY', keyText, {
    schema: Pem,
    text: 'is no private key: give the PEM file as GitHub made it, best by SIGNALBOX_GITHUB_APP_KEY_FILE',
  });
  const installationText = present(variables['SIGNALBOX_GITHUB_APP_INSTALLATION']);
  const installation = checked(reading, 'SIGNALBOX_GITHUB_APP_INSTALLATION', installationText, {
    schema: AppNumber,
    text: number,
  });
  if (idText === null && keyText === null) return null;
  if (idText === null || keyText === null) {
    const [set, missing] =
      idText === null
        ? ['SIGNALBOX_GITHUB_APP_KEY', 'SIGNALBOX_GITHUB_APP_ID']
        : ['SIGNALBOX_GITHUB_APP_ID', 'SIGNALBOX_GITHUB_APP_KEY'];
    problems.push({ variable: missing, text: `is not set, and ${set} is; an app needs both` });
    return null;
  }
  if (hasToken) {
    const text = 'is set, and SIGNALBOX_GITHUB_TOKEN too; unset one of them, so that it is clear who acts';
    problems.push({ variable: 'SIGNALBOX_GITHUB_APP_ID', text });
  }
  // What is no number or no key was told above.
  if (id === null || key === null) return null;
  return { id, privateKey: secretOf(key), installation: installation === null ? null : Number(installation) };
}
