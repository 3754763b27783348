import type { Train } from '../../domain/train/train.ts';
import { markdownTable } from '../../process/01-plan/index.ts';
import { bullets, code, fenced, enumerated, numbered, type Section } from './document.ts';
import { repoLink, reposWith } from './repos.ts';

/** Seed: "Patch Releases". */
export function patchReleases(train: Train): Section {
  const { perMinor, since, onlyLatestMinor, totalWeeks } = train.patches;
  const from = since === undefined ? 'Up to' : `Since ${since}, up to`;
  return {
    title: 'Patch Releases',
    body: [
      `A patch release mends regressions of a minor release. ${from} ${perMinor} are planned after a minor.${onlyLatestMinor ? ' Only the latest minor gets them.' : ''}${totalWeeks === undefined ? '' : ` One takes ${totalWeeks.from} to ${totalWeeks.to} weeks.`}`,
    ],
    parts: [criteria(train), { title: 'Patch Release Process', body: [], parts: processParts(train) }],
  };
}

function criteria(train: Train): Section {
  const { criteria: all, documentationAlone } = train.patches;
  const libraries = reposWith(train, 'domain');
  return {
    title: 'Patch Release Criteria',
    body: [
      ...numbered(all.map(({ question, required }) => (required ? question : `${question} (counts, is not required)`))),
      ...(libraries.length === 0
        ? []
        : [`First-party domain libraries: ${enumerated(libraries.map((repo) => repoLink(train, repo)))}.`]),
      documentationAlone ? 'Broken documentation alone is a reason.' : 'Broken documentation alone is no reason.',
    ],
  };
}

function processParts(train: Train): readonly Section[] {
  const { phases, triageLabel, goPeople } = train.patches;
  return [
    {
      title: 'Patch Release Process Description',
      body:
        phases.length === 0
          ? []
          : [
              markdownTable(
                ['Phase', 'Weeks', 'Who leads'],
                phases.map(({ title, weeks, poc }) => [title, weeks === 0 ? '' : String(weeks), poc ?? '']),
              ),
              `Whether there is a patch release is decided by ${goPeople === 1 ? 'a release manager' : `${goPeople} release managers`}, recorded with the brief it was decided on (\`go-no-go\`).`,
              fenced(['signalbox patch brief X.Y.Z', 'signalbox patch decide X.Y.Z --go -m REASON']),
            ],
    },
    {
      title: 'Triage',
      body: [
        ...numbered([
          `Candidates carry the label ${code(triageLabel)}.`,
          'Triage reviewers judge them by the criteria, with the evidence that speaks for and against.',
          `What fits gets the milestone ${code(train.milestone)} of the patch release.`,
        ]),
        fenced(['signalbox patch triage X.Y.Z', 'signalbox patch check X.Y --issue ISSUE']),
      ],
    },
    ...pickingParts(train),
    {
      title: 'Building Binaries / Promotion to Stable',
      body: ['As for a minor release: candidates, final gates, promotion.'],
    },
  ];
}

function pickingParts(train: Train): readonly Section[] {
  const { weeksAfterRegression } = train.patches;
  const inPatch = train.picks.phases.filter(({ releases }) => releases === 'patch');
  const classes = [...new Set(inPatch.flatMap((phase) => phase.classes))];
  const late = inPatch.some((phase) => phase.late === 'final');
  return [
    {
      title: 'Issue Tracker for Patch releases',
      body:
        classes.length === 0
          ? []
          : [
              ...(inPatch.some(({ evidence }) => evidence === 'high-priority-issue-or-ci-failure')
                ? [
                    `Every pick links to an issue with ${enumerated(train.picks.highPriority.map(code))}, or to a CI failure of an earlier candidate.`,
                  ]
                : []),
              'Only these are taken:',
              ...numbered(classes.map((name) => train.picks.classes[name]?.criterion ?? name)),
            ],
    },
    {
      title: 'Building a release schedule / cherry picking',
      body: [
        ...(weeksAfterRegression === undefined
          ? []
          : [
              `It comes out ${weeksAfterRegression.from} to ${weeksAfterRegression.to} weeks after the regression was found.`,
            ]),
        ...bullets([
          'Authors post their own picks and are asked for them once (`author-owed`).',
          ...(late ? ['What is not posted by the deadline is not part of the release.'] : []),
          'What goes into the patch release is in the next minor, too (`carry-forward`).',
        ]),
        fenced(['signalbox patch schedule X.Y.Z', 'signalbox patch owed X.Y.Z', 'signalbox patch carried X.Y.Z']),
      ],
    },
  ];
}
