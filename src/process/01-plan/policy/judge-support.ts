import type { CalendarDate } from '../../../domain/instant.ts';
import type { PythonReleases } from '../../../domain/python-releases.ts';
import type { Support } from '../../../domain/train/support.ts';
import type { Line } from '../../../domain/version.ts';
import type { FoundByRule, SupportFinding } from './finding.ts';
import { acceleratorFindings, systemFindings } from './matrix-rules.ts';
import { pythonFindings } from './python-rules.ts';

export interface SupportJudging {
  readonly support: Support;
  readonly line: Line;
  /** The day the line comes out, for which the rules are asked. */
  readonly day: CalendarDate;
  /** Today, for exceptions that are over. */
  readonly today: CalendarDate;
  /** Null where they could not be read: then the rules about Python find nothing, and whoever asks says so. */
  readonly python: PythonReleases | null;
}

/** Every finding of the policy in a line of the matrix, and in what it is excepted from; open ones first. */
export function judgeSupport(judging: SupportJudging): readonly SupportFinding[] {
  const { support, line, day, python } = judging;
  const facts = support.lines[line];
  if (facts === undefined) return [];
  const found = [
    ...(python === null ? [] : pythonFindings({ line, range: facts.python, releases: python, day })),
    ...acceleratorFindings(support, line, facts),
    ...systemFindings(support),
  ];
  const judged = found.map((each) => stand(judging, each));
  const subjects = new Set(found.map(({ subject }) => subject));
  const rank = { open: 0, excepted: 1, note: 2 } as const;
  return [...judged, ...exceptionFindings(judging, subjects)].toSorted(
    (left, right) => rank[left.standing] - rank[right.standing],
  );
}

function stand({ support, day, today }: SupportJudging, { isNote, ...finding }: FoundByRule): SupportFinding {
  if (isNote) return { ...finding, standing: 'note', exception: null };
  const exception = support.policy.exceptions.find(({ what }) => what === finding.subject) ?? null;
  const holds = exception !== null && exception.until >= today && exception.until >= day;
  const named =
    exception === null ? null : { owner: exception.owner, until: exception.until, reason: exception.reason };
  return { ...finding, standing: holds ? 'excepted' : 'open', exception: named };
}

/** Exceptions that are over while what they except is still there, that end before the release, or that except nothing. */
function exceptionFindings(
  { support, line, day, today, python }: SupportJudging,
  subjects: ReadonlySet<string>,
): readonly SupportFinding[] {
  return support.policy.exceptions.flatMap(({ what, owner, until, reason }): readonly SupportFinding[] => {
    const common = { rule: 'exception' as const, subject: what, change: null, exception: { owner, until, reason } };
    if (subjects.has(what)) {
      if (until < today)
        return [{ ...common, standing: 'open', text: `the exception for ${what} (${owner}) was over on ${until}` }];
      if (until < day)
        return [
          {
            ...common,
            standing: 'open',
            text: `the exception for ${what} (${owner}) is over on ${until}, before ${line} comes out on ${day}`,
          },
        ];
      return [];
    }
    // What could not be judged may be what it excepts.
    if (python === null && what.startsWith('Python ')) return [];
    return [
      {
        ...common,
        standing: 'note',
        text: `nothing in ${line} needs the exception for ${what} (${owner}, until ${until})`,
      },
    ];
  });
}
