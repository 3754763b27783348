import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import { many } from '../../../domain/words.ts';
import type { ValidatedFile, ValidationFacts, ValidationJob, ValidationRuns } from './facts.ts';

const ID = GateId.parse('binaries-validated');

/** How well a file was tested. `proved`: by its digest; `weaker`: by the time and the branch of the run alone. */
type Standing =
  | { readonly is: 'proved' | 'weaker'; readonly job: ValidationJob }
  | { readonly is: 'bad' | 'going' | 'void'; readonly text: string; readonly job: ValidationJob | null };

/**
 * The gate `binaries-validated`: each file of the recorded candidate was tested, green, by the workflow of the branch that the train names, and it was this very
 * file. Seed: "Promoting RCs to Stable", validation. A run of main, a green run without a job for the file, and a run on another digest prove nothing; a new
 * candidate takes away the evidence of what it touches, and of nothing else. Waivers applied.
 */
export function decideValidated(
  facts: ValidationFacts,
  { train, waivers, now }: { readonly train: Train; readonly waivers: readonly Waiver[]; readonly now: Instant },
): Gate {
  const owners = [...(train.repos[facts.validation.repo]?.owners ?? []), ...train.roles['release-manager']];
  const gate = emptyGate(ID, [...new Set(owners)]);
  return withWaiver({ ...gate, ...judged(facts) }, waivers, now);
}

function judged(facts: ValidationFacts): Partial<Gate> {
  const { release, candidate, found, unnamed, validation, ref } = facts;
  const rerun = `signalbox gate run ${release} ${ID}`;
  if (candidate === null)
    return {
      verdict: 'queued',
      summary: `no candidate of ${release} was recorded yet`,
      fix: `signalbox artifact record RC; then ${rerun}`,
    };
  const { at, source } = found;
  if (!found.known) {
    const evidence = [{ text: found.reason, source, at }];
    return { summary: `could not be read: ${found.reason}`, evidence, fix: `make it readable, then ${rerun}` };
  }
  const { files } = found.value;
  const standings = files.map((file) => ({ file, standing: standingOf(file, facts) }));
  const of = (...kinds: readonly Standing['is'][]) => standings.filter(({ standing }) => kinds.includes(standing.is));
  const evidence = evidenceOf(facts, found.value, standings).map((each) => ({ ...each, source, at }));
  const done = of('proved', 'weaker');
  const count = `${done.length} of ${many(files.length + unnamed.length, 'file')} of ${candidate} validated on ${validation.repo} ${ref}`;
  const bad = [...of('bad'), ...of('void')];
  const [first] = bad;
  const fix = `run ${validation.workflow} of ${validation.repo} on ${ref}; then ${rerun}`;
  if (first !== undefined) {
    const text = 'text' in first.standing ? first.standing.text : '';
    return {
      verdict: 'failing',
      summary: `${count}; ${bad.length} not: ${first.file.expected.key} ${text}`,
      evidence,
      fix,
    };
  }
  return { evidence, ...openly(facts, standings, { count, fix, rerun }) };
}

/** The verdict where no file failed. */
function openly(
  { unnamed, validation }: ValidationFacts,
  standings: readonly { readonly standing: Standing }[],
  { count, fix, rerun }: { readonly count: string; readonly fix: string; readonly rerun: string },
): Pick<Gate, 'verdict' | 'summary'> & Partial<Gate> {
  const [untold] = unnamed;
  if (untold !== undefined) {
    const summary = `${count}; the train names no job that tests ${untold}`;
    return { verdict: 'failing', summary, fix: `name it (artifacts.packages.*.builds.validation); then ${rerun}` };
  }
  if (standings.length === 0) return { verdict: 'failing', summary: `${count}: nothing is a passed test`, fix };
  const going = standings.filter(({ standing }) => standing.is === 'going').length;
  if (going > 0)
    return { verdict: 'running', summary: `${count}; ${going} still run`, fix: `wait for the runs; then ${rerun}` };
  const weaker = standings.filter(({ standing }) => standing.is === 'weaker').length;
  if (weaker === 0) return { verdict: 'pass', summary: `${count}, each by its digest` };
  const summary = `${count}; ${weaker} only by time and branch, since CI told no digest`;
  if (validation.digests === 'told')
    return { verdict: 'failing', summary, fix: `have the jobs tell what they test (docs/validation.md); ${fix}` };
  return { verdict: 'pass', summary };
}

function standingOf({ jobs, name, digest, since }: ValidatedFile, { candidate }: ValidationFacts): Standing {
  for (const job of jobs) {
    const { state, told, run } = job;
    if (state === 'queued' || state === 'running' || state === 'needs-action')
      return { is: 'going', text: `is ${state}`, job };
    if (state !== 'green') return { is: 'bad', text: `is ${state} in run ${run.id}`, job };
    if (told !== null && told.get(name) === digest) return { is: 'proved', job };
    if (told === null && run.startedAt >= since) return { is: 'weaker', job };
  }
  const [newest] = jobs;
  if (newest === undefined) return { is: 'void', text: 'was tested by no run', job: null };
  const { told, run } = newest;
  if (told === null)
    return { is: 'void', text: `was tested in run ${run.id}, before this file was recorded`, job: newest };
  const other = told.get(name);
  const text =
    other === undefined
      ? `was not among what run ${run.id} says it tested`
      : `was tested in run ${run.id} with other bytes, ${other.slice(0, 19)}, not those of ${candidate ?? 'the candidate'}`;
  return { is: 'void', text, job: newest };
}

const MOST_EVIDENCE = 60;

type Line = Pick<Evidence, 'text' | 'link'>;

function evidenceOf(
  { validation, ref, unnamed }: ValidationFacts,
  { runs, elsewhere }: ValidationRuns,
  standings: readonly { readonly file: ValidatedFile; readonly standing: Standing }[],
): readonly Line[] {
  const open = standings.flatMap(({ file, standing }): readonly Line[] =>
    'text' in standing ? [withLink(`${file.expected.key} ${standing.text}`, standing.job?.link ?? null)] : [],
  );
  const weaker = standings.filter(({ standing }) => standing.is === 'weaker');
  const proved = standings.filter(({ standing }) => standing.is === 'proved');
  const lines = [
    ...elsewhere
      .slice(0, 5)
      .map((run) =>
        withLink(
          `not counted: run ${run.id} was on ${run.branch ?? 'no branch'}: it ran the tests of ${run.branch ?? 'none'} against the candidate, not those of ${ref}`,
          run.link,
        ),
      ),
    ...open,
    ...unnamed.map((cell) => withLink(`${cell}: no job is named for its tests`, null)),
  ];
  return [
    ...lines.slice(0, MOST_EVIDENCE),
    ...(lines.length > MOST_EVIDENCE ? [withLink(`and ${lines.length - MOST_EVIDENCE} more`, null)] : []),
    ...(proved.length === 0
      ? []
      : [withLink(`${many(proved.length, 'file')} by the digests that the jobs told`, null)]),
    ...(weaker.length === 0
      ? []
      : [
          withLink(
            `${many(weaker.length, 'file')} by jobs that told no digest: begun on ${ref} after the file was recorded, while the channel held it`,
            null,
          ),
        ]),
    ...runs
      .slice(0, 10)
      .map((run) => withLink(`${run.name}: run ${run.id} on ${ref}, ${run.state}, of ${run.startedAt}`, run.link)),
    ...(runs.length === 0 ? [withLink(`${validation.workflow} has no run on ${ref}`, null)] : []),
  ];
}

function withLink(text: string, link: string | null): Line {
  return { text, ...(link === null ? {} : { link }) };
}
