import type { Role, Train } from '../../domain/train/train.ts';
import { bullets, code, fenced, enumerated, renderDocument, type Section } from './document.ts';
import { RENDERED_NOTE } from './release-document.ts';

/** Who a runbook is for: the roles of a train, and those who need none. */
type Reader = Role | 'change-author' | 'auditor';

/** A runbook: when something is to be done, and the commands. */
interface Runbook {
  readonly reader: Reader;
  readonly title: string;
  readonly does: string;
  readonly moments: readonly Moment[];
}

interface Moment {
  readonly when: string;
  readonly say: string;
  readonly commands: readonly string[];
}

const RUNBOOKS: readonly Runbook[] = [
  {
    reader: 'release-manager',
    title: 'Release manager',
    does: 'decides: cuts, waives, approves picks and plans, and answers for what is released',
    moments: [
      {
        when: 'Every day',
        say: 'What waits for you, and what blocks the next step. What the commands answer was looked at when you asked.',
        commands: ['signalbox todo X.Y.Z', 'signalbox blockers X.Y.Z', 'signalbox status X.Y.Z'],
      },
      {
        when: 'Before the cut',
        say: 'Each closed gate says who can open it. A waiver has a reason and an end.',
        commands: [
          'signalbox release create X.Y.0',
          'signalbox gate list X.Y.0',
          'signalbox support check X.Y',
          'signalbox gate waive X.Y.0 GATE -m REASON --until DAY',
        ],
      },
      {
        when: 'The cut',
        say: 'A plan is shown, and then carried out exactly. A second run finds what is there.',
        commands: [
          'signalbox branch cut X.Y.0 --dry-run',
          'signalbox branch cut X.Y.0',
          'signalbox branch changes X.Y.0',
          'signalbox tracker open X.Y.0',
          'signalbox ask list X.Y.0',
        ],
      },
      {
        when: 'Candidates and picks',
        say: 'No pick, revert or outside request is forgotten: these lists are made from git and the forge, not from memory.',
        commands: [
          'signalbox pick list X.Y.Z',
          'signalbox pick approve PR',
          'signalbox pick missing X.Y.Z',
          'signalbox pick reverts X.Y.Z',
          'signalbox rc check X.Y.Z',
          'signalbox rc cut X.Y.Z',
          'signalbox rc show X.Y.Z-rcN',
          'signalbox artifact record X.Y.Z-rcN',
        ],
      },
      {
        when: 'The final candidate',
        say: 'The mark is bound to the files. Gates after it ask about exactly these.',
        commands: [
          'signalbox artifact verify X.Y.Z-rcN',
          'signalbox rc final X.Y.Z-rcN',
          'signalbox validation open X.Y.Z',
          'signalbox milestone validate X.Y.Z',
        ],
      },
      {
        when: 'Promotion and the release day',
        say: 'Two people other than you approve what cannot be taken back. Stable comes first; the index only after stable was read back from outside.',
        commands: [
          'signalbox promote stage X.Y.Z',
          'signalbox promote stable X.Y.Z',
          'signalbox promote pypi X.Y.Z',
          'signalbox day check X.Y.Z',
          'signalbox published X.Y.Z',
        ],
      },
      {
        when: 'When something breaks half-way',
        say: 'Apply the same plan again: it finds what was done. Whoever sees damage freezes the train first.',
        commands: [
          'signalbox apply PLAN',
          'signalbox plan stop PLAN',
          'signalbox release freeze -m REASON',
          'signalbox undo PLAN',
          'signalbox artifact restore X.Y.Z-rcN',
          'signalbox promote yank X.Y.Z',
          'signalbox release abandon X.Y.Z-rcN',
        ],
      },
      {
        when: 'A patch release',
        say: 'Triage, then go or no go with the brief, then the same steps again.',
        commands: [
          'signalbox patch triage X.Y',
          'signalbox patch brief X.Y.Z',
          'signalbox patch decide X.Y.Z --go -m REASON',
          'signalbox patch owed X.Y.Z',
          'signalbox patch carried X.Y.Z',
        ],
      },
    ],
  },
  {
    reader: 'approver',
    title: 'Approver',
    does: 'approves what cannot be taken back',
    moments: [
      {
        when: 'When a plan waits for you',
        say: 'An approval is of the plan as it stands, byte for byte, and ends after some hours. It starts nothing. Whoever made the plan cannot approve it.',
        commands: [
          'signalbox plan list X.Y.Z',
          'signalbox plan show PLAN',
          'signalbox plan approve PLAN',
          'signalbox plan revoke PLAN',
        ],
      },
      {
        when: 'When something is wrong',
        say: 'You may stop a plan and freeze the train; a release manager ends the freeze.',
        commands: ['signalbox plan stop PLAN', 'signalbox release freeze -m REASON'],
      },
    ],
  },
  {
    reader: 'triage-reviewer',
    title: 'Triage reviewer',
    does: 'judges what a patch release takes',
    moments: [
      {
        when: 'After a minor release',
        say: 'Each candidate has a suggestion and the evidence for and against. What nothing speaks for stays unknown; you decide.',
        commands: [
          'signalbox patch triage X.Y',
          'signalbox patch check X.Y --issue ISSUE',
          'signalbox patch decide X.Y.Z --issue ISSUE --accept -m REASON',
        ],
      },
    ],
  },
  {
    reader: 'repo-owner',
    title: 'Library owner',
    does: 'cuts and tags their own repositories',
    moments: [
      {
        when: "Once core's first candidate is in the test channel",
        say: 'The gate core-rc-staged says when.',
        commands: [
          'signalbox branch check REPO X.Y.0',
          'signalbox branch cut REPO X.Y.0',
          'signalbox branch changes REPO X.Y.0',
        ],
      },
      {
        when: 'For each candidate',
        say: 'Your repository is tagged by itself; the candidate of the train is all of them together.',
        commands: ['signalbox rc check X.Y.Z', 'signalbox rc cut REPO X.Y.Z', 'signalbox rc show X.Y.Z-rcN'],
      },
    ],
  },
  {
    reader: 'change-author',
    title: 'Author of a change',
    does: 'gets a fix into the release; needs no role',
    moments: [
      {
        when: 'A fix on the default branch belongs into the release',
        say: 'Ask on the pull request, or here. The answer names the deadline and what is missing.',
        commands: [
          'signalbox pick request PR --onto BRANCH -c CLASS --fixes ISSUE',
          'signalbox pick show PR',
          'signalbox find PR',
        ],
      },
      {
        when: 'The pick has a conflict, or was refused',
        say: 'The pull request says which files and what to do. After your fix the pick is tried again.',
        commands: ['signalbox pick retry PR'],
      },
    ],
  },
  {
    reader: 'auditor',
    title: 'Auditor',
    does: 'checks afterwards what was done, by whom, and with which bytes; needs no role',
    moments: [
      {
        when: 'Any time',
        say: 'The ledger is a chain: an entry that was changed or taken out shows. Digests are compared with what lies in public now.',
        commands: [
          'signalbox log --verify',
          'signalbox log X.Y.Z',
          'signalbox published X.Y.Z',
          'signalbox artifact verify X.Y.Z',
          'signalbox artifact show FILE',
        ],
      },
    ],
  },
];

/** A rendered runbook and the name of its file. */
export interface RenderedRunbook {
  readonly name: string;
  readonly text: string;
}

/** A runbook for each kind of reader, with the holders of the role where the train file names them. */
export function runbooks(train: Train): readonly RenderedRunbook[] {
  return RUNBOOKS.map((runbook) => ({ name: `${runbook.reader}.md`, text: render(train, runbook) }));
}

function render(train: Train, { reader, title, does, moments }: Runbook): string {
  const holders = reader === 'change-author' || reader === 'auditor' ? [] : train.roles[reader];
  const reads: Section = {
    title: 'Who',
    body: bullets([
      `${does.charAt(0).toUpperCase()}${does.slice(1)}.`,
      ...(holders.length === 0 ? [] : [`For ${train.title}: ${enumerated(holders.map(code))}.`]),
    ]),
  };
  return renderDocument(`${train.title}: ${title}`, RENDERED_NOTE, [
    reads,
    ...moments.map(({ when, say, commands }) => ({ title: when, body: [say, fenced(commands)] })),
  ]);
}
