import { DiffView, type DiffCommit } from '../../api/views/diff.ts';
import type { App } from '../../app/app.ts';
import { differenceOf } from '../../app/artifacts/difference.ts';
import { compareCandidates } from '../../app/history.ts';
import type { AppProblem } from '../../app/problem.ts';
import { parseRelease } from '../../app/releases.ts';
import { refuse, succeed, type Result } from '../../domain/result.ts';
import { CandidateVersion, type ReleaseVersion } from '../../domain/version.ts';
import { diffDoc } from '../../web/pages/diff.ts';
import { pageOf } from '../page.ts';

type Reports = Awaited<ReturnType<typeof compareCandidates>>;
type Commit = Extract<Reports[number]['found'], { readonly known: true }>['value'];

/** What one candidate has that another lacks. */
export const diffPage = pageOf<DiffView>({
  name: 'diff',
  path: '/r/:release/diff/:range',
  summary: 'What changed from one candidate to another: commits, files, sizes, requirements',
  schema: DiffView,
  reads: [],
  budget: 60_000,
  read: async ({ app, params }) => {
    const release = parseRelease(params['release'] ?? '');
    if (!release.ok) return release;
    const range = rangeOf(release.value, params['range'] ?? '');
    if (!range.ok) return range;
    const { from, to } = range.value;
    const [reports, files] = await Promise.all([compareCandidates(app, from, to), filesOf(app, from, to)]);
    const view = viewOf(release.value, range.value, { reports, files });
    if (view.repos.length === 0 && view.unread.length === 0)
      return refuse({
        kind: 'usage',
        code: 'candidates-unknown',
        text: `No repository has the tags of both ${from} and ${to}. Which there are: signalbox rc list ${release.value}`,
      });
    const asOf = reports.reduce((oldest, { found }) => (found.at < oldest ? found.at : oldest), app.clock.now());
    return succeed({ view, asOf, stale: view.unread.length > 0 });
  },
  doc: diffDoc,
});

/** `2.8.0-rc1..2.8.0-rc2`, or short `rc1..rc2`. */
function rangeOf(
  release: ReleaseVersion,
  text: string,
): Result<{ readonly from: CandidateVersion; readonly to: CandidateVersion }, AppProblem> {
  const [first, second, third] = text.split('..').map((each) => {
    const typed = each.replace(/^v(?=\d)/u, '');
    return CandidateVersion.safeParse(/^rc\d+$/u.test(typed) ? `${release}-${typed}` : typed);
  });
  if (first?.success === true && second?.success === true && third === undefined)
    return succeed({ from: first.data, to: second.data });
  return refuse({
    kind: 'usage',
    code: 'not-a-range',
    text: `"${text.slice(0, 80)}" is no pair of candidates. Write it as ${release}-rc1..${release}-rc2, or rc1..rc2.`,
  });
}

async function filesOf(app: App, from: CandidateVersion, to: CandidateVersion): Promise<DiffView['files']> {
  const found = await differenceOf(app, from, to);
  if (!found.ok) return { known: false, reason: found.problems[0].text };
  const { files, requirements } = found.value;
  return {
    known: true,
    added: files.added.map(({ cell, size }) => ({ cell, size })),
    removed: files.removed.map(({ cell, size }) => ({ cell, size })),
    changed: files.changed.map(({ before, after }) => ({ cell: after.cell, before: before.size, after: after.size })),
    same: files.same.length,
    requirements: requirements.map(({ requirement, change, cells }) => ({ requirement, change, cells: cells.length })),
  };
}

function viewOf(
  release: ReleaseVersion,
  range: { readonly from: CandidateVersion; readonly to: CandidateVersion },
  { reports, files }: { readonly reports: Reports; readonly files: DiffView['files'] },
): DiffView {
  return {
    release,
    ...range,
    repos: reports.flatMap(({ repo, found }) =>
      found.known && found.value !== null
        ? [
            {
              repo,
              from: found.value.from,
              to: found.value.to,
              added: commitsOf(found.value, 'added'),
              removed: commitsOf(found.value, 'removed'),
            },
          ]
        : [],
    ),
    without: reports.flatMap(({ repo, found }) => (found.known && found.value === null ? [repo] : [])),
    unread: reports.flatMap(({ repo, found }) => (found.known ? [] : [{ repo, reason: found.reason }])),
    files,
  };
}

function commitsOf(found: NonNullable<Commit>, side: 'added' | 'removed'): DiffCommit[] {
  return found[side].map(({ id, pull, title, line }) => ({
    id,
    pull,
    title,
    class: line?.class ?? 'main',
    confidence: line?.confidence ?? null,
    cancelled: found.cancelled.includes(id),
  }));
}
