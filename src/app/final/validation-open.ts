import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { planValidation, validationBody } from '../../process/07-finalize/validation-issue/index.ts';
import type { App } from '../app.ts';
import { planning, present, type Planned, type PlanInput } from '../planned.ts';
import type { AppProblem } from '../problem.ts';
import { readValidationOf } from './validation.ts';

/** Plans the validation issue of a release, with the sections of the train file. One that is there already is left as it is. */
export async function openValidation(
  app: App,
  input: PlanInput & { readonly release: ReleaseVersion },
): Promise<Result<Planned, AppProblem>> {
  const { release } = input;
  const begun = await planning(app, input);
  if (!begun.ok) return begun;
  const ready = await readyOf(app, release);
  if (!ready.ok) return ready;
  const { read, issue, place, forge } = ready.value;
  const beside = { held: [], notes: [] };
  if (issue !== null) {
    const nothing = `The validation issue of ${release} is #${issue.number}: ${issue.link}. Bring it up to date: signalbox validation sync ${release}`;
    return present(app, { kind: 'nothing-to-do', ...beside }, { input, gates: [], nothing });
  }
  const { train, digest } = app.loaded;
  const labelExists = (await forge.labels.find(place.slug, read.rule.label)) !== null;
  const plan = planValidation(
    read.view,
    { ...place, labelExists },
    { train, trainDigest: digest, author: begun.value.author },
  );
  return present(app, { kind: 'plan', plan, ...beside }, { input, gates: [], nothing: '' });
}

/** What came of bringing the issue up to date. */
export interface SyncedValidation {
  readonly number: number;
  readonly link: string;
  readonly changed: boolean;
  readonly done: number;
  readonly of: number;
}

/** Renders the validation issue afresh: boxes are ticked with the names of those who say so under it; what people wrote below its end stays. */
export async function syncValidation(app: App, release: ReleaseVersion): Promise<Result<SyncedValidation, AppProblem>> {
  const ready = await readyOf(app, release);
  if (!ready.ok) return ready;
  const { read, issue, place, forge } = ready.value;
  if (issue === null) {
    const text = `${release} has no validation issue. Open it: signalbox validation open ${release}`;
    return refuse({ kind: 'refused', code: 'no-validation-issue', text });
  }
  // Read once more, right before it is written: what people typed meanwhile is kept.
  const now = (await forge.issues.get(place.slug, issue.number)) ?? issue;
  const body = validationBody(read.view, now.body);
  const changed = body !== now.body;
  if (changed) await forge.items.edit(place.slug, issue.number, { body });
  const { standing } = read.view;
  const done = standing.filter((each) => each.done !== null).length;
  return succeed({ number: issue.number, link: issue.link, changed, done, of: standing.length });
}

async function readyOf(app: App, release: ReleaseVersion) {
  const read = await readValidationOf(app, release);
  if (read === null) {
    const text = 'The train does not say what is validated by hand: final.issue in the train file.';
    return refuse<AppProblem>({ kind: 'usage', code: 'no-rule', text });
  }
  const { place, facts } = read;
  const { forge } = app;
  if (place === null || forge === null || !facts.found.known) {
    const reason = facts.found.known ? 'there is no forge to ask' : facts.found.reason;
    const text = `The validation issue of ${release} could not be looked for: ${reason}`;
    return refuse<AppProblem>({ kind: 'no-data', code: 'validation-unread', text });
  }
  return succeed({ read, place, forge, issue: facts.found.value.issue });
}
