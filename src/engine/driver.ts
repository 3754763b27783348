import type { Handle } from '../domain/plan/receipt.ts';
import type { Step } from '../domain/plan/step.ts';
import type { ArtifactFiles } from '../ports/artifact-files.ts';
import type { Forge } from '../ports/forge.ts';
import type { Git } from '../ports/git.ts';
import type { IndexPages } from '../ports/index-pages.ts';
import type { PackageFiles } from '../ports/package-files.ts';

/**
 * What the world says of a step: not there yet, there with the planned content, or there with other content. `gone` is what to say of a step that is
 * absent though it was done before, where that has another reason than that somebody took it away.
 */
export type StepState =
  | { readonly is: 'absent'; readonly gone?: string }
  | { readonly is: 'present'; readonly handle: Handle; readonly text: string }
  | { readonly is: 'other'; readonly text: string };

/**
 * What came of acting: the handle of what was made, or why the outside system said no (nothing was changed then). `after` is what acting itself saw of it
 * afterwards, where it looked: then it is not looked at once more.
 */
export type ActAnswer =
  | { readonly acted: true; readonly handle: Handle; readonly after?: StepState }
  | { readonly acted: false; readonly reason: string };

/** Carries out one kind of step. Failures of the world are thrown by the ports and pass through. */
export interface StepDriver<Kind extends Step> {
  observe(step: Kind): Promise<StepState>;
  /** Only called when the step was just observed as absent. `made` is told once nothing is changed any more and only looking at it is left. */
  act(step: Kind, made?: () => void): Promise<ActAnswer>;
  /** The step that takes back what this one made, or null where nothing does. Pure. */
  reverse(step: Kind, handle: Handle): Step | null;
}

/** The ports that steps act through. A train without a forge has none: its plans then hold no steps on a forge. The same holds for stores and indexes. */
export interface StepPorts {
  readonly git: Git;
  readonly forge: Forge | null;
  readonly pages: IndexPages | null;
  readonly files: ArtifactFiles | null;
  readonly packages: PackageFiles | null;
}
