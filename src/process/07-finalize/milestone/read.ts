import { inLanes } from '../../../domain/in-lanes.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import type { RepoKey, RepoSlug } from '../../../domain/repo.ts';
import { fillText, reposOf, type RepoInRelease } from '../../../domain/train/naming.ts';
import type { MilestoneValidation } from '../../../domain/train/final.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, ForgeComment, ForgeItem } from '../../../ports/forge.ts';

/** A closed item of the milestone, with what was said under it. */
export interface ClosedItem {
  readonly item: Pick<ForgeItem, 'number' | 'title' | 'author' | 'link' | 'isPullRequest'>;
  readonly comments: readonly Pick<ForgeComment, 'author' | 'body' | 'editedAt' | 'link'>[];
}

/** The milestone of one repository. `items.value` is null where the repository has no such milestone. */
export interface RepoMilestone {
  readonly repo: RepoKey;
  readonly slug: RepoSlug | null;
  readonly isCore: boolean;
  readonly title: string;
  readonly items: Observed<readonly ClosedItem[] | null>;
}

const LANES = 6;

/** Reads the closed items of the release's milestones, and their comments. Trackers are no items: they bear our marker or the tracker's label. */
export async function readMilestones({
  train,
  release,
  rule,
  forge,
  now,
}: {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly rule: MilestoneValidation;
  readonly forge: Forge | null;
  readonly now: Instant;
}): Promise<readonly RepoMilestone[]> {
  const repos = reposOf(train, release);
  return Promise.all(
    repos.flatMap((repo) => {
      const slug = repo.entry.slug ?? null;
      const isCore = repo.entry.role === 'core';
      if (slug === null && !isCore) return [];
      const title = fillText(train.milestone, repo);
      return [
        readOne({ train, rule, forge, now }, { repo, slug, title }).then((items) => ({
          repo: repo.key,
          slug,
          isCore,
          title,
          items,
        })),
      ];
    }),
  );
}

interface Reading {
  readonly train: Train;
  readonly rule: MilestoneValidation;
  readonly forge: Forge | null;
  readonly now: Instant;
}

async function readOne(
  { train, rule, forge, now }: Reading,
  { repo, slug, title }: { readonly repo: RepoInRelease; readonly slug: RepoSlug | null; readonly title: string },
): Promise<RepoMilestone['items']> {
  if (slug === null) return unknown('the train file gives it no slug on a forge', now, repo.key);
  const source = `forge ${slug}`;
  if (forge === null)
    return unknown('no forge to ask: the train file names none, or nobody is signed in there', now, source);
  return observe(source, now, async () => {
    const milestone = await forge.milestones.find(slug, title);
    if (milestone === null) return null;
    const closed = await forge.milestones.items(slug, milestone.number, 'closed');
    const items = closed.filter((item) => (rule.pullRequests || !item.isPullRequest) && !isOurs(item, train));
    return inLanes(items, LANES, async (item) => ({
      item,
      comments: await forge.comments.list(slug, item.number),
    }));
  });
}

function isOurs({ body, labels }: ForgeItem, { tracker }: Train): boolean {
  return labels.includes(tracker.label) || /<!-- signalbox:(?:tracker|validation) /u.test(body);
}
