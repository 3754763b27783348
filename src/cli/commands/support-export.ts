import { releaseCompatibility } from '../../app/compatibility.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { valueOf } from '../refusal.ts';
import type { Session } from '../session.ts';
import { releaseOf } from './release-of.ts';

/** The document itself on stdout, so that it can be put into a file beside the release; with --json it is the data of the usual envelope. */
export async function run(session: Session): Promise<Answer> {
  session.progress.doing('Reading the train and the ledger ...');
  const app = await session.app();
  const release = await releaseOf(session, app);
  const compatibility = valueOf(await releaseCompatibility(app, release));
  return {
    schema: 'support-export',
    asOf: app.clock.now(),
    stale: false,
    exit: exitCode('done'),
    data: compatibility,
    records: compatibility.packages.flatMap(({ package: name, version, cells }) =>
      cells.map((cell) => [name, version, cell]),
    ),
    lines: () => [],
    document: `${JSON.stringify(compatibility, undefined, 2)}\n`,
  };
}
