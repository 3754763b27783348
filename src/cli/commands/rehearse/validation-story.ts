import { z } from 'zod';
import { approveAndMergePull, proposeChange, runWorkflow } from '../../../sandbox/index.ts';
import type { Theatre } from './theatre.ts';
import { LINE, RELEASE } from './train-file.ts';

const INFRA = { owner: 'pytorch', name: 'test-infra' };
const WORKFLOW = 'validate-binaries.yml';

/** The final candidate is tested as users get it: first by the wrong branch, then by the right one; and its documentation is there. */
export async function playValidation(theatre: Theatre, candidate: string): Promise<void> {
  const { types, tell, sandbox } = theatre;
  const files = await recordedFiles(theatre, candidate);
  const says = (job: string) => {
    const file = files.get(job);
    if (file === undefined) return null;
    return { title: 'signalbox-validated', message: JSON.stringify({ files: [file] }) };
  };
  const workflow = { ...INFRA, by: 'ines-infra', workflow: WORKFLOW, says };
  const jobs = await runWorkflow(sandbox, { ...workflow, ref: 'main' });
  tell(
    `ines-infra starts the tests of what lies in the test channel: ${jobs} jobs, all green, and on the wrong branch:`,
  );
  await types('ada-rm', ['gate', 'run', RELEASE, 'binaries-validated'], 3);
  await runWorkflow(sandbox, { ...workflow, ref: `release/${LINE}` });
  tell(`Once more, on release/${LINE}; each job tells the digest of the wheel that it tested:`);
  await types('ada-rm', ['gate', 'run', RELEASE, 'binaries-validated']);
  await types('ada-rm', ['gate', 'run', RELEASE, 'docs-built'], 3);
  const page = { [`docs/${LINE}/index.html`]: `<title>PyTorch ${RELEASE}</title>\n` };
  const text = { title: `Documentation of ${RELEASE}`, body: 'Built from the release branch.' };
  const number = await proposeChange(sandbox, {
    ...INFRA,
    ...text,
    by: 'ines-infra',
    branch: `docs-${LINE}`,
    files: page,
  });
  await approveAndMergePull(sandbox, { ...INFRA, number, by: 'bruno-rm' });
  tell('ines-infra has the documentation built, and bruno-rm merges it:');
  await types('ada-rm', ['gate', 'run', RELEASE, 'docs-built']);
}

const Matrix = z.object({
  data: z.object({
    cells: z.array(
      z.object({
        expected: z.object({ validation: z.string().nullable() }),
        key: z.string().nullable(),
        digest: z.string().nullable(),
      }),
    ),
  }),
});

/** What each job of the tests finds in the channel, by the name of the job. */
async function recordedFiles(
  { asks }: Theatre,
  candidate: string,
): Promise<ReadonlyMap<string, { readonly file: string; readonly sha256: string }>> {
  const said = await asks('ada-rm', ['artifact', 'matrix', candidate, '--json']);
  const { cells } = Matrix.parse(JSON.parse(said)).data;
  return new Map(
    cells.flatMap(({ expected, key, digest }) => {
      const job = expected.validation?.split(' / ')[1];
      return job === undefined || key === null || digest === null
        ? []
        : [[job, { file: key.slice(key.lastIndexOf('/') + 1), sha256: digest.replace('sha256:', '') }] as const];
    }),
  );
}
