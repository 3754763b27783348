import type { PeopleView } from '../../api/views/people.ts';
import type { PeopleOfTrain } from '../../app/people.ts';
import type { ReleaseVersion } from '../../domain/version.ts';

/** Who does what, for pages. */
export function peopleView(
  { roles, workstreams, away }: PeopleOfTrain,
  { title, releases }: { readonly title: string; readonly releases: readonly ReleaseVersion[] },
): PeopleView {
  return {
    title,
    releases: [...releases],
    roles: Object.entries(roles).map(([role, logins]) => ({ role, logins: [...logins] })),
    workstreams: workstreams.map(({ workstream, title: name, poc, deputies, who, stands, until }) => ({
      workstream,
      title: name,
      poc: [...poc],
      deputies: [...deputies],
      who,
      stands,
      until,
    })),
    away: [...away],
  };
}
