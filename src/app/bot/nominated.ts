import type { Delivery } from '../../domain/delivery.ts';
import type { BranchName } from '../../domain/git-names.ts';
import { reposOf } from '../../domain/train/naming.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { code, readNomination, type Nomination } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { showPick } from '../picks/decide.ts';
import { requestPick } from '../picks/request.ts';
import { trackerReleases } from '../picks/tracker.ts';
import { sayProblems } from './answer-text.ts';
import type { Asked } from './asked.ts';
import { done, refused, together, type Reply } from './reply.ts';

type Written = Extract<Delivery, { readonly event: 'comment-written' }>;

/** Whether a comment has the three blocks; where it stands is looked at afterwards. */
export function nominates({ body }: Written): boolean {
  return readNomination(body) !== null;
}

/**
 * A comment in a tracker that nominates changes in the three-block form, typed by hand: each is a request like one by command, in the name of who wrote it and by
 * the same rules. Nothing is made: people who write it have a pull request of their own. Null where the comment nominates nothing.
 */
export async function takeNomination(app: App, asked: Asked, { body }: Written): Promise<Reply | null> {
  const nomination = readNomination(body);
  if (nomination === null) return null;
  const [release] = await trackerReleases(app, asked);
  const branch = release === undefined ? null : branchOf(app, asked, release);
  if (branch === null) return null;
  const numbers = trunkNumbers(nomination, asked);
  if (numbers.length === 0) {
    return refused(
      'The comment names no pull request of main in this repository. Name it by its number or its address in the first block.',
    );
  }
  const replies: Reply[] = [];
  for (const pr of numbers) replies.push(await nominate(app, asked, { pr, branch, nomination }));
  return together(replies, '\n');
}

const MOST = 6;

/** Those of the first block that are pull requests of this very repository, each once. */
function trunkNumbers({ trunk }: Nomination, { slug }: Asked): readonly number[] {
  const own = trunk.filter((one) => one.slug === null || one.slug.toLowerCase() === slug.toLowerCase());
  return [...new Set(own.flatMap(({ number }) => number ?? []))].slice(0, MOST);
}

function branchOf(app: App, { repo }: Asked, release: ReleaseVersion): BranchName | null {
  return reposOf(app.loaded.train, release).find(({ key }) => key === repo)?.branch ?? null;
}

interface Nominated {
  readonly pr: number;
  readonly branch: BranchName;
  readonly nomination: Nomination;
}

async function nominate(app: App, asked: Asked, { pr, branch, nomination }: Nominated): Promise<Reply> {
  const fixes = /https?:\/\/[^\s)>\]]+|(?:[\w.-]+\/[\w.-]+)?#\d+/.exec(nomination.remark)?.[0] ?? null;
  const name = { repo: asked.repo, pr, onto: branch, by: asked.by };
  const request = { ...name, onto: [branch], class: nomination.class ?? '', fixes, dryRun: false, via: asked.via };
  const requested = await requestPick(app, request);
  if (!requested.ok) return sayProblems(app, asked, requested.problems);
  const outcome = requested.value[0]?.outcome;
  if (outcome !== undefined && !outcome.ok) return sayProblems(app, asked, outcome.problems);
  const shown = await showPick(app, name);
  if (!shown.ok) return sayProblems(app, asked, shown.problems);
  const { state, seen } = shown.value;
  const [release] = nomination.release.flatMap(({ number }) => number ?? []);
  const known = seen.pull === null ? '' : `, its pull request is #${seen.pull.number}`;
  const unknown = seen.pull === null && release !== undefined;
  const next = unknown
    ? ` Write ${code(`Cherry-pick of #${pr}`)} into the text of #${release}, so that it is known as this pick.`
    : '';
  return done(`#${pr} is nominated for ${code(branch)}: **${state}**${known}.${next}`);
}
