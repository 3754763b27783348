import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { RepoKey, RepoSlug } from '../../../domain/repo.ts';
import { fillText } from '../../../domain/train/naming.ts';
import type { TutorialPolicy } from '../../../domain/train/policy.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, ForgeItem, PullRequest } from '../../../ports/forge.ts';
import { NotThereError } from '../not-there.ts';

/** A tutorial of the release: its pull request. */
export interface Tutorial {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly openedAt: Instant;
  readonly state: 'open' | 'draft' | 'merged' | 'closed';
  /** Who closed it without merging it; null where it was not, or the forge does not say. */
  readonly closedBy: string | null;
  readonly link: string;
}

/** How the tutorials of a release are told apart: `label 2.8`. */
export interface Chosen {
  readonly by: 'label' | 'milestone';
  readonly name: string;
}

export interface TutorialPorts {
  readonly train: Train;
  readonly policy: TutorialPolicy;
  readonly release: ReleaseVersion;
  readonly forge: Forge | null;
  readonly now: Instant;
}

/** By what the train tells the tutorials of a release; null where it says nothing of it. */
export function chosenBy({ label, milestone }: TutorialPolicy, release: ReleaseVersion): Chosen | null {
  if (label !== undefined) return { by: 'label', name: fillText(label, { release }) };
  return milestone === undefined ? null : { by: 'milestone', name: fillText(milestone, { release }) };
}

/** Reads the pull requests with the tutorials of a release, oldest first. */
export async function readTutorials(ports: TutorialPorts, chosen: Chosen): Promise<Observed<readonly Tutorial[]>> {
  const { train, policy, forge, now } = ports;
  const slug = slugIn(train, policy.repo);
  if (slug === null)
    return unknown(`the train file gives the repository ${policy.repo} no slug on a forge`, now, 'train file');
  const source = `forge ${slug}`;
  if (forge === null)
    return unknown('no forge to ask: the train file names none, or nobody is signed in there', now, source);
  return observe(source, now, async () => {
    const items = (await itemsOf(forge, slug, chosen)).filter(({ isPullRequest }) => isPullRequest);
    if (items.length === 0) return [];
    const numbers = items.map(({ number }) => number);
    const pulls = new Map((await forge.pulls.many(slug, numbers)).map((pull) => [pull?.number, pull]));
    return inLanes(items, LANES, (item) => tutorialOf(forge, slug, { item, pull: pulls.get(item.number) ?? null }));
  });
}

/** A repository of the train, or the slug itself. */
function slugIn(train: Train, repo: string): RepoSlug | null {
  const key = RepoKey.safeParse(repo);
  const slug = RepoSlug.safeParse(repo);
  return key.success ? (train.repos[key.data]?.slug ?? null) : slug.success ? slug.data : null;
}

/** Timelines that are read at a time. */
const LANES = 4;

async function itemsOf(forge: Forge, slug: RepoSlug, { by, name }: Chosen): Promise<readonly ForgeItem[]> {
  if (by === 'label') return forge.items.labelled(slug, name, 'all');
  const milestone = await forge.milestones.find(slug, name);
  return milestone === null ? [] : forge.milestones.items(slug, milestone.number, 'all');
}

/** The list of labels knows nothing of merges, and pull requests nothing of when they were opened. */
async function tutorialOf(
  forge: Forge,
  slug: RepoSlug,
  { item, pull }: { readonly item: ForgeItem; readonly pull: PullRequest | null },
): Promise<Tutorial> {
  const { number, title, author, openedAt, link } = item;
  const common = { number, title, author, openedAt, link };
  if (pull === null) throw new NotThereError(`${slug}#${number} is listed and cannot be read`);
  if (pull.state === 'open') return { ...common, state: pull.draft ? 'draft' : 'open', closedBy: null };
  if (pull.state === 'merged') return { ...common, state: 'merged', closedBy: null };
  const events = await forge.items.timeline(slug, number);
  const closing = events.findLast(({ kind }) => kind === 'closed');
  return { ...common, state: 'closed', closedBy: closing?.by ?? null };
}
