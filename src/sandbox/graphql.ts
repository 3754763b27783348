/* oxlint-disable no-param-reassign -- a change is made on a copy of the state, which the store keeps or drops as a whole (store.ts) */
import { z } from 'zod';

import { parseQuery, QueryError, type QueryValue, type Selection } from './graphql-text.ts';
import { ok, type Reply, take } from './http.ts';
import { followRefs } from './pull-sync.ts';
import type { Context } from './router.ts';
import { isPull, type PullIssue } from './shape-pull.ts';
import { addEvent, permissionOf, permits, type RepoState } from './state.ts';
import { nodeId, webOf } from './urls.ts';

const Asked = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

/** One answer of a field: a leaf, an object of further fields, a list, or nothing. */
type Node = string | number | boolean | null | { readonly [field: string]: Node | (() => Node) } | readonly Node[];

interface Complaint {
  readonly type: string;
  readonly path: readonly string[];
  readonly message: string;
}

type Variables = Readonly<Record<string, unknown>>;

function valueOf(given: QueryValue | undefined, variables: Variables): unknown {
  if (given === undefined) return undefined;
  if (given.kind === 'literal') return given.value;
  if (given.kind === 'variable') return variables[given.name];
  return Object.fromEntries(Object.entries(given.fields).map(([name, field]) => [name, valueOf(field, variables)]));
}

function pullNode({ store, urls }: Context, repo: RepoState, issue: PullIssue): Node {
  const { pull } = issue;
  const author = store.userByLogin(issue.user);
  const merged = pull.mergedAt !== null;
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    state: merged ? 'MERGED' : issue.state.toUpperCase(),
    isDraft: pull.draft,
    headRefName: pull.head,
    headRefOid: pull.headSha,
    headRepository: { nameWithOwner: `${repo.owner}/${repo.name}` },
    baseRefName: pull.base,
    mergeCommit: pull.mergeSha === null ? null : { oid: pull.mergeSha },
    mergedAt: pull.mergedAt,
    updatedAt: issue.updatedAt,
    author: author === undefined ? null : { __typename: 'User', login: author.login },
    labels: { nodes: issue.labels.map((name) => ({ name })) },
    url: `${webOf(urls, repo)}/pull/${issue.number}`,
  };
}

/** Takes of a node what was asked; a field that the world does not know is refused, as GitHub refuses one that is not in its schema. */
function select(node: Node, fields: readonly Selection[]): Node {
  if (node === null || typeof node !== 'object') return node;
  if (Array.isArray(node)) return node.map((each: Node) => select(each, fields));
  const known = new Map(Object.entries(node));
  const entries = fields.map(({ name, alias, fields: inner }) => {
    const found = known.get(name);
    if (found === undefined) throw new QueryError(`Field '${name}' doesn't exist`);
    return [alias, select(typeof found === 'function' ? found() : found, inner)] as const;
  });
  return Object.fromEntries(entries);
}

interface Run {
  readonly context: Context;
  readonly variables: Variables;
  readonly complaints: Complaint[];
}

function repository({ context, variables, complaints }: Run, asked: Selection): Node {
  const owner = String(valueOf(asked.args['owner'], variables));
  const name = String(valueOf(asked.args['name'], variables));
  const repo = context.store.repo(owner, name);
  if (repo === undefined || permissionOf(repo, context.user.login) === 'none') {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    complaints.push({ type: 'NOT_FOUND', path: [asked.alias], message });
    return null;
  }
  const entries = asked.fields.map((field): readonly [string, Node] => {
    if (field.name === 'nameWithOwner') return [field.alias, `${repo.owner}/${repo.name}`];
    if (field.name !== 'pullRequest') throw new QueryError(`Field '${field.name}' doesn't exist on type 'Repository'`);
    const number = valueOf(field.args['number'], variables);
    const issue = repo.issues.filter(isPull).find((each) => each.number === number);
    if (issue !== undefined) return [field.alias, select(pullNode(context, repo, issue), field.fields)];
    const message = `Could not resolve to a PullRequest with the number of ${String(number)}.`;
    complaints.push({ type: 'NOT_FOUND', path: [asked.alias, field.alias], message });
    return [field.alias, null];
  });
  return Object.fromEntries(entries);
}

const ReadyInput = z.object({ pullRequestId: z.string() });

async function markReady({ context, variables, complaints }: Run, asked: Selection): Promise<Node> {
  const { store, user, now } = context;
  const { pullRequestId: id } = take(ReadyInput, valueOf(asked.args['input'], variables), 'Mutation');
  for (const repo of store.repos()) {
    const issue = repo.issues.filter(isPull).find(({ pull }) => nodeId('PR', pull.id) === id);
    if (issue === undefined) continue;
    if (!permits(permissionOf(repo, user.login), 'write') && issue.user !== user.login) break;
    return store.change(repo, async (draft) => {
      const found = draft.issues.filter(isPull).find(({ number }) => number === issue.number) ?? issue;
      if (found.pull.draft) {
        addEvent(draft, { issue: found.number, event: 'ready_for_review', actor: user.login, at: now });
      }
      found.pull.draft = false;
      await followRefs(draft, store.gitDir(draft), { login: user.login, at: now });
      return select({ pullRequest: pullNode(context, draft, found) }, asked.fields);
    });
  }
  complaints.push({
    type: 'NOT_FOUND',
    path: [asked.alias],
    message: `Could not resolve to a node with the global id of '${id}'`,
  });
  return null;
}

/** The part of GitHub's GraphQL API that the product uses, answered field by field. */
export async function answerGraphql(context: Context): Promise<Reply> {
  const { query, variables } = take(Asked, context.body, 'Query');
  const run: Run = { context, variables: variables ?? {}, complaints: [] };
  try {
    const { kind, fields } = parseQuery(query);
    const data: Record<string, Node> = {};
    for (const field of fields) {
      if (kind === 'query' && field.name === 'repository') data[field.alias] = repository(run, field);
      else if (kind === 'mutation' && field.name === 'markPullRequestReadyForReview') {
        data[field.alias] = await markReady(run, field);
      } else throw new QueryError(`Field '${field.name}' doesn't exist on type '${kind}'`);
    }
    return ok({ data, ...(run.complaints.length === 0 ? {} : { errors: run.complaints }) });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return ok({ errors: [{ type: 'UNPROCESSABLE', path: ['query'], message: error.message }] });
  }
}
