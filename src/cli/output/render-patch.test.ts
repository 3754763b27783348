import { expect, it } from 'vitest';
import type { Brief } from '../../app/patch/brief.ts';
import type { Triage, TriageRow } from '../../app/patch/triage.ts';
import { digestOf } from '../../domain/canonical-json.ts';
import { BranchName } from '../../domain/git-names.ts';
import { CalendarDate, Instant } from '../../domain/instant.ts';
import { known, unknown } from '../../domain/observation.ts';
import { RepoKey, RepoSlug } from '../../domain/repo.ts';
import { PatchPolicy } from '../../domain/train/policy.ts';
import { ReleaseVersion } from '../../domain/version.ts';
import { suggestTriage, type OwedFacts, type TriageDecision, type TriageFacts } from '../../process/10-patch/index.ts';
import { patchTrain } from '../../testing/patch-world.ts';
import { commitId } from '../../testing/small-train.ts';
import { lineColumns, lineText, type Line } from './line.ts';
import { renderBrief } from './render-brief.ts';
import { renderOwed } from './render-owed.ts';
import { renderTriage } from './render-triage.ts';

const NOW = Instant.parse('2026-06-20T12:00:00Z');
const room = { width: 80, now: NOW, asOf: NOW };
const release = ReleaseVersion.parse('2.8.1');
const core = RepoKey.parse('core');
const day = (text: string) => CalendarDate.parse(text);

/** The text, once it was seen that it fits. */
function fits(lines: readonly Line[]): string {
  for (const each of lines) expect(lineColumns(each)).toBeLessThanOrEqual(80);
  return lines.map((each) => lineText(each).trimEnd()).join('\n');
}

const decision: TriageDecision = {
  repo: core,
  item: 159001,
  verdict: 'accepted',
  suggested: 'accept',
  by: 'tess',
  people: ['ben', 'rita'],
  reason: 'results are silently wrong for everybody who compiles',
  at: NOW,
};

function rowOf(number: number, facts: Partial<TriageFacts['item']>, decided: TriageDecision | null): TriageRow {
  const item = {
    number,
    title: 'Silent wrong result of matmul on transposed inputs when the model is compiled',
    body: 'There is no workaround that I know of',
    isPullRequest: false,
    open: true,
    author: 'alice',
    assignees: [],
    labels: ['high priority', 'regression', 'triage review'],
    milestone: null,
    openedAt: NOW,
    updatedAt: NOW,
    link: 'https://forge.example/acme/core/issues/159001',
    ...facts,
  };
  const read: TriageFacts = {
    repo: core,
    role: 'core',
    item,
    comments: known([], NOW, 'forge'),
    fix: known(
      {
        verdict: 'missing',
        commits: [{ commit: commitId('a'), title: 'Fix', pull: 159044, size: { files: ['a.py'], lines: 30 } }],
      },
      NOW,
      'git',
    ),
  };
  const suggestion = suggestTriage(read, PatchPolicy.parse(patchTrain().patches));
  return { facts: read, suggestion, decision: decided };
}

it('the inbox shows each candidate with its evidence in 80 columns, and how to decide', () => {
  const triage: Triage = {
    release,
    label: 'triage review',
    rows: [
      rowOf(159002, { title: 'Slow on my machine', labels: ['triage review'], body: '' }, null),
      rowOf(159001, {}, decision),
    ],
    elsewhere: [],
    unread: [{ repo: 'vision', reason: 'the forge said 403' }],
  };
  expect(fits(renderTriage(triage, room))).toMatchInlineSnapshot(`
    "Triage of 2.8.1  label "triage review"                  data from 12:00 UTC, now

    ? core #159002  Slow on my machine (issue of @alice; suggests: unknown)
        unknown  regression: nothing speaks for an answer
        unknown  core-functionality: nothing speaks for an answer
        unknown  no-workaround: nothing speaks for an answer
        unknown  not-documentation-alone: nothing speaks for an answer
        fix      on main as aaaaaaaaa (#159044), and the release branch lacks it
        so       nobody can tell yet: regression, core-functionality, no-workaround;
                 people decide
        decide: signalbox patch decide 2.8.1 --issue 159002 --repo core
                --accept|--reject -m WHY

    Decided
    ✓ core#159001 accepted by @tess with @ben, @rita: results are silently wrong
        for everybody who compiles

    ? vision: not known: the forge said 403
    ! 1 candidate of 2 to decide about."
  `);
});

