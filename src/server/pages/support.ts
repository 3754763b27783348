import { SupportView } from '../../api/views/support.ts';
import { changeText, checkSupport, type SupportCheck, supportOf } from '../../app/support.ts';
import { succeed } from '../../domain/result.ts';
import { supportDoc } from '../../web/pages/support.ts';
import { pageOf } from '../page.ts';

/** What each line is built for. */
export const supportPage = pageOf<SupportView>({
  name: 'support',
  path: '/support',
  summary: 'Support matrix by line: Pythons, accelerators, systems, and what is not built',
  schema: SupportView,
  reads: [],
  budget: 60_000,
  read: async ({ app }) => {
    const matrix = supportOf(app.loaded.train, null);
    if (!matrix.ok) return matrix;
    const [checks, python] = await Promise.all([checkSupport(app, null), app.pythonReleases()]);
    if (!checks.ok) return checks;
    const { head, columns, rows } = matrix.value;
    const view: SupportView = {
      policy: checks.value.map((check) => policyOf(check)),
      pythonData: { source: python.source, asOf: python.known ? python.value.asOf : null },
      head,
      columns: [...columns],
      rows: rows.map(({ line, cells, excluded }) => ({
        line,
        cells: columns.map(({ id }) => cells.find(({ column }) => column === id)?.text ?? ''),
        excluded: excluded.map((each) => ({
          what: [each.package, each.kind, each.accelerator, each.python, each.system, each.architecture]
            .filter((part) => part !== undefined)
            .join(' '),
          reason: each.reason,
        })),
      })),
    };
    return succeed({ view, asOf: app.clock.now(), stale: false });
  },
  doc: supportDoc,
});

function policyOf({ line, day, isPlanned, unknown, findings, patches }: SupportCheck): SupportView['policy'][number] {
  return {
    line,
    day,
    isPlanned,
    unknown,
    findings: findings.map(({ change, ...finding }) => ({
      ...finding,
      change: change === null ? null : changeText(change),
    })),
    patches: patches.map(({ minor, versions, endOfLife }) => ({ minor, versions: [...versions], endOfLife })),
  };
}
