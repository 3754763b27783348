import type { App } from '../../app/app.ts';
import type { PlanInput } from '../../app/planned.ts';
import { resolveRelease } from '../../app/releases.ts';
import type { ReleaseVersion } from '../../domain/version.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

/** The release that is named, or the only live one. */
export async function releaseOf(session: Session, app: App): Promise<ReleaseVersion> {
  return valueOf(await resolveRelease(app, session.argument('REL') ?? undefined));
}

/** How a command that plans asks for its plan: for which repository, and whether only to show it. */
export function planInput(session: Session): PlanInput {
  const repo = session.argument('REPO');
  return { dryRun: session.flags.has('dry-run'), ...(repo === null ? {} : { repo }) };
}