const owed: OwedFacts = {
  release,
  owed: [
    {
      repo: core,
      slug: RepoSlug.parse('acme/core'),
      branch: BranchName.parse('release/2.8'),
      pull: 159044,
      title: 'Fix matmul on transposed inputs',
      author: 'alice',
      items: [159001],
      askedAt: null,
    },
  ],
  unread: [],
  unclear: [{ repo: 'core', item: 159007 }],
  deadline: Instant.parse('2026-06-24T17:00:00Z'),
};

it('owed picks tell whose they are, until when, and how to ask', () => {
  expect(fits(renderOwed(owed, room))).toMatchInlineSnapshot(`
    "Picks owed for 2.8.1                                    data from 12:00 UTC, now

    ✗ core #159044  Fix matmul on transposed inputs (@alice)
        for #159001; not asked yet
        fix: signalbox pick request 159044 --repo core --onto release/2.8 -c CLASS

    ? core#159007: not clear whether the branch has it: signalbox pick missing 2.8.1

    Deadline: 24 Jun 17:00 UTC, and it is final.
    ✗ 1 pick owed. Ask once: signalbox patch owed 2.8.1 --ask"
  `);
  const late = { ...owed, unclear: [], deadline: Instant.parse('2026-06-19T17:00:00Z') };
  expect(fits(renderOwed(late, room))).toContain('not included: late.');
});

const row = rowOf(159001, {}, decision);
const brief: Brief = {
  release,
  product: 'Acme',
  digest: digestOf('brief'),
  accepted: [{ decision, title: row.facts.item.title, fix: row.facts.fix }],
  counts: { declined: 2, open: 1 },
  unread: [],
  criteria: [{ id: 'no-workaround', question: 'Is there no workaround?' }],
  removals: { since: ReleaseVersion.parse('2.8.0'), removed: [] },
  risk: { fixes: 1, unknown: 0, files: 1, lines: 30, shared: [], largest: null, takenBack: [] },
  reverts: unknown('the remote is away', NOW, 'git'),
  owed: known(owed, NOW, 'git'),
  dates: {
    are: 'proposed',
    schedule: {
      day: day('2026-07-08'),
      phases: [
        { id: 'triage', from: day('2026-06-03'), to: day('2026-06-17') },
        { id: 'go-no-go', from: day('2026-06-10'), to: day('2026-06-10') },
      ],
    },
    warnings: ['perhaps: the cut of 2.9 is planned for 2026-07, while the patch is made'],
  },
  decision: { is: 'open' },
  goPeople: 2,
};

it('the brief is one page of 80 columns', () => {
  const text = fits(renderBrief(brief, room));
  expect(text.split('\n').length).toBeLessThan(60);
  expect(text).toMatchInlineSnapshot(`
    "Go or no-go: Acme 2.8.1                                 data from 12:00 UTC, now
    1 candidate accepted, 2 declined, 1 undecided

    Candidates
      * core#159001 Silent wrong result of matmul on transposed inputs when the
        model is compiled
        fixed on main, not on the release branch (#159044); @tess: results are
        silently wrong for everybody who compiles

    Criteria
      - Is there no workaround?

    Removals
      ✓ none against 2.8.0

    Risk
      - 30 lines in 1 file by 1 of 1 candidate
      ? reverts: the remote is away

    Owed
      ! 1 pick not posted: @alice

    Dates
      - 2026-06-03 to 2026-06-17: triage
      ! 2026-07-08: release (proposed, decided by nobody)
      ! perhaps: the cut of 2.9 is planned for 2026-07, while the patch is made

    Decision
      ! open; 2 release managers must say go
        signalbox patch decide 2.8.1 --go|--no-go -m WHY --with LOGIN"
  `);
});

it('the brief of hundreds of candidates stays one page, and says how many it leaves out', () => {
  const [one] = brief.accepted;
  if (one === undefined) throw new Error('no candidate');
  const text = fits(renderBrief({ ...brief, accepted: Array.from({ length: 300 }, () => one) }, room));
  expect(text.split('\n').length).toBeLessThan(100);
  expect(text).toContain('and 288 more: signalbox patch triage 2.8.1');
});
