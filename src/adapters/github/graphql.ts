import { z } from 'zod';
import { ObjectId } from '../../domain/git-names.ts';
import { Instant } from '../../domain/instant.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { ForgeError, type PullRequest } from '../../ports/forge.ts';
import type { Client } from './client.ts';
import { cannot, unexpected, type Ask } from './failure.ts';
import { placeOf } from './repo.ts';
import { Link } from './schema.ts';

/** As many as one query asks for: GitHub takes more nodes, but ends a query after ten seconds. */
const AT_ONCE = 100;

const Complaint = z.object({
  type: z.string().nullish(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).nullish(),
});
type Complaint = z.infer<typeof Complaint>;

const Envelope = z.object({ data: z.unknown(), errors: z.array(Complaint).nullish() });

const PullNode = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  headRefName: z.string(),
  headRefOid: ObjectId,
  headRepository: z.object({ nameWithOwner: z.string() }).nullable(),
  baseRefName: z.string(),
  mergeCommit: z.object({ oid: ObjectId }).nullable(),
  mergedAt: Instant.nullable(),
  updatedAt: Instant,
  author: z.object({ __typename: z.string(), login: z.string() }).nullable(),
  labels: z.object({ nodes: z.array(z.object({ name: z.string() })).nullable() }).nullable(),
  url: Link,
});
type PullNode = z.infer<typeof PullNode>;

const PullNodes = z.object({ repository: z.record(z.string(), PullNode.nullable()).nullable() });

/** The fields of a pull request, in GitHub's query language. */
const FIELDS = `number title body state isDraft headRefName headRefOid headRepository { nameWithOwner } baseRefName
  mergeCommit { oid } mergedAt updatedAt author { __typename login } labels(first: 100) { nodes { name } } url`;

const STATES = { OPEN: 'open', CLOSED: 'closed', MERGED: 'merged' } as const;

function loginOf(author: PullNode['author']): string {
  if (author === null) return 'ghost';
  // REST marks an app's login, this API does not; the product knows one spelling.
  return author.__typename === 'Bot' ? `${author.login}[bot]` : author.login;
}

function pullOfNode(node: PullNode): PullRequest {
  return {
    number: node.number,
    title: node.title,
    body: node.body,
    state: STATES[node.state],
    draft: node.isDraft,
    head: { branch: node.headRefName, commit: node.headRefOid, repo: node.headRepository?.nameWithOwner ?? null },
    base: node.baseRefName,
    mergeCommit: node.mergeCommit?.oid ?? null,
    mergedAt: node.mergedAt,
    labels: (node.labels?.nodes ?? []).map(({ name }) => name),
    author: loginOf(node.author),
    updatedAt: node.updatedAt,
    link: node.url,
  };
}

const CODES = new Map<string, ForgeError['code']>([
  ['NOT_FOUND', 'not-found'],
  ['FORBIDDEN', 'not-allowed'],
  ['INSUFFICIENT_SCOPES', 'not-allowed'],
  ['RATE_LIMITED', 'rate-limited'],
  ['UNPROCESSABLE', 'invalid'],
]);

function refusal(ask: Ask, { type, message }: Complaint): ForgeError {
  const code = CODES.get(type ?? '') ?? 'unexpected-answer';
  const said = message.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 300);
  return new ForgeError(code, `${cannot(ask)}: it says "${said}". Check the name and what the token may do.`);
}

interface Asked {
  readonly query: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly isMissing?: (complaint: Complaint) => boolean;
}

/** One query; complaints that `isMissing` takes for a missing thing are left to the caller, who finds a null there. */
async function query<Data>(client: Client, ask: Ask, asked: Asked, schema: z.ZodType<Data>): Promise<Data> {
  const { isMissing = () => false, ...body } = asked;
  const envelope = await client.call(
    ask,
    (api) => api.request({ method: 'POST', url: graphqlUrl(api.request.endpoint.DEFAULTS.baseUrl), ...body }),
    Envelope,
  );
  const wrong = (envelope.errors ?? []).find((complaint) => !isMissing(complaint));
  if (wrong !== undefined) throw refusal(ask, wrong);
  const data = schema.safeParse(envelope.data);
  if (!data.success) throw unexpected(ask, 'the GraphQL API', 'fields not as documented', data.error);
  return data.data;
}

/** A GitHub Enterprise Server has its REST API at /api/v3 and this one at /api/graphql. */
function graphqlUrl(baseUrl: string): string {
  return `${baseUrl.replace(/\/v3$/, '')}/graphql`;
}

function isMissingPull({ type, path }: Complaint): boolean {
  return type === 'NOT_FOUND' && path?.length === 2 && path[0] === 'repository';
}

/** Asks for pull requests by number, each under its own name. */
export function pullsQuery(numbers: readonly number[]): string {
  const parts = numbers.map((number) => `p${number}: pullRequest(number: ${number}) { ${FIELDS} }`).join(' ');
  return `query Pulls($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { ${parts} } }`;
}

async function some(
  client: Client,
  repo: RepoSlug,
  numbers: readonly number[],
): Promise<readonly (PullRequest | null)[]> {
  const ask = { act: `read ${numbers.length} pull requests`, repo };
  const { owner, repo: name } = placeOf(repo);
  const text = pullsQuery(numbers);
  const found = await query(
    client,
    ask,
    { query: text, variables: { owner, name }, isMissing: isMissingPull },
    PullNodes,
  );
  const { repository } = found;
  if (repository === null) throw refusal(ask, { type: 'NOT_FOUND', message: 'no such repository' });
  return numbers.map((number) => {
    const node = repository[`p${number}`] ?? null;
    return node === null ? null : pullOfNode(node);
  });
}

/** Many pull requests by number, a hundred to a query. */
export async function pullsByNumber(
  client: Client,
  repo: RepoSlug,
  numbers: readonly number[],
): Promise<readonly (PullRequest | null)[]> {
  const whole = [
    ...new Set(numbers.filter((number) => Number.isSafeInteger(number) && number > 0 && number < 2 ** 31)),
  ];
  const known = new Map<number, PullRequest | null>();
  for (let from = 0; from < whole.length; from += AT_ONCE) {
    const part = whole.slice(from, from + AT_ONCE);
    const found = await some(client, repo, part);
    part.forEach((number, index) => known.set(number, found[index] ?? null));
  }
  return numbers.map((number) => known.get(number) ?? null);
}

/** Makes a draft ready, by its node id. */
export const READY = `mutation Ready($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`;

/** REST cannot do this: a draft becomes ready for review. */
export async function markReady(
  client: Client,
  repo: RepoSlug,
  pull: { number: number; nodeId: string },
): Promise<void> {
  const ask = { act: `mark #${pull.number} as ready for review`, repo };
  await query(client, ask, { query: READY, variables: { id: pull.nodeId } }, z.unknown());
}
