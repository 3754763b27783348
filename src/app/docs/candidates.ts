import type { ChannelPlace } from '../../domain/train/channels.ts';
import type { Train } from '../../domain/train/train.ts';
import { markdownTable } from '../../process/01-plan/index.ts';
import { bullets, code, fenced, enumerated, numbered, type Section } from './document.ts';
import { repoCalled, repoLink, reposWith, spanText } from './repos.ts';

/** Candidates, where they lie and whether they are well. Seed: "Drafting RCs (Release Candidates) for PyTorch and domain libraries". */
export function drafting(train: Train): Section {
  const built = [...reposWith(train, 'core'), ...reposWith(train, 'domain')].filter(
    ({ entry }) => entry.binaries !== undefined,
  );
  return {
    title: `Drafting RCs (Release Candidates) for ${train.title} and domain libraries`,
    body: [
      'A candidate is an annotated tag, whose push starts the builds. A tag is made once and never moved: whoever needs another commit makes the next candidate.',
      fenced(['vX.Y.Z-rcN']),
      fenced(['signalbox rc check X.Y.Z', 'signalbox rc cut X.Y.Z', 'signalbox rc show X.Y.Z-rcN']),
      ...(built.length === 0 ? [] : ['These workflows build it (`builds-started`, `builds-green`):']),
      ...bullets(
        built.map(
          (repo) => `${repoLink(train, repo)}: ${enumerated((repo.entry.binaries?.workflows ?? []).map(code))}`,
        ),
      ),
      ...(built.length === 0 ? [] : ['One job that failed is started again by `signalbox rc retry RC --only CELL`.']),
    ],
    parts: [storage(train), health(train)],
  };
}

function storage(train: Train): Section {
  const channel = train.channels[train.candidates.channel];
  const backup = train.promotion.backup === null ? undefined : train.channels[train.promotion.backup];
  return {
    title: 'Release Candidate Storage',
    body: [
      ...(channel === undefined
        ? []
        : [`Files of a candidate are in the channel ${code(train.candidates.channel)}:`, places(channel.places)]),
      ...(backup === undefined ? [] : [`Backups are in ${code(train.promotion.backup ?? '')}:`, places(backup.places)]),
      fenced([
        'signalbox artifact matrix X.Y.Z-rcN',
        'signalbox artifact record X.Y.Z-rcN',
        'signalbox artifact backup X.Y.Z-rcN',
      ]),
    ],
  };
}

function places(all: readonly ChannelPlace[]): string {
  return markdownTable(
    ['Files', 'Where', 'Read by'],
    all.map((place) => [
      `${place.holds}${spanText(place)}`,
      place.address ?? 'set by whoever runs the train',
      place.public ? 'everybody' : 'those who have the keys',
    ]),
  );
}

function health(train: Train): Section {
  const judged = Object.entries(train.repos).flatMap(([key, entry]) =>
    entry.branchGreen === undefined
      ? []
      : [`${repoLink(train, { key, entry })}: ${enumerated(entry.branchGreen.jobs.map(code))}`],
  );
  const { docs } = train;
  const inRepo = docs === undefined ? null : repoCalled(train, docs.repo);
  return {
    title: 'Release Candidate health validation',
    body: [
      ...(judged.length === 0
        ? []
        : ['Jobs that are green on the release branch and on the candidate (`health-green`):', ...bullets(judged)]),
      ...(docs === undefined || inRepo === null
        ? []
        : [
            `The documentation build has made its entry in ${repoLink(train, inRepo)} (\`docs-built\`): ${enumerated(docs.files.map(({ path, ...span }) => `${code(path)}${spanText(span)}`))}.`,
          ]),
      'Files are complete, right inside and out, answered by the index from outside, and install together: `artifacts-complete`, `artifacts-valid`, `index-valid`, `companions-resolve`.',
    ],
  };
}

