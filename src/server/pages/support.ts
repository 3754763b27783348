import { SupportView } from '../../api/views/support.ts';
import { supportOf } from '../../app/support.ts';
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
  read: ({ app }) => {
    const matrix = supportOf(app.loaded.train, null);
    if (!matrix.ok) return Promise.resolve(matrix);
    const { head, columns, rows } = matrix.value;
    const view: SupportView = {
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
    return Promise.resolve(succeed({ view, asOf: app.clock.now(), stale: false }));
  },
  doc: supportDoc,
});
