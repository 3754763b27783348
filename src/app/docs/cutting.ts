import type { JobSet } from '../../domain/train/repo-entry.ts';
import type { Train } from '../../domain/train/train.ts';
import { bullets, code, fenced, enumerated, type Section } from './document.ts';
import { branchPattern, editText, repoLink, reposWith, spanText, type NamedRepo } from './repos.ts';

/** Before the cut. Seed: "Cutting a release branch preparations". */
export function preparing(train: Train): Section {
  const all = [...reposWith(train, 'infra'), ...reposWith(train, 'core'), ...reposWith(train, 'domain')];
  const nightlies = all.flatMap((repo) =>
    repo.entry.nightlies === undefined ? [] : [`${repoLink(train, repo)}: ${jobsText(repo.entry.nightlies)}`],
  );
  const covered = [
    ...new Set(
      train.support.operatingSystems.map(({ family, architectures }) => `${family} (${architectures.join(', ')})`),
    ),
  ];
  return {
    title: 'Cutting a release branch preparations',
    body: [
      ...bullets([
        `Nothing in the milestone ${code(train.milestone)} is open (gate \`milestone-resolved\`), and what it says is fixed is in the branch that will be cut (\`fixes-present\`).`,
        ...(covered.length === 0
          ? []
          : [
              `Workflow files build the whole support matrix: ${enumerated(covered)}, every Python and every accelerator of the line (\`workflows-cover-matrix\`), and the tag of a candidate starts them (\`rc-trigger-present\`).`,
            ]),
        ...(train.guard === undefined ? [] : ['The infrastructure is guarded (`infra-guard`).']),
        ...dependenciesReady(train),
      ]),
      ...(nightlies.length === 0 ? [] : ['Nightlies are green (`nightlies-green`):', ...bullets(nightlies)]),
      fenced(['signalbox gate list X.Y.0', 'signalbox blockers X.Y.0']),
    ],
  };
}

function jobsText({ ref, jobs, ignore }: JobSet): string {
  const without = ignore.length === 0 ? '' : `, without ${enumerated(ignore.map(code))}`;
  return `jobs ${enumerated(jobs.map(code))}${without} on ${code(ref)}`;
}

function dependenciesReady(train: Train): readonly string[] {
  return Object.entries(train.dependencies).flatMap(([name, { ready }]) =>
    ready === undefined
      ? []
      : [
          `${name} has its release branch and is pinned to it ${ready.days} days before the cut (\`external-ready:${name}\`).`,
        ],
  );
}

/** The cut and what comes onto the branches. Seed: "Cutting release branches". */
export function cutting(train: Train): Section {
  const core = reposWith(train, 'core');
  const infra = reposWith(train, 'infra');
  const domain = reposWith(train, 'domain');
  return {
    title: 'Cutting release branches',
    body: [
      'Every branch of a release is cut by one plan, which is shown, agreed to and carried out exactly. A second run finds what is there.',
    ],
    parts: [
      ...core.map((repo): Section => ({
        title: repo.entry.slug === undefined ? repo.key : code(repo.entry.slug),
        body: [
          `The release branch is cut from ${code(repo.entry.source)}, so that its tests are known to pass (\`branch-source-green\`).`,
          fenced(['signalbox branch cut X.Y.0 --dry-run', 'signalbox branch cut X.Y.0']),
          'The plan makes:',
          ...bullets(branchesOf(train, repo)),
        ],
      })),
      {
        title: `${train.title} ecosystem libraries`,
        body: [
          ...(infra.length === 0
            ? []
            : [`Cut at the same time as core: ${enumerated(infra.map((repo) => repoLink(train, repo)))}.`]),
          ...(domain.length === 0
            ? []
            : [
                `Cut once core's first candidate is in the channel ${code(train.candidates.channel)} (\`core-rc-staged\`): ${enumerated(domain.map((repo) => repoLink(train, repo)))}.`,
                ...bullets(domain.map((repo) => `${repoLink(train, repo)}: ${versionText(repo)}`)),
              ]),
        ],
      },
      {
        title: `Making release branch specific changes for ${train.title}`,
        body: [
          ...[...infra, ...core].flatMap((repo) => editsOf(train, repo, 'onBranch')),
          ...mainEdits(train, [...infra, ...core]),
        ],
      },
      {
        title: 'Making release branch specific changes for ecosystem libraries',
        body: [...domain.flatMap((repo) => editsOf(train, repo, 'onBranch')), ...mainEdits(train, domain)],
      },
    ],
  };
}

function branchesOf(train: Train, { entry }: NamedRepo): readonly string[] {
  const cutPoint = entry.cutPoint === undefined ? train.branches.cutPoint : entry.cutPoint;
  return [
    `${code(branchPattern(train, entry))}, the release branch`,
    ...(cutPoint === null ? [] : [`${code(cutPoint)}, which keeps the commit that was cut`]),
  ];
}

function versionText({ entry }: NamedRepo): string {
  const { follow, pair, lines } = entry.version;
  const special = Object.entries(lines).map(([train, repo]) => `${repo} for ${train}`);
  const said = special.length === 0 ? '' : `; ${enumerated(special)}`;
  if (follow === 'same') return `has the number of the train${said}${spanText(entry)}`;
  if (follow === 'count' && pair !== undefined) {
    return `counts along from ${pair.repo} for ${pair.train}${said}${spanText(entry)}`;
  }
  return `its number is listed: ${enumerated(special)}${spanText(entry)}`;
}

function editsOf(train: Train, repo: NamedRepo, where: 'onBranch' | 'onMain'): readonly string[] {
  const edits = repo.entry[where];
  if (edits.length === 0) return [];
  return [`${repoLink(train, repo)}:`, ...bullets(edits.map((edit) => editText(edit)))];
}

function mainEdits(train: Train, repos: readonly NamedRepo[]): readonly string[] {
  const edits = repos.flatMap((repo) => editsOf(train, repo, 'onMain'));
  return edits.length === 0 ? [] : ['On the default branch, in the same stroke:', ...edits];
}
