import type { Handle } from '../../domain/plan/receipt.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { Forge } from '../../ports/forge.ts';
import type { IndexPages } from '../../ports/index-pages.ts';
import type { PackageFiles } from '../../ports/package-files.ts';
import type { ActAnswer, StepDriver, StepPorts, StepState } from '../driver.ts';
import { publishMetadataDriver, publishPageDriver } from './index-pages.ts';
import { openPullRequestDriver } from './open-pull-request.ts';
import { readIndexBackDriver, uploadFileDriver, yankReleaseDriver } from './package-files.ts';
import { pushCommitDriver } from './push-commit.ts';
import { pushPickDriver } from './push-pick.ts';
import { pushRefsDriver } from './push-refs.ts';
import { pushTagDriver } from './push-tag.ts';
import { closeDriver, createIssueDriver, createMilestoneDriver, ensureLabelDriver } from './tracker.ts';

/** One step with the driver of its kind, ready to be looked at, carried out, or reversed. */
export interface BoundStep {
  observe(): Promise<StepState>;
  act(): Promise<ActAnswer>;
  reverse(handle: Handle): Step | null;
}

/** A plan with steps on a forge was carried out on a train that has none. */
class NoForgeError extends Error {
  constructor(step: Step) {
    super(`step ${step.key} needs a forge, and this train has none: add \`forge\` to the train file`);
    this.name = 'NoForgeError';
  }
}

/** A plan with steps on pages of an index was carried out without the stores they lie in. */
class NoPagesError extends Error {
  constructor(step: Step) {
    super(`step ${step.key} needs the stores of the train's channels, and there are none here`);
    this.name = 'NoPagesError';
  }
}

/** A plan with steps on a package index was carried out on a train that names none. */
class NoPackagesError extends Error {
  constructor(step: Step) {
    super(`step ${step.key} needs a package index, and the train's channels name none`);
    this.name = 'NoPackagesError';
  }
}

/** The driver for the step's kind. The one place that knows every kind. */
export function bindStep(step: Step, ports: StepPorts): BoundStep {
  const forge = (): Forge => {
    if (ports.forge === null) throw new NoForgeError(step);
    return ports.forge;
  };
  const pages = (): IndexPages => {
    if (ports.pages === null) throw new NoPagesError(step);
    return ports.pages;
  };
  const packages = (): PackageFiles => {
    if (ports.packages === null) throw new NoPackagesError(step);
    return ports.packages;
  };
  switch (step.kind) {
    case 'push-refs':
      return bound(pushRefsDriver(ports.git), step);
    case 'push-commit':
      return bound(pushCommitDriver(ports.git), step);
    case 'push-pick':
      return bound(pushPickDriver(ports.git), step);
    case 'push-tag':
      return bound(pushTagDriver(ports.git), step);
    case 'open-pull-request':
      return bound(openPullRequestDriver(forge()), step);
    case 'create-milestone':
      return bound(createMilestoneDriver(forge().milestones), step);
    case 'ensure-label':
      return bound(ensureLabelDriver(forge().labels), step);
    case 'create-issue':
      return bound(createIssueDriver(forge()), step);
    case 'close':
      return bound(closeDriver(forge()), step);
    case 'publish-metadata':
      return bound(publishMetadataDriver(pages()), step);
    case 'publish-page':
      return bound(publishPageDriver(pages()), step);
    case 'upload-file':
      return bound(uploadFileDriver(packages()), step);
    case 'yank-release':
      return bound(yankReleaseDriver(packages()), step);
    case 'read-back':
      if (step.of === 'package-index') return bound(readIndexBackDriver(packages()), step);
      throw new Error(`${step.kind} of a store has no driver yet`);
    // helper B
    case 'copy-file':
    case 'reversion-file':
    case 'remove-file':
    case 'record-digest':
    // helper D
    case 'draft-release':
    case 'attach-file':
    case 'publish-release':
      throw new Error(`${step.kind} has no driver yet`);
  }
}

function bound<Kind extends Step>(driver: StepDriver<Kind>, step: Kind): BoundStep {
  return {
    observe: () => driver.observe(step),
    act: () => driver.act(step),
    reverse: (handle) => driver.reverse(step, handle),
  };
}
