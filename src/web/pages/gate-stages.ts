import type { GateView } from '../../api/views/gate.ts';

/** Stages of a release in order, with the families of gates that belong to each. */
const STAGES = [
  { name: 'Decisions', families: ['release-abandoned', 'train-frozen', 'go-no-go'] },
  {
    name: 'Prepare',
    families: [
      'people',
      'support-policy',
      'milestone-resolved',
      'fixes-present',
      'nightlies-green',
      'branch-source-green',
      'workflows-cover-matrix',
      'rc-trigger-present',
      'size-forecast',
      'external-ready',
      'infra-guard',
    ],
  },
  { name: 'Asks', families: ['ask'] },
  { name: 'Branch cut', families: ['core-rc-staged', 'release-only-landed', 'next-version-on-main'] },
  {
    name: 'Candidates',
    families: [
      'version-file-matches',
      'builds-started',
      'builds-green',
      'health-green',
      'submodules-pinned',
      'artifacts-complete',
      'artifacts-valid',
      'index-valid',
      'companions-resolve',
      'backup-made',
      'docs-built',
    ],
  },
  { name: 'Cherry-picks', families: ['picks-settled', 'reverts-settled', 'author-owed', 'carry-forward'] },
  {
    name: 'Final gates',
    families: [
      'binaries-validated',
      'milestone-validated',
      'validation-issue',
      'no-perf-regression',
      'sign-off',
      'downstream-canaries',
    ],
  },
  { name: 'Promotion', families: ['staged', 'staged-valid', 'stable-verified', 'released'] },
  { name: 'Release day', families: ['get-started-matrix'] },
] as const;
const REST = 'Other';

/** `nightlies-green:vision` belongs to `Prepare`. */
export function stageOf(id: string): string {
  const family = id.split(':')[0] ?? id;
  return STAGES.find(({ families }) => families.some((name) => name === family))?.name ?? REST;
}

/** Gates by stage, in the order of the process; stages without gates are left out. */
export function byStage(
  gates: readonly GateView[],
): readonly { readonly name: string; readonly gates: readonly GateView[] }[] {
  return [...STAGES.map(({ name }) => name), REST]
    .map((name) => ({ name, gates: gates.filter(({ id }) => stageOf(id) === name) }))
    .filter((group) => group.gates.length > 0);
}
