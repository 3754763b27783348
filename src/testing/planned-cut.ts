import type { App } from '../app/app.ts';
import { cutBranches } from '../app/cut-branches.ts';
import { waiveGate } from '../app/gates.ts';
import { addSeconds } from '../domain/instant.ts';
import type { ReleaseVersion } from '../domain/version.ts';

/** Plans the cut of a release of a train without a forge, of which nobody could say whether its milestone is resolved; gives the id of the plan. */
export async function plannedCut(app: App, release: ReleaseVersion): Promise<string> {
  const until = addSeconds(app.clock.now(), 3_600);
  await waiveGate(app, { release, gate: 'milestone-resolved', reason: 'no forge', until });
  const planned = await cutBranches(app, { release, dryRun: false });
  if (!planned.ok || planned.value.kind !== 'planned') throw new Error(`no plan: ${JSON.stringify(planned)}`);
  return planned.value.view.plan.id;
}
