import type { Gate, Waiver } from '../../domain/gate.ts';
import type { Instant } from '../../domain/instant.ts';
import { observe, unknown } from '../../domain/observation.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { ValidationIssue } from '../../domain/train/final.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import {
  decideValidation,
  readValidation,
  standingValidations,
  validationBody,
  type ValidationFacts,
  type ValidationView,
} from '../../process/07-finalize/validation-issue/index.ts';
import type { App } from '../app.ts';
import { entriesOf } from '../record.ts';
import { withTeams } from '../teams.ts';
import { knowledgeOf } from './knowledge.ts';
import { finalSubject } from './subject.ts';

/** What is known of the validation issue, and what its body would have to say. */
export interface ValidationRead {
  readonly rule: ValidationIssue;
  readonly place: { readonly repo: RepoInRelease; readonly slug: RepoSlug } | null;
  readonly facts: ValidationFacts;
  readonly view: ValidationView;
}

/** The gate `validation-issue`; none where the train does not say what is validated by hand. */
export async function judgeValidation(
  app: App,
  release: ReleaseVersion,
  { waivers, now }: { readonly waivers: readonly Waiver[]; readonly now: Instant },
): Promise<readonly Gate[]> {
  const read = await readValidationOf(app, release);
  return read === null ? [] : [decideValidation(read.facts, { train: app.loaded.train, waivers, now })];
}

/** Reads the validation issue of a release and where its items stand; null where the train has none. */
export async function readValidationOf(app: App, release: ReleaseVersion): Promise<ValidationRead | null> {
  const { train } = (await withTeams(app)).loaded;
  const rule = train.final.issue;
  if (rule === undefined) return null;
  const entries = await entriesOf(app, release);
  const subject = finalSubject(entries, release);
  const repo = reposOf(train, release).find(({ entry }) => entry.role === 'core');
  const slug = repo?.entry.slug;
  const place = repo === undefined || slug === undefined ? null : { repo, slug };
  const found = await foundAt(app, place, [...train.roles['release-manager']], release);
  const comments = found.known ? found.value.comments : [];
  const standing =
    subject === null ? [] : standingValidations(rule, comments, { train, now: knowledgeOf(entries, subject) });
  const candidate = subject?.candidate ?? null;
  const view = { release, candidate, rule, standing };
  const body = found.known ? (found.value.issue?.body ?? null) : null;
  const isCurrent = body !== null && validationBody(view, body) === body;
  return { rule, place, view, facts: { release, candidate, found, standing, isCurrent } };
}

async function foundAt(
  app: App,
  place: ValidationRead['place'],
  managers: readonly string[],
  release: ReleaseVersion,
): Promise<ValidationFacts['found']> {
  const now = app.clock.now();
  const { forge } = app;
  if (place === null) return unknown('the train names no core repository on a forge', now, 'train file');
  const source = `forge ${place.slug}`;
  if (forge === null)
    return unknown('no forge to ask: the train file names none, or nobody is signed in there', now, source);
  return observe(source, now, async () => {
    const trusted = [await forge.people.whoami(), ...managers];
    return readValidation(forge, place.slug, { release, trusted });
  });
}
