import { checkSupport } from '../../app/support.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { renderSupportCheck } from '../output/render-support-check.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';

/** Dates come from the train file and the data about CPython beside it: neither the network nor the database is asked. */
export async function run(session: Session): Promise<Answer> {
  const app = await session.app();
  const checks = valueOf(await checkSupport(app, session.argument('LINE')));
  const isOpen = checks.some(
    ({ findings, unknown }) => unknown !== null || findings.some(({ standing }) => standing === 'open'),
  );
  return {
    schema: 'support-check',
    asOf: null,
    stale: false,
    exit: exitCode(isOpen ? 'blocked' : 'done'),
    data: {
      lines: checks.map(({ python, ...check }) => ({
        ...check,
        pythonData: { source: python.source, asOf: python.known ? python.value.asOf : null },
      })),
    },
    records: checks.flatMap(({ line, findings, unknown }) => [
      ...findings.map(({ standing, rule, subject, text }) => [standing, line, rule, subject, text]),
      ...(unknown === null ? [] : [['unknown', line, 'python-eol', 'Python', unknown]]),
    ]),
    lines: (room) => renderSupportCheck(checks, room),
  };
}