/** Which changes are taken, how they are asked for, and what of reverts. Seed: "Cherry Picking Fixes". */
export function picking(train: Train): Section {
  const { picks, tracker, texts } = train;
  const classes = Object.entries(picks.classes);
  const phases = picks.phases.filter(({ releases }) => releases === 'minor');
  return {
    title: 'Cherry Picking Fixes',
    body: [
      `Picks of a release are kept in one issue, ${code(tracker.title)}, with the label ${code(tracker.label)}; it is rewritten from what is so (\`signalbox tracker sync\`).`,
      ...(texts['cherry-picks'] === undefined ? [] : [texts['cherry-picks'].trim()]),
    ],
    parts: [
      {
        title: 'How to do Cherry Picking',
        body: [
          ...(classes.length === 0
            ? []
            : [
                fenced([
                  `@${picks.bot} cherry-pick --onto BRANCH [--fixes ISSUE] -c {${classes.map(([name]) => name).join(',')}}`,
                ]),
                markdownTable(
                  ['Class', 'Taken when', 'Issue that it fixes'],
                  classes.map(([name, { criterion, issue, issueInPatch }]) => [
                    code(name),
                    criterion,
                    issueInPatch === undefined || issueInPatch === issue
                      ? issue
                      : `${issue}; ${issueInPatch} for a patch`,
                  ]),
                ),
              ]),
          ...(phases.length === 0
            ? []
            : [
                'Which classes are taken until when:',
                markdownTable(
                  ['Phase', 'Until', 'Classes', 'Afterwards'],
                  phases.map(({ title, until, classes: taken, late }) => [
                    title,
                    until ?? '',
                    taken.length === 0 ? 'none' : taken.join(', '),
                    late === 'final' ? 'nobody lets one in' : 'a release manager may let one in, with reason',
                  ]),
                ),
              ]),
          fenced(['signalbox pick list X.Y.0', 'signalbox pick approve PR', 'signalbox pick missing X.Y.0']),
        ],
      },
      {
        title: 'Cherry Picking Reverts',
        body: [
          `A change that was picked and is reverted on the default branch is reverted on the release branch as well, and so is a change from before the cut (\`reverts-settled\`). A reland is waited for ${picks.relandGraceHours} hours.`,
          fenced(['signalbox pick reverts X.Y.0']),
        ],
      },
    ],
  };
}

/** From the last candidate to its mark. Seed: "Preparing and Creating Final Release Candidate". */
export function finalizing(train: Train): Section {
  const { final } = train;
  const signed = Object.entries(final.signOffs ?? {}).map(([name, rule]) => `${rule.title} (\`sign-off:${name}\`)`);
  return {
    title: 'Preparing and Creating Final Release Candidate',
    body: [
      'Before a candidate is marked as final:',
      ...bullets([
        'nothing in the milestone is open, and what it says is fixed is in the release branch (`milestone-resolved`, `fixes-present`)',
        'no pick and no revert waits (`picks-settled`, `reverts-settled`)',
        'builds and jobs are green, files complete and right (see the health of a candidate)',
      ]),
      fenced(['signalbox rc final X.Y.Z-rcN']),
      'Afterwards, bound to its files:',
      ...bullets([
        ...(train.validation === undefined
          ? []
          : ['the workflows that test the files are green (`binaries-validated`)']),
        ...(final.milestone === undefined
          ? []
          : ['closed items of the milestone were validated (`milestone-validated`)']),
        ...(final.issue === undefined ? [] : [`the issue ${code(final.issue.title)} is done (\`validation-issue\`)`]),
        ...Object.keys(final.performance ?? {}).map(
          (name) => `benchmarks show no regression (\`no-perf-regression:${name}\`)`,
        ),
        ...signed,
        ...(train.promotion.staging === null
          ? []
          : ['what goes to the package index is staged and passes its checks (`staged`, `staged-valid`)']),
      ]),
    ],
  };
}

/** The two steps. Seed: "Promoting RCs to Stable". */
export function promoting(train: Train): Section {
  const { promotion, channels } = train;
  const titleOf = (name: string): string => `${channels[name]?.title ?? name} (${code(name)})`;
  const stable = promotion.stable.map(titleOf);
  const steps = [
    ...(stable.length === 0
      ? []
      : [
          `${enumerated(stable)}: copied in the store, digest by digest, and read back from outside. It can be restored.`,
        ]),
    ...(promotion.pypi === null
      ? []
      : [
          `${titleOf(promotion.pypi)}: only after that. A file name can be used once; yanking is the only way back. Files may be added for ${promotion.lateFileDays} days.`,
        ]),
  ];
  return {
    title: 'Promoting RCs to Stable',
    body:
      steps.length === 0
        ? []
        : [
            'Promotion is done in this order:',
            ...numbered(steps),
            `Each step is a plan, approved by ${promotion.approvals} people besides whoever planned it. An approval counts for ${promotion.approvalHours} hours.`,
            fenced(['signalbox promote stage X.Y.Z', 'signalbox promote stable X.Y.Z', 'signalbox promote pypi X.Y.Z']),
          ],
  };
}
