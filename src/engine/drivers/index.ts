import type { Handle } from '../../domain/plan/receipt.ts';
import type { Step } from '../../domain/plan/step.ts';
import type { ArtifactFiles } from '../../ports/artifact-files.ts';
import type { Forge } from '../../ports/forge.ts';
import type { IndexPages } from '../../ports/index-pages.ts';
import type { PackageFiles } from '../../ports/package-files.ts';
import type { ActAnswer, StepDriver, StepPorts, StepState } from '../driver.ts';
import {
  copyFileDriver,
  readBackFilesDriver,
  recordDigestDriver,
  removeFileDriver,
  reversionFileDriver,
} from './artifact-files.ts';
import { attachFileDriver, draftReleaseDriver, publishReleaseDriver } from './forge-releases.ts';
import { publishMetadataDriver, publishPageDriver } from './index-pages.ts';
import { openPullRequestDriver } from './open-pull-request.ts';
import { readIndexBackDriver, uploadFileDriver, yankReleaseDriver } from './package-files.ts';
import { pushCommitDriver } from './push-commit.ts';
import { pushPickDriver } from './push-pick.ts';
import { pushRefsDriver } from './push-refs.ts';
import { pushTagDriver } from './push-tag.ts';
import { setMilestoneDriver } from './set-milestone.ts';
import { rerunJobsDriver } from './rerun-jobs.ts';
import { closeDriver, createIssueDriver, createMilestoneDriver, ensureLabelDriver } from './tracker.ts';
import { writeCommentDriver } from './write-comment.ts';

/** One step with the driver of its kind, ready to be looked at, carried out, or reversed. */
export interface BoundStep {
  observe(): Promise<StepState>;
  act(made?: () => void): Promise<ActAnswer>;
  reverse(handle: Handle): Step | null;
}

/** A plan was carried out on a train that lacks what its steps act through. */
class NothingToActThroughError extends Error {
  constructor(step: Step, why: string) {
    super(`step ${step.key} needs ${why}`);
    this.name = 'NothingToActThroughError';
  }
}

const NO_STORES = "the stores of the train's channels, and there are none here";

/** What a step acts through; throws when asked for what the train does not have. */
function neededBy(step: Step, ports: StepPorts) {
  const needed = <Port>(port: Port | null, why: string): Port => {
    if (port === null) throw new NothingToActThroughError(step, why);
    return port;
  };
  return {
    forge: (): Forge => needed(ports.forge, 'a forge, and this train has none: add `forge` to the train file'),
    pages: (): IndexPages => needed(ports.pages, NO_STORES),
    files: (): ArtifactFiles => needed(ports.files, NO_STORES),
    packages: (): PackageFiles => needed(ports.packages, "a package index, and the train's channels name none"),
  };
}

/** The driver for the step's kind. The one place that knows every kind. */
export function bindStep(step: Step, ports: StepPorts): BoundStep {
  const { forge, pages, files, packages } = neededBy(step, ports);
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
    case 'set-milestone':
      return bound(setMilestoneDriver(forge()), step);
    case 'write-comment':
      return bound(writeCommentDriver(forge()), step);
    case 'close':
      return bound(closeDriver(forge()), step);
    case 'publish-metadata':
      return bound(publishMetadataDriver(pages()), step);
    case 'publish-page':
      return bound(publishPageDriver(pages()), step);
    case 'copy-file':
      return bound(copyFileDriver(files()), step);
    case 'reversion-file':
      return bound(reversionFileDriver(files()), step);
    case 'remove-file':
      return bound(removeFileDriver(files()), step);
    case 'record-digest':
      return bound(recordDigestDriver(files()), step);
    case 'upload-file':
      return bound(uploadFileDriver(packages()), step);
    case 'yank-release':
      return bound(yankReleaseDriver(packages()), step);
    case 'read-back':
      return step.of === 'object-store'
        ? bound(readBackFilesDriver(files()), step)
        : bound(readIndexBackDriver(packages()), step);
    case 'draft-release':
      return bound(draftReleaseDriver(forge().releases), step);
    case 'attach-file':
      return bound(attachFileDriver(forge().releases, files()), step);
    case 'publish-release':
      return bound(publishReleaseDriver(forge().releases), step);
    case 'rerun-jobs':
      return bound(rerunJobsDriver(forge().checks), step);
  }
}

function bound<Kind extends Step>(driver: StepDriver<Kind>, step: Kind): BoundStep {
  return {
    observe: () => driver.observe(step),
    act: (made) => driver.act(step, made),
    reverse: (handle) => driver.reverse(step, handle),
  };
}
