import type { Train } from '../../domain/train/train.ts';
import { cadenceMarkdown, supportMarkdown, supportMatrix } from '../../process/01-plan/index.ts';
import { drafting, finalizing, picking, promoting } from './candidates.ts';
import { cutting, preparing } from './cutting.ts';
import { bullets, enumerated, numbered, renderDocument, type Section } from './document.ts';
import { asked, releaseDay, tutorials } from './release-day.ts';
import { patchReleases } from './patches.ts';
import { specialTopics, supportRules } from './support.ts';

/** How the document says that it is not to be edited. */
export const RENDERED_NOTE =
  'Rendered from the train file by `signalbox docs render`. Change the train file, not this document.';

/**
 * The release document of a train, RELEASE.md: every rule, date and table from the train file, in the order of the process. What a train does not
 * have has no section. Seed: the release document that people kept by hand, whose headings have their counterparts here.
 */
export function releaseDocument(train: Train): string {
  return renderDocument(`Releasing ${train.title}`, RENDERED_NOTE, [
    compatibility(train),
    cadence(train),
    overview(train),
    preparing(train),
    cutting(train),
    launchSync(train),
    drafting(train),
    picking(train),
    finalizing(train),
    promoting(train),
    releaseDay(train),
    asked(train),
    patchReleases(train),
    supportRules(train),
    tutorials(train),
    specialTopics(train),
  ]);
}

function compatibility({ support }: Train): Section | null {
  if (Object.keys(support.lines).length === 0) return null;
  return { title: 'Release Compatibility Matrix', body: [supportMarkdown(supportMatrix(support))] };
}

function cadence({ calendar }: Train): Section | null {
  if (Object.keys(calendar.cadence).length === 0) return null;
  const told = calendar.announcements === undefined ? '' : ` Changes are announced at ${calendar.announcements}.`;
  return {
    title: 'Release Cadence',
    body: [
      ...(calendar.note === '' && told === '' ? [] : [`${calendar.note}${told}`.trim()]),
      cadenceMarkdown(calendar),
      ...bullets(
        calendar.milestones.map(({ id, title, anchor, days, at }) => {
          const day =
            days === 0
              ? `on the day of the ${anchor}`
              : `${Math.abs(days)} days ${days < 0 ? 'before' : 'after'} the ${anchor}`;
          return `${id}: ${title}, ${day}, ${at} UTC`;
        }),
      ),
    ],
  };
}

function overview(train: Train): Section {
  return {
    title: 'General Overview',
    body: [
      'A release has these steps:',
      ...numbered([
        'preparing the cut of the release branches',
        'cutting them, and the changes that only they have',
        'candidates, and cherry-picks of fixes',
        'the final candidate',
        'its promotion, and the release day',
      ]),
    ],
    parts: [
      {
        title: 'Frequently Asked Questions',
        body: [
          `**What is a release branch cut?** The release gets a branch of its own, ${enumerated([`\`${train.branches.release}\``])}, so that development goes on while the release is made stable. New features are not added to it.`,
          '**What is a cherry-pick?** A change that is on the default branch is taken over onto the release branch: a small fix, asked for with its reason, reviewed, and followed until it is in a candidate.',
        ],
      },
    ],
  };
}

function launchSync({ workstreams, texts }: Train): Section | null {
  const titles = Object.values(workstreams).map(({ title }) => title);
  if (titles.length === 0) return null;
  return {
    title: 'Running Launch Execution team Core XFN sync',
    body: [
      ...(texts['launch-sync'] === undefined ? [] : [texts['launch-sync'].trim()]),
      'Each of these workstreams has a point of contact (`people`):',
      ...bullets(titles),
    ],
  };
}
