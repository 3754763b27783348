import type { Step } from '../../domain/plan/step.ts';
import type { RepoSlug } from '../../domain/repo.ts';
import { fillText, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, patchNumber, releaseOn } from '../../domain/version.ts';
import type { AftercareFacts, CutFacts } from './read.ts';
import { trackerBody } from './render.ts';
import { trackerMarker } from './tracker-marker.ts';

interface Aftercare {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

/** What core's repository needs on the forge once the branches stand: the milestone of the next patch, the label, the tracker issue. */
export function aftercareSteps(facts: CutFacts, train: Train): Aftercare {
  const { aftercare } = facts;
  if (aftercare === null) return { steps: [], notes: [] };
  if (!aftercare.known) {
    return {
      steps: [],
      notes: [`milestone, label and tracker are not planned: ${aftercare.source}: ${aftercare.reason}`],
    };
  }
  return planned(facts, train, aftercare.value);
}

function planned(facts: CutFacts, train: Train, found: AftercareFacts): Aftercare {
  const core = facts.repos.find(({ repo }) => repo.entry.role === 'core')?.repo;
  const slug = core?.entry.slug;
  if (core === undefined || slug === undefined) return { steps: [], notes: [] };
  const trusted = [...train.roles['release-manager'], found.login];
  const strangers = found.trackers.filter(({ author }) => !trusted.includes(author));
  const hasTracker = found.trackers.length > strangers.length;
  const steps = [
    ...(found.nextMilestoneExists ? [] : [milestoneStep(core, slug, train)]),
    ...(hasTracker || found.labelExists ? [] : [labelStep(core, slug, train)]),
    ...(hasTracker ? [] : [trackerStep(facts, core, slug, train)]),
  ];
  const notes = strangers.map(
    ({ number, author }) =>
      `#${number} bears the tracker's marker but was opened by ${author}, who is no release manager: it does not count`,
  );
  return { steps, notes };
}

function milestoneStep(core: RepoInRelease, slug: RepoSlug, train: Train): Step {
  const next = releaseOn(lineOf(core.release), patchNumber(core.release) + 1);
  const title = fillText(train.milestone, { release: next });
  return {
    kind: 'create-milestone',
    key: `create-milestone:${core.key}:${title}`,
    wave: 2,
    reversible: 'yes',
    undo: 'close the milestone',
    repo: core.key,
    slug,
    title,
    description: `What is to be in ${next}, the patch release after ${core.release}.`,
  };
}

function labelStep(core: RepoInRelease, slug: RepoSlug, train: Train): Step {
  const name = train.tracker.label;
  return {
    kind: 'ensure-label',
    key: `ensure-label:${core.key}:${name}`,
    wave: 2,
    reversible: 'partly',
    undo: 'none needed: an unused label harms nobody',
    repo: core.key,
    slug,
    name,
    color: '0e8a16',
    description: 'The issue in which picks for a release are asked for',
  };
}

function trackerStep(facts: CutFacts, core: RepoInRelease, slug: RepoSlug, train: Train): Step {
  return {
    kind: 'create-issue',
    key: `create-issue:${core.key}:tracker ${facts.release}`,
    wave: 3,
    reversible: 'yes',
    undo: 'close the issue',
    repo: core.key,
    slug,
    marker: trackerMarker(facts.release),
    trusted: [...train.roles['release-manager']],
    title: fillText(train.tracker.title, { release: facts.release }),
    body: trackerBody(facts, train),
    labels: [train.tracker.label],
    milestone: null,
    assignees: [],
  };
}
