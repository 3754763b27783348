import { addDays, type CalendarDate } from '../../../domain/instant.ts';

const YEAR = 365;

/** The Pythons of the made world, by days from today: one has just ended, one gets security fixes only, one bug fixes, one is still to come. */
const MINORS = [
  {
    minor: '3.11',
    status: 'end-of-life',
    first: -5 * YEAR,
    bugfix: -3 * YEAR,
    end: -20,
    patches: [-4 * YEAR, -2 * YEAR],
  },
  { minor: '3.12', status: 'security', first: -3 * YEAR, bugfix: -90, end: 2 * YEAR, patches: [-3 * YEAR, -120, -30] },
  { minor: '3.13', status: 'bugfix', first: -YEAR, bugfix: YEAR, end: 4 * YEAR, patches: [-YEAR, -14] },
  { minor: '3.14', status: 'feature', first: 200, bugfix: 900, end: 6 * YEAR, patches: [] },
] as const;

/** What the rehearsal's train knows of CPython, as the PEPs publish it: the rules of the policy must not depend on when somebody rehearses. */
export function rehearsalPythons(today: CalendarDate): string {
  const metadata: Record<string, object> = {};
  const releases: Record<string, object> = {};
  for (const { minor, status, first, bugfix, end, patches } of MINORS) {
    metadata[minor] = {
      status,
      first_release: addDays(today, first),
      end_of_bugfix: addDays(today, bugfix),
      end_of_life: addDays(today, end),
    };
    const stageOf = (days: number, index: number) => ({
      stage: `${minor}.${index}`,
      state: 'actual',
      date: addDays(today, days),
    });
    releases[minor] = patches.map(stageOf);
  }
  return `${JSON.stringify({ metadata, releases }, null, 2)}\n`;
}
