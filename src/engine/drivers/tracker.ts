import type { CloseStep, CreateIssueStep, CreateMilestoneStep, EnsureLabelStep } from '../../domain/plan/step.ts';
import type { Forge, ForgeLabels, ForgeMilestones } from '../../ports/forge.ts';
import type { StepDriver } from '../driver.ts';
import { observeDiscard } from './forge-releases.ts';

/** Creates a milestone; one with the same title is adopted. */
export function createMilestoneDriver(milestones: ForgeMilestones): StepDriver<CreateMilestoneStep> {
  return {
    async observe(step) {
      const found = await milestones.find(step.slug, step.title);
      if (found === null) return { is: 'absent' };
      return {
        is: 'present',
        handle: { number: String(found.number), link: found.link },
        text: `milestone ${found.title}`,
      };
    },
    async act(step) {
      const made = await milestones.create(step.slug, { title: step.title, description: step.description });
      return { acted: true, handle: { number: String(made.number), link: made.link } };
    },
    reverse(step, handle) {
      return closing(step, { what: 'milestone', number: Number(handle['number']), title: step.title });
    },
  };
}

/** Creates a label that issues need. Left where it is by undo: an unused label harms nobody, others may use it by then. */
export function ensureLabelDriver(labels: ForgeLabels): StepDriver<EnsureLabelStep> {
  return {
    async observe(step) {
      const found = await labels.find(step.slug, step.name);
      return found === null
        ? { is: 'absent' }
        : { is: 'present', handle: { name: found.name }, text: `label ${found.name}` };
    },
    async act(step) {
      await labels.create(step.slug, { name: step.name, color: step.color, description: step.description });
      return { acted: true, handle: { name: step.name } };
    },
    reverse() {
      return null;
    },
  };
}

/** Opens an issue; found again by its hidden marker, but only when somebody the train trusts wrote it (incident: a fake tracker by an outsider). */
export function createIssueDriver(forge: Forge): StepDriver<CreateIssueStep> {
  const { issues, people } = forge;
  return {
    async observe(step) {
      const found = await issues.findByMarker(step.slug, step.marker);
      if (found.length === 0) return { is: 'absent' };
      const trusted = [await people.whoami(), ...step.trusted];
      const ours = found.find((item) => trusted.includes(item.author));
      if (ours === undefined) return { is: 'absent' };
      return { is: 'present', handle: { number: String(ours.number), link: ours.link }, text: `issue #${ours.number}` };
    },
    async act(step) {
      const { title, body, labels, milestone, assignees, marker } = step;
      const marked = body.includes(`<!-- ${marker} -->`) ? body : `<!-- ${marker} -->\n${body}`;
      const made = await issues.create(step.slug, { title, body: marked, labels, milestone, assignees });
      return { acted: true, handle: { number: String(made.number), link: made.link } };
    },
    reverse(step, handle) {
      return closing(step, { what: 'issue', number: Number(handle['number']), title: step.title });
    },
  };
}

/** Closes an issue, a pull request or a milestone by its number, and deletes the draft of a release. */
export function closeDriver(forge: Forge): StepDriver<CloseStep> {
  const isOpen = async (step: CloseStep): Promise<boolean | null> => {
    if (step.what === 'milestone') return (await forge.milestones.find(step.slug, step.title))?.open ?? null;
    if (step.what === 'issue') return (await forge.issues.get(step.slug, step.number))?.open ?? null;
    const pull = await forge.pulls.get(step.slug, step.number);
    return pull === null ? null : pull.state === 'open';
  };
  const isIn = async ({ slug, number, milestone }: CloseStep): Promise<boolean> =>
    milestone !== undefined && (await forge.issues.get(slug, number))?.milestone === milestone;
  return {
    async observe(step) {
      if (step.what === 'release') return observeDiscard(forge.releases, step);
      const open = await isOpen(step);
      if (open === null) return { is: 'other', text: `${step.what} #${step.number} in ${step.slug} does not exist` };
      return open || (await isIn(step))
        ? { is: 'absent' }
        : { is: 'present', handle: { number: String(step.number) }, text: `#${step.number} closed` };
    },
    async act(step) {
      if (await isIn(step)) await forge.items.setMilestone(step.slug, step.number, null);
      if (step.what === 'milestone') await forge.milestones.close(step.slug, step.number);
      else if (step.what === 'issue') await forge.issues.close(step.slug, step.number);
      else if (step.what === 'release') await forge.releases.discard(step.slug, step.number);
      else await forge.pulls.close(step.slug, step.number);
      return { acted: true, handle: { number: String(step.number) } };
    },
    reverse() {
      return null;
    },
  };
}

type Opening = CreateMilestoneStep | CreateIssueStep;

function closing(step: Opening, what: Pick<CloseStep, 'what' | 'number' | 'title'>): CloseStep {
  const { wave, repo, slug } = step;
  return { kind: 'close', key: `undo:${step.key}`, wave, reversible: 'yes', undo: 'reopen it', repo, slug, ...what };
}
