/** A family of gates: all whose id is its name, or begins with it and a colon. */
export interface GateFamily {
  readonly family: string;
  /** What must be so for it to be open, in one sentence. */
  readonly asks: string;
}

/** A stage of the process with its gates, as pages, documents and lists show them. */
export interface GateStage {
  readonly name: string;
  readonly gates: readonly GateFamily[];
}

/** Every stage of a release in order, with the gates that belong to it. */
export const GATE_STAGES: readonly GateStage[] = [
  {
    name: 'Decisions',
    gates: [
      { family: 'release-abandoned', asks: 'The release was not abandoned.' },
      { family: 'train-frozen', asks: 'Nobody has frozen the train.' },
      { family: 'go-no-go', asks: 'A patch release was decided on: go, bound to the candidates it was said of.' },
    ],
  },
  {
    name: 'Prepare',
    gates: [
      { family: 'people', asks: 'Every workstream has a point of contact, or a deputy, who is there.' },
      { family: 'support-policy', asks: 'The support matrix follows the policy, or an exception with its end.' },
      { family: 'milestone-resolved', asks: 'No issue or pull request of the milestone is open.' },
      {
        family: 'fixes-present',
        asks: 'What the milestone says is fixed is in what will be released, by proof of git.',
      },
      { family: 'nightlies-green', asks: 'The nightly jobs that the train names are green on the newest nightly.' },
      { family: 'branch-source-green', asks: 'The jobs that the train names are green on the commit to be cut.' },
      { family: 'workflows-cover-matrix', asks: 'Workflow files build every wheel of the support matrix.' },
      { family: 'rc-trigger-present', asks: "The workflows that build are started by a candidate's tag." },
      { family: 'size-forecast', asks: 'What will be uploaded fits the limits of the index. It warns.' },
      { family: 'external-ready', asks: 'A package from outside has its branch, and is pinned to it, in time.' },
      { family: 'infra-guard', asks: 'Rulesets, actions, tokens and names of packages are guarded.' },
    ],
  },
  { name: 'Asks', gates: [{ family: 'ask', asks: 'What was asked of others is done, as can be seen.' }] },
  {
    name: 'Branch cut',
    gates: [
      { family: 'core-rc-staged', asks: "Core's candidate is in the test channel, so that others may be cut." },
      { family: 'release-only-landed', asks: 'The edits that only a release branch has are on it.' },
      { family: 'next-version-on-main', asks: 'The default branch carries the next version.' },
    ],
  },
  {
    name: 'Candidates',
    gates: [
      { family: 'version-file-matches', asks: 'Version files say the version that is tagged.' },
      { family: 'builds-started', asks: 'Every workflow that builds has a run of the tag, on its commit.' },
      { family: 'builds-green', asks: 'Every job of those runs is green, by run and commit.' },
      { family: 'health-green', asks: 'The named jobs are green on the release branch and the final candidate.' },
      { family: 'submodules-pinned', asks: 'Submodules are pinned to commits of their recorded branches.' },
      { family: 'triton-ready', asks: 'What is pinned of others is what they released, and the wheels require it.' },
      { family: 'artifacts-complete', asks: 'Every expected file is there once, and nothing else.' },
      { family: 'artifacts-valid', asks: 'Every wheel is right inside and out.' },
      { family: 'index-valid', asks: 'The index answers from outside with the right files and digests.' },
      { family: 'companions-resolve', asks: 'The packages of the train install together, by the real pip.' },
      { family: 'backup-made', asks: 'The candidate lies in the backup with the same digests.' },
      { family: 'docs-built', asks: 'The documentation of the release has its entry.' },
    ],
  },
  {
    name: 'Cherry-picks',
    gates: [
      { family: 'picks-settled', asks: 'Every pick that was asked for is decided and carried out.' },
      { family: 'reverts-settled', asks: 'What was reverted on the default branch is reverted or kept by decision.' },
      { family: 'author-owed', asks: 'Every fix of the milestone has its pick, or the deadline is over.' },
      { family: 'carry-forward', asks: 'Nothing in a patch release is missing from the next minor.' },
    ],
  },
  {
    name: 'Final gates',
    gates: [
      { family: 'binaries-validated', asks: 'The runs that test the files tested these files, and are green.' },
      { family: 'milestone-validated', asks: 'Closed items of the milestone were validated on the candidate.' },
      { family: 'validation-issue', asks: 'The validation issue is open and every item is done.' },
      { family: 'no-perf-regression', asks: 'Benchmarks show no regression, noise told apart.' },
      { family: 'sign-off', asks: 'Those who must sign have signed, for these files.' },
      { family: 'downstream-canaries', asks: 'Projects downstream that try the candidate have signed.' },
    ],
  },
  {
    name: 'Promotion',
    gates: [
      { family: 'staged', asks: 'What goes to the package index lies in staging.' },
      { family: 'staged-valid', asks: 'What is staged passes every check of the index, before the first upload.' },
      { family: 'stable-verified', asks: 'Stable was read back from outside, digest by digest.' },
      { family: 'released', asks: "Public indexes show every expected file with the manifest's digest." },
    ],
  },
  {
    name: 'Release day',
    gates: [
      {
        family: 'get-started-matrix',
        asks: "The get-started page's commands install the release; its change is merged.",
      },
      { family: 'tutorials', asks: 'Tutorials were submitted in time for review, and are merged.' },
      { family: 'docs-pointer', asks: 'Stable leads to the line once it is out, and the menu of versions has it.' },
    ],
  },
];

/** The part of a gate's id that names its family: `nightlies-green` of `nightlies-green:vision`. */
export function familyOfGate(id: string): string {
  return id.split(':')[0] ?? id;
}
