/** An issue or pull request of a repository; `repo` is `owner/name`, null for the commit's own when that is unknown. */
export interface IssueRef {
  readonly repo: string | null;
  readonly number: number;
}

// GitHub's closing words; each reference needs its own.
const CLOSES =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:https?:\/\/[^\s/]+\/([\w-]+\/[\w.-]+)\/(?:issues|pull)\/(\d{1,8})(?!\d)|([\w-]+\/[\w.-]+)?#(\d{1,8})(?!\d))/gi;

/** The issues a commit says it closes, each with its repository: the commit's own (`slug`) for a bare number. */
export function readClosed(message: string, slug: string | null): readonly IssueRef[] {
  // The expression is dear on long texts without any such word.
  if (!/(?:clos|fix|resolv)/i.test(message)) return [];
  return [...message.matchAll(CLOSES)].map(([, urlRepo, urlNumber, repo, number]) => ({
    repo: urlRepo ?? repo ?? slug,
    number: Number(urlNumber ?? number),
  }));
}

/** Whether a commit closes this issue: the repository must be the same, in any case of letters. */
export function closesIssue(closed: readonly IssueRef[], issue: IssueRef): boolean {
  return closed.some(
    ({ repo, number }) => number === issue.number && (repo ?? '').toLowerCase() === (issue.repo ?? '').toLowerCase(),
  );
}
