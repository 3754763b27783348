import type { Step } from '../../domain/plan/step.ts';
import { fillText } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, patchNumber, releaseOn } from '../../domain/version.ts';
import type { AftercareFacts, CutFacts } from './read.ts';
import { trackerBody, trackerMarker } from './render.ts';

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
  const on = { repo: core.key, slug };
  const trusted = [...train.roles['release-manager'], found.login];
  const strangers = found.trackers.filter(({ author }) => !trusted.includes(author));
  const hasTracker = found.trackers.length > strangers.length;
  const steps: Step[] = [];
  if (!found.nextMilestoneExists) {
    const next = releaseOn(lineOf(core.release), patchNumber(core.release) + 1);
    const title = fillText(train.milestone, { release: next });
    const description = `What is to be in ${next}, the patch release after ${core.release}.`;
    const undo = 'close the milestone';
    steps.push({
      kind: 'create-milestone',
      key: `create-milestone:${core.key}:${title}`,
      wave: 2,
      reversible: 'yes',
      undo,
      ...on,
      title,
      description,
    });
  }
  if (!hasTracker) {
    const label = train.tracker.label;
    if (!found.labelExists) {
      const description = 'The issue in which picks for a release are asked for';
      const undo = 'none needed: an unused label harms nobody';
      steps.push({
        kind: 'ensure-label',
        key: `ensure-label:${core.key}:${label}`,
        wave: 2,
        reversible: 'partly',
        undo,
        ...on,
        name: label,
        color: '0e8a16',
        description,
      });
    }
    steps.push({
      kind: 'create-issue',
      key: `create-issue:${core.key}:tracker ${facts.release}`,
      wave: 3,
      reversible: 'yes',
      undo: 'close the issue',
      ...on,
      marker: trackerMarker(facts.release),
      trusted: [...train.roles['release-manager']],
      title: fillText(train.tracker.title, { release: facts.release }),
      body: trackerBody(facts, train),
      labels: [label],
      milestone: null,
      assignees: [],
    });
  }
  const notes = strangers.map(
    ({ number, author }) =>
      `#${number} bears the tracker's marker but was opened by ${author}, who is no release manager: it does not count`,
  );
  return { steps, notes };
}
