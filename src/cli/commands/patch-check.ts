import { patchNamed } from '../../app/patch/named.ts';
import { checkCandidate, type TriageRow } from '../../app/patch/triage.ts';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderCandidate } from '../output/render-triage.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train ...');
  const app = await session.app();
  const release = valueOf(await patchNamed(app, session.argument('REL|LINE')));
  const name = candidateNamed(session);
  session.progress.doing(`Reading #${name.item} ...`);
  const row = valueOf(await checkCandidate(app, release, name));
  const asOf = app.clock.now();
  return {
    schema: 'patch-check',
    asOf,
    stale: !row.facts.fix.known || !row.facts.comments.known,
    exit: exitOf(row),
    data: { release, ...row },
    records: row.suggestion.criteria.map(({ id, answer, signs, why }) => [
      id,
      answer,
      signs.map(({ text }) => text).join('; ') || (why ?? ''),
    ]),
    lines: (room) => renderCandidate(row, release, room),
  };
}

/** The number of --issue, and the repository of --repo. */
export function candidateNamed({ flags }: Session): { readonly item: number; readonly repo?: string } {
  const typed = flags.text('issue');
  if (typed === null) throw usage('--issue is missing', 'name the issue or pull request: --issue 159001');
  const item = /^#?[1-9]\d{0,8}$/u.test(typed) ? Number(typed.replace('#', '')) : null;
  if (item === null) throw usage(`"${typed.slice(0, 40)}" is no number of an issue`, '--issue 159001');
  const repo = flags.text('repo');
  return repo === null ? { item } : { item, repo };
}

/** 3 unless it is settled: accepted or declined by people. */
function exitOf({ decision, facts }: TriageRow): ExitCode {
  if (!facts.fix.known) return exitCode('stale');
  return exitCode(decision === null ? 'blocked' : 'done');
}
