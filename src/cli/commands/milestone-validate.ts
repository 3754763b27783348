import type { App } from '../../app/app.ts';
import { milestoneFacts } from '../../app/final/milestone.ts';
import type { MilestoneFacts, StandingItem } from '../../app/final/milestone-words.ts';
import { noRule, validateItem, type ValidateInput } from '../../app/final/validate-item.ts';
import { repoNamed } from '../../app/planned.ts';
import type { ItemRef } from '../../domain/ledger-event.ts';
import { refuse } from '../../domain/result.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { confirm, reasonFor } from '../confirm.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { line } from '../output/line.ts';
import { paragraph } from '../output/paragraph.ts';
import { renderMilestone } from '../output/render-milestone.ts';
import { shape } from '../output/shapes.ts';
import { usage } from '../problem.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const release = await releaseOf(session, app);
  const typed = session.argument('ITEM');
  return typed === null
    ? list(session, app, release)
    : recordOne(session, app, { release, item: itemNamed(app, typed) });
}

/** Where every closed item stands: 3 while one was not validated, 9 where it is not known. */
async function list(session: Session, app: App, release: ReleaseVersion): Promise<Answer> {
  session.progress.doing(`Reading the milestone of ${release} ...`);
  const facts = await milestoneFacts(app, release);
  if (facts === null) return valueOf(refuse(noRule()));
  const unread = facts.milestones.some(({ items }) => !items.known);
  const isMissing = facts.items.some(({ standing }) => standing.is === 'older' || standing.is === 'open');
  return {
    schema: 'milestone-validation',
    asOf: app.clock.now(),
    stale: unread,
    exit: exitCode(isMissing ? 'blocked' : unread || facts.candidate === null ? 'stale' : 'done'),
    data: { release, candidate: facts.candidate, items: facts.items, unread: unreadOf(facts) },
    records: facts.items.map(recordOf),
    lines: (room) => renderMilestone(facts, room),
  };
}

function unreadOf({ milestones }: MilestoneFacts): readonly { readonly repo: string; readonly reason: string }[] {
  return milestones.flatMap(({ repo, items }) => (items.known ? [] : [{ repo, reason: items.reason }]));
}

function recordOf({ repo, number, standing, author, title }: StandingItem): readonly string[] {
  const by = 'by' in standing ? standing.by : '';
  const on = 'on' in standing ? standing.on : '';
  return [standing.is, `${repo}#${number}`, by, on, author, title];
}

async function recordOne(
  session: Session,
  app: App,
  { release, item }: { readonly release: ReleaseVersion; readonly item: ItemRef },
): Promise<Answer> {
  const does = doesOf(session);
  const name = `${item.repo}#${item.number}`;
  const note = does === 'validated' ? (session.flags.text('reason')?.trim() ?? '') : await reasonFor(session);
  await confirm(session, QUESTIONS[does](name, release));
  session.progress.doing('Writing to the ledger ...');
  const { item: after, text } = valueOf(await validateItem(app, { release, item, does, note }));
  return {
    schema: 'milestone-item',
    asOf: session.now,
    stale: false,
    exit: exitCode('done'),
    data: after,
    records: [recordOf(after)],
    lines: (room) => paragraph(line(shape('pass'), ` ${name} ${after.title}: ${text}.`), room.width, 0, 2),
  };
}

function doesOf(session: Session): ValidateInput['does'] {
  const [none, ends] = [session.flags.has('not-needed'), session.flags.has('revoke')];
  if (none && ends) throw usage('--not-needed and --revoke are two things', 'leave one of the two out');
  return none ? 'not-needed' : ends ? 'end' : 'validated';
}

const QUESTIONS: Readonly<Record<ValidateInput['does'], (name: string, release: string) => string>> = {
  validated: (name, release) => `Record that ${name} was validated on the candidate of ${release}?`,
  'not-needed': (name, release) => `Decide that ${name} of ${release} needs no validation?`,
  end: (name, release) => `Take back what was recorded of ${name} of ${release}?`,
};

const NUMBER = /^(?:([\w.-]+(?:\/[\w.-]+)?)#|#)?([1-9]\d{0,9})$/u;
const ADDRESS = /^https?:\/\/[^\s/]+\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/([1-9]\d{0,9})(?:[/?#]\S*)?$/u;

/** 157801 (of core), vision#12, owner/name#12, or an address. */
function itemNamed(app: App, typed: string): ItemRef {
  const match = ADDRESS.exec(typed.trim()) ?? NUMBER.exec(typed.trim());
  const { repos } = app.loaded.train;
  const [, name, number] = match ?? [];
  if (number === undefined)
    throw usage(`${typed.slice(0, 80)} is no issue`, 'give its number, REPO#NUMBER, owner/name#NUMBER, or its address');
  const core = Object.entries(repos).find(([, { role }]) => role === 'core')?.[0];
  const slugged = Object.entries(repos).find(([, { slug }]) => slug?.toLowerCase() === name?.toLowerCase())?.[0];
  const repo = valueOf(repoNamed(app, name === undefined ? (core ?? '') : (slugged ?? name)));
  return { repo, number: Number(number) };
}
