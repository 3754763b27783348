import { invalid, paged, type Reply } from './http.ts';
import { type Context, onWorld, type Route } from './router.ts';
import { shapeIssue } from './shape-issue.ts';
import { type Issue, permissionOf, type RepoState } from './state.ts';

interface Query {
  /** What must stand in the title, the body, or where `in:` says; a phrase counts as one. */
  readonly words: readonly string[];
  readonly qualifiers: readonly (readonly [name: string, value: string])[];
}

/** Reads `"a phrase" word repo:o/n label:"two words"`. */
function parseQuery(text: string): Query {
  const tokens = text.matchAll(/(?:(?<name>[a-z]+):)?(?:"(?<phrase>[^"]*)"|(?<word>\S+))/gu);
  const parts = [...tokens].map(({ groups }) => ({
    name: groups?.['name'],
    value: groups?.['phrase'] ?? groups?.['word'] ?? '',
  }));
  return {
    words: parts.flatMap(({ name, value }) => (name === undefined ? [value.toLowerCase()] : [])),
    qualifiers: parts.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value] as const])),
  };
}

function qualifies(repo: RepoState, issue: Issue, name: string, value: string): boolean {
  switch (name) {
    case 'repo':
      return value.toLowerCase() === `${repo.owner}/${repo.name}`.toLowerCase();
    case 'org':
    case 'user':
      return value.toLowerCase() === repo.owner.toLowerCase();
    case 'is':
    case 'type':
    case 'state':
      return [issue.state, issue.pull === null ? 'issue' : 'pr', issue.pull?.mergedAt ? 'merged' : 'unmerged'].includes(
        value,
      );
    case 'label':
      return issue.labels.some((label) => label.toLowerCase() === value.toLowerCase());
    case 'milestone':
      return repo.milestones.some(({ number, title }) => number === issue.milestone && title === value);
    case 'author':
      return issue.user.toLowerCase() === value.toLowerCase();
    case 'in':
      return true;
    default:
      throw invalid('Search', 'q', 'invalid', `The sandbox does not know the qualifier "${name}:".`);
  }
}

function textOf(issue: Issue, query: Query): string {
  const places = query.qualifiers.filter(([name]) => name === 'in').flatMap(([, value]) => value.split(','));
  const where = places.length === 0 ? ['title', 'body'] : places;
  const title = where.includes('title') ? issue.title : '';
  return `${title}\n${where.includes('body') ? (issue.body ?? '') : ''}`.toLowerCase();
}

/** Finds at once what was written: the real index follows minutes later, so nothing may rest on that. */
function searchIssues({ store, urls, url, user }: Context): Reply {
  const text = url.searchParams.get('q') ?? '';
  if (text.trim() === '') throw invalid('Search', 'q', 'missing');
  const query = parseQuery(text);
  const readable = store.repos().filter((repo) => permissionOf(repo, user.login) !== 'none');
  const found = readable.flatMap((repo) =>
    repo.issues
      .filter((issue) => query.qualifiers.every(([name, value]) => qualifies(repo, issue, name, value)))
      .filter((issue) => query.words.every((word) => textOf(issue, query).includes(word)))
      .map((issue) => ({ repo, issue })),
  );
  found.sort((a, b) => b.issue.createdAt.localeCompare(a.issue.createdAt) || b.issue.number - a.issue.number);
  const shape = ({ repo, issue }: (typeof found)[number]) => ({
    ...shapeIssue({ store, urls, repo }, issue),
    score: 1,
  });
  const { body, headers = {} } = paged(url, found, shape);
  return { status: 200, body: { total_count: found.length, incomplete_results: false, items: body }, headers };
}

export const searchRoutes: readonly Route[] = [onWorld('GET', '/search/issues', searchIssues)];
