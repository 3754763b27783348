/** Made-up pages, as dense as real ones: the six main ones, every kind of block, hostile texts, and large ones. Nothing in them is true. */
import { addSeconds, Instant } from '../../domain/instant.ts';
import {
  STATES,
  type Action,
  type Block,
  type Doc,
  type GridCell,
  type Row,
  type State,
  type TimelineSpan,
} from '../../web/doc.ts';

export const NOW = Instant.parse('2025-07-12T14:02:00Z');

const DAY = 86_400;
/** So many days from now. */
function day(days: number): Instant {
  return addSeconds(NOW, days * DAY);
}

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u202egnp.exe\u202c',
  '\u001b[31mred\u0007',
  "' autofocus onfocus=alert(1) x='",
  'a\u200bb\ufeffc',
  '&lt;already&gt;',
  'שלום עולם',
];

const BAD_LINKS = [
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '//evil.example/path',
  '/\\evil.example',
  '/\t/evil.example',
  'https://user:secret@evil.example/',
  'http://plain.example/',
  'vbscript:x',
];

function action(id: string, label: string, more: Partial<Action> = {}): Action {
  return {
    id,
    label,
    href: `/do/${encodeURIComponent(id)}`,
    fields: [],
    command: `signalbox ${id} 2.8.0`,
    undo: 'full',
    barred: null,
    ...more,
  };
}

const WAIVE: Partial<Action> = {
  command: 'signalbox gate waive 2.8.0 docs-build -m REASON --until UNTIL',
  tells: 'The gate counts as passed until the day named; it is shown as waived everywhere.',
  fields: [
    { name: 'reason', label: 'Reason', kind: 'long-text', required: true, max: 500, hint: 'Shown to everyone.' },
    { name: 'until', label: 'Until', kind: 'date', required: true, value: '2025-07-18' },
  ],
};

function gateRow(key: string, state: State, says: string, more: Partial<Row> = {}): Row {
  return {
    key,
    href: `/r/2.8.0/gates/${encodeURIComponent(key)}`,
    cells: [
      key,
      { kind: 'state', state },
      says,
      state === 'needs-you' ? { kind: 'person', login: 'malfet' } : { kind: 'person', login: 'atalman' },
      { kind: 'time', at: addSeconds(NOW, -Math.round(says.length * 700)), form: 'ago' },
    ],
    ...more,
  };
}

const GATE_COLUMNS = [
  { key: 'gate', name: 'Gate' },
  { key: 'state', name: 'State' },
  { key: 'evidence', name: 'Evidence' },
  { key: 'owner', name: 'Owner' },
  { key: 'checked', name: 'Checked', align: 'right' },
] as const;

function opened(key: string): Partial<Row> {
  return {
    details: [
      {
        kind: 'facts',
        rows: [
          { name: 'First failed', value: { kind: 'time', at: day(-3), form: 'minute' } },
          { name: 'Rule', value: { kind: 'code', text: 'docs/2.8 exists' } },
          { name: 'Evidence', value: { kind: 'link', href: 'https://example.org/run/9812', text: 'run 9812' } },
        ],
      },
    ],
    actions: [
      action(`rerun-${key}`, 'Run gate again'),
      action(`waive-${key}`, 'Waive gate', WAIVE),
      action(`sign-${key}`, 'Sign gate', { barred: 'Needs role docs-poc; ask @sekyon' }),
    ],
  };
}

const RELEASE_GATES: Extract<Block, { readonly kind: 'table' }> = {
  kind: 'table',
  id: 'gates',
  caption: 'Gates of 2.8.0, before rc3',
  columns: GATE_COLUMNS,
  empty: 'No gates are set for this release. Add them to train.yaml.',
  groups: [
    {
      name: 'Health',
      rows: [
        gateRow('ci-green torch', 'pass', '412 of 412 jobs'),
        gateRow('ci-green vision', 'running', '37 of 40 jobs, 3 running'),
        gateRow('docs-build', 'failing', 'no entry for 2.8 in pytorch/docs', opened('docs-build')),
        gateRow('nightly-queue', 'queued', 'waits for a runner, linux.aws.a100'),
      ],
    },
    {
      name: 'Content',
      rows: [
        gateRow('milestone-open', 'pass', '0 open'),
        gateRow('milestone-in', 'failing', '2 of 61 not in the branch', opened('milestone-in')),
        gateRow('picks-reviewed', 'needs-you', '2 picks wait for a release manager', opened('picks-reviewed')),
        gateRow('reverts', 'pass', '0 missing'),
      ],
    },
    {
      name: 'Binaries',
      rows: [
        gateRow('validate', 'pass', 'run 9812, 148 of 148'),
        gateRow('pypi-size', 'no-data', 'last report 3 d ago, older than its budget of 1 d'),
        gateRow('perf-bench', 'waived', 'infra outage, @atalman, until 18 Jul', opened('perf-bench')),
        gateRow('conda', 'skipped', 'no conda packages since 2.6'),
        gateRow('pypi 2.7.1', 'permanent', '24 files, 28 Apr'),
      ],
    },
  ],
};

const PHASES: Block = {
  kind: 'phases',
  steps: [
    { name: 'Prepare', state: 'pass', text: '20 Jun', current: false },
    { name: 'Branch cut', state: 'pass', text: '24 Jun', current: false },
    { name: 'Candidates', state: 'running', text: 'rc3 14 Jul', current: true },
    { name: 'Final', state: 'queued', text: '21 Jul, was 14 Jul', current: false },
    { name: 'Promote', state: 'queued', text: '28 Jul', current: false },
    { name: 'Release day', state: 'queued', text: '30 Jul', current: false },
  ],
};

export function train(): Doc {
  return {
    title: '(2) 2.8.0 rc3 blocked, train',
    heading: '2.8.0',
    lead: ['Release candidates, rc2 of about 3. Release day ', { kind: 'time', at: day(18), form: 'date' }],
    tab: 'train',
    release: '2.8.0',
    command: 'signalbox status 2.8.0',
    blocks: [
      PHASES,
      {
        kind: 'section',
        id: 'blocking',
        heading: 'Blocking rc3',
        aside: [{ kind: 'strong', text: '2 need you today' }],
        blocks: [
          {
            kind: 'table',
            id: 'blockers',
            caption: 'Gates that keep rc3 from being tagged',
            columns: GATE_COLUMNS,
            empty: 'Nothing blocks rc3.',
            groups: [
              {
                name: null,
                rows: [
                  gateRow('docs-build', 'failing', 'no entry for 2.8 in pytorch/docs', opened('docs-build')),
                  gateRow('picks-reviewed', 'needs-you', '2 picks wait for a release manager'),
                  gateRow('ci-green vision', 'running', '37 of 40 jobs, 3 running'),
                ],
              },
            ],
          },
          {
            kind: 'actions',
            actions: [
              action('rc-cut', 'Plan rc3', { tells: 'Makes a plan; nothing is done before it is applied.' }),
              action('freeze', 'Freeze release', { barred: 'Needs role release-manager; ask @atalman, @malfet' }),
            ],
          },
        ],
      },
      {
        kind: 'section',
        id: 'repos',
        heading: 'Repositories',
        blocks: [
          {
            kind: 'table',
            id: 'repos',
            caption: 'Branches of the train',
            columns: [
              { key: 'repo', name: 'Repository' },
              { key: 'branch', name: 'Branch', mono: true },
              { key: 'rc', name: 'Last candidate', mono: true },
              { key: 'ci', name: 'CI' },
              { key: 'picks', name: 'Picks', align: 'right' },
              { key: 'owner', name: 'Owner' },
            ],
            empty: 'No repositories.',
            groups: [
              {
                name: null,
                rows: ['pytorch', 'vision', 'audio', 'executorch', 'torchtune', 'xla'].map((repo, index) => ({
                  key: repo,
                  href: `/repos/${repo}`,
                  cells: [
                    repo,
                    repo === 'vision' ? 'release/0.23' : 'release/2.8',
                    repo === 'audio' ? 'none yet' : 'v2.8.0-rc2',
                    { kind: 'state', state: STATES[[0, 2, 7, 0, 1, 3][index] ?? 0] ?? 'pass' },
                    String([21, 3, 0, 4, 1, 0][index]),
                    {
                      kind: 'person',
                      login:
                        ['atalman', 'nicolashug', 'pearu', 'mergennachin', 'joecummings', 'ysiraichi'][index] ?? '',
                    },
                  ],
                })),
              },
            ],
          },
        ],
      },
      {
        kind: 'section',
        id: 'also',
        heading: 'Also live',
        blocks: [
          {
            kind: 'list',
            items: [
              [{ kind: 'link', href: '/r/2.7.2', text: '2.7.2' }, ' triage, day 9 of 14'],
              [
                { kind: 'link', href: '/r/2.9.0', text: '2.9.0' },
                ' branch cut ',
                { kind: 'time', at: day(45), form: 'until' },
              ],
            ],
          },
        ],
      },
    ],
  };
}

export function release(): Doc {
  return {
    title: '2.8.0-rc2 not ready, train',
    heading: '2.8.0-rc2',
    lead: [
      { kind: 'state', state: 'failing', word: 'not ready' },
      ' 13 gates: 4 pass, 2 fail, 1 needs you. ',
      { kind: 'code', text: 'release/2.8 @ a1b2c3d' },
    ],
    tab: 'release',
    release: '2.8.0',
    command: 'signalbox gate list 2.8.0',
    blocks: [
      {
        kind: 'notice',
        tone: 'warn',
        text: 'PyPI sizes have not been reported for 3 d: no data counts as closed.',
        next: 'Run: signalbox doctor --sources',
      },
      RELEASE_GATES,
      {
        kind: 'section',
        id: 'publish',
        heading: 'Publish',
        blocks: [
          {
            kind: 'actions',
            actions: [
              action('promote-pypi', 'Promote to PyPI', {
                undo: 'none',
                phrase: 'torch 2.8.0',
                tells: '24 files, 9.8 GB; afterwards only the whole release can be yanked.',
                command: 'signalbox promote pypi 2.8.0',
              }),
              action('promote-stable', 'Promote to stable', {
                undo: 'partial',
                tells: 'Copies 152 wheels within the store.',
              }),
            ],
          },
        ],
      },
    ],
  };
}

function pickCard(
  number: number,
  lane: string,
): Extract<Block, { readonly kind: 'board' }>['columns'][number]['cards'][number] {
  return {
    key: String(number),
    href: `/pr/pytorch/${number}`,
    title: `#${number}`,
    lines: [
      ['regression, critical, docs, fixnewfeature'.split(', ')[number % 4] ?? ''],
      ['fixes ', { kind: 'link', href: `https://example.org/issues/${number - 7}`, text: `#${number - 7}` }],
      [
        { kind: 'person', login: ['alice', 'bob', 'carol', 'dan'][number % 4] ?? '' },
        ' ',
        { kind: 'time', at: addSeconds(NOW, -(number % 90) * 4000), form: 'ago' },
      ],
    ],
    ...(lane === 'needs-you'
      ? { actions: [action(`approve-${number}`, 'Approve'), action(`refuse-${number}`, 'Refuse', WAIVE)] }
      : {}),
  };
}

export function picks(count = 21): Doc {
  const lanes = ['requested', 'needs-you', 'conflict', 'in-ci', 'landed', 'no'];
  const names = ['Requested', 'Needs you', 'Conflict', 'In CI', 'Landed', 'No'];
  return {
    title: 'Picks to release/2.8, train',
    heading: 'Picks to release/2.8',
    lead: [
      { kind: 'state', state: 'running', word: 'window open' },
      ' Phase 2, until 14 Jul 17:00 UTC, ',
      { kind: 'time', at: day(2), form: 'until' },
    ],
    tab: 'picks',
    release: '2.8.0',
    command: 'signalbox pick list 2.8',
    blocks: [
      {
        kind: 'filter',
        label: 'Show',
        fields: [
          { name: 'author', label: 'Author', kind: 'text' },
          {
            name: 'class',
            label: 'Class',
            kind: 'choice',
            choices: [
              { value: '', label: 'all' },
              { value: 'regression', label: 'regression' },
            ],
          },
        ],
      },
      {
        kind: 'board',
        id: 'picks',
        caption: 'Nominations by state',
        empty:
          'No picks requested for release/2.8. The window is open until 14 Jul 17:00 UTC. Ask with: @bot cherry-pick --onto release/2.8 -c regression',
        columns: lanes.map((lane, at) => ({
          key: lane,
          name: names[at] ?? lane,
          cards: Array.from({ length: count }, (_none, index) => index)
            .filter((index) => index % lanes.length === at)
            .map((index) => pickCard(158_000 + index * 13, lane)),
        })),
      },
    ],
  };
}

const PLATFORMS = [
  { name: 'linux x86_64', columns: ['cpu', '126', '128', '129', 'r63', 'r64', 'xpu', 'full'] },
  { name: 'linux aarch64', columns: ['cpu', '126', '128', '129', 'full'] },
  { name: 'windows', columns: ['cpu', '126', '128', '129', 'xpu'] },
  { name: 'macos', columns: ['cpu'] },
];
const PYTHONS = ['3.9', '3.10', '3.11', '3.12', '3.13', '3.13t', '3.14', '3.14t'];

/** One package's 152 cells; `turn` moves the states on. */
function cells(id: string, turn = 0): Extract<Block, { readonly kind: 'grid' }> {
  const cell = (python: string, platform: string, accelerator: string, index: number): GridCell => {
    const rare = (index * 37 + turn) % 61;
    const state = rare < STATES.length ? (STATES[rare] ?? 'pass') : 'pass';
    return {
      state,
      name: `${id}, Python ${python}, ${platform}, ${accelerator}: ${state}`,
      href: `/r/2.8.0/artifacts?cell=${id}-${index}`,
    };
  };
  return {
    kind: 'grid',
    id,
    caption: `${id} 2.8.0-rc2 at test`,
    heads: PLATFORMS,
    empty: 'No cells are expected.',
    rows: PYTHONS.map((python, line) => ({
      name: python,
      cells: PLATFORMS.flatMap((platform) => platform.columns.map((column) => [platform.name, column] as const)).map(
        ([platform, column], place) => cell(python, platform, column, line * 19 + place),
      ),
    })),
  };
}

export function artifacts(): Doc {
  return {
    title: 'Artifacts of 2.8.0-rc2, train',
    heading: 'Artifacts of 2.8.0-rc2',
    lead: 'test 148 of 152, staging 0 of 24',
    tab: 'artifacts',
    release: '2.8.0',
    command: 'signalbox artifact matrix 2.8.0-rc2 --package torch',
    blocks: [
      cells('torch'),
      {
        kind: 'picture',
        id: 'sizes',
        caption: 'Sizes of the largest wheels',
        picture: {
          kind: 'bars',
          unit: 'MB',
          bars: [
            { name: 'torch cp312 linux cu128', value: 834, limit: 1000 },
            { name: 'torch cp312 linux rocm6.4', value: 1043, limit: 1000 },
            { name: 'vision cp312 linux cu128', value: 8.6, limit: 100 },
          ],
        },
      },
    ],
  };
}

function span(lane: string, name: string, days: readonly [number, number, number?], state: State): TimelineSpan {
  const [from, to, was] = days;
  return { lane, name, from: day(from), to: day(to), state, ...(was === undefined ? {} : { was: day(was) }) };
}

export function calendar(): Doc {
  return {
    title: 'Calendar, train',
    heading: 'Calendar',
    tab: 'calendar',
    release: null,
    command: 'signalbox calendar show',
    blocks: [
      {
        kind: 'picture',
        id: 'cadence',
        caption: 'Releases over time',
        picture: {
          kind: 'timeline',
          now: NOW,
          spans: [
            span('2.7.2', 'triage', [-9, 5], 'running'),
            span('2.7.2', 'go or no-go', [5, 5], 'needs-you'),
            span('2.8.0', 'branch cut', [-18, -18], 'pass'),
            span('2.8.0', 'rc1', [-9, -9], 'pass'),
            span('2.8.0', 'rc2', [-3, -3], 'pass'),
            span('2.8.0', 'candidates', [-18, 9], 'running'),
            span('2.8.0', 'final', [9, 9, 2], 'queued'),
            span('2.8.0', 'release day', [18, 18], 'queued'),
            span('2.8.1', 'picks, tentative', [40, 62], 'queued'),
            span('2.9.0', 'branch cut', [45, 45], 'queued'),
          ],
        },
      },
      {
        kind: 'picture',
        id: 'growth',
        caption: 'Size of torch cp312 linux cu128',
        picture: {
          kind: 'lines',
          unit: 'MB',
          limit: { name: 'PyPI limit', value: 1000 },
          series: [
            {
              name: 'torch',
              points: [700, 741, 768, 790, 821, 834].map((value, at) => ({ at: `2.${3 + at}`, value })),
            },
            { name: 'before split', points: [720, 790, 880, 905].map((value, at) => ({ at: `2.${3 + at}`, value })) },
          ],
        },
      },
      {
        kind: 'picture',
        id: 'slips',
        caption: 'Days late by milestone and release',
        picture: {
          kind: 'heat',
          unit: 'd',
          columns: ['M1', 'M2', 'M3', 'M4', 'M5', 'M6'],
          rows: [
            { name: '2.6', values: [0, 0, 2, 5, 7, 7] },
            { name: '2.7', values: [0, 1, 0, 3, 2, 0] },
            { name: '2.8', values: [0, 0, 0, 7, null, null] },
          ],
        },
      },
      {
        kind: 'table',
        id: 'deadlines',
        caption: 'Deadlines of 2.8.0',
        empty: 'No deadlines.',
        columns: [
          { key: 'what', name: 'What' },
          { key: 'due', name: 'Due' },
          { key: 'left', name: 'Left', align: 'right' },
        ],
        groups: [
          {
            name: null,
            rows: [
              {
                key: 'M4',
                cells: [
                  'M4 branch final',
                  { kind: 'time', at: day(9), form: 'minute' },
                  { kind: 'time', at: day(9), form: 'until' },
                ],
              },
              {
                key: 'M4.1',
                cells: [
                  'M4.1 tutorial drafts',
                  { kind: 'time', at: day(-2), form: 'minute' },
                  { kind: 'time', at: day(-2), form: 'until' },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
}

function line(name: string, state: State, word: string, rest: readonly string[]): Row {
  return { key: name, cells: [name, { kind: 'state', state, word }, ...rest] };
}

export function support(): Doc {
  return {
    title: 'Support, train',
    heading: 'Support',
    lead: '2 findings of policy',
    tab: 'support',
    release: null,
    command: 'signalbox support show',
    blocks: [
      {
        kind: 'table',
        id: 'lines',
        caption: 'What each line supports',
        empty: 'No lines.',
        columns: ['Line', 'State', 'Python', 'CUDA', 'ROCm', 'C++'].map((name) => ({ key: name, name })),
        groups: [
          {
            name: null,
            rows: [
              line('2.9', 'queued', 'planned', ['3.10 to 3.14', '12.6 12.8 13.0', '6.4 7.0', '17']),
              line('2.8', 'running', 'in candidates', ['3.9 to 3.13', '12.6 12.8 12.9', '6.3 6.4', '17']),
              line('2.7', 'pass', 'patches', ['3.9 to 3.13', '11.8 12.6 12.8', '6.3', '17']),
              line('2.6', 'skipped', 'ended', ['3.9 to 3.13', '11.8 12.4 12.6', '6.2.4', '17']),
            ],
          },
        ],
      },
      {
        kind: 'notice',
        tone: 'warn',
        text: 'Python 3.9 ends in October 2025: drop it from 2.9.',
        next: ['Rule ', { kind: 'code', text: 'python-eol' }],
      },
    ],
  };
}

/** Every kind of block, every state. */
export function kinds(turn = 0): Doc {
  return {
    title: `Kinds ${turn}`,
    heading: 'Every kind of block',
    lead: [{ kind: 'state', state: 'running' }, ` turn ${turn}`],
    tab: 'system',
    release: '2.8.0',
    command: 'signalbox doctor',
    blocks: [
      {
        kind: 'table',
        id: 'states',
        caption: 'The nine states',
        empty: 'None.',
        columns: GATE_COLUMNS,
        groups: [
          {
            name: 'All',
            rows: STATES.map((_state, index) =>
              gateRow(
                `gate-${index}`,
                STATES[(index + turn) % STATES.length] ?? 'pass',
                `evidence ${turn}`,
                opened(`gate-${index}`),
              ),
            ),
          },
        ],
      },
      {
        kind: 'section',
        id: 'rest',
        heading: 'The rest',
        aside: 'beside the heading',
        blocks: [
          {
            kind: 'paragraph',
            text: [
              'A paragraph with ',
              { kind: 'code', text: 'code' },
              ' and ',
              { kind: 'strong', text: 'weight' },
              '.',
            ],
          },
          { kind: 'list', items: ['one', ['two ', { kind: 'person', login: 'you-know' }]] },
          {
            kind: 'facts',
            rows: [
              { name: 'Branch', value: { kind: 'code', text: 'release/2.8' } },
              { name: 'Turn', value: String(turn) },
            ],
          },
          { kind: 'code', label: 'Log', text: 'line one\n\tline two\u001b[31m' },
          { kind: 'notice', tone: 'info', text: 'An info.' },
          { kind: 'notice', tone: 'warn', text: 'A warning.', next: 'Do this.' },
          {
            kind: 'notice',
            tone: 'error',
            text: 'Reading GitHub failed (error e12). Data of 13:40 is shown.',
            next: 'Tried again in 30 s.',
          },
          {
            kind: 'table',
            id: 'none',
            caption: 'Picks',
            columns: GATE_COLUMNS,
            groups: [],
            empty: 'No picks requested. The window is open until 14 Jul 17:00 UTC.',
          },
          PHASES,
          cells('torch', turn),
        ],
      },
      ...release().blocks.slice(2),
      ...picks(6).blocks,
      ...calendar().blocks.slice(0, 3),
      ...artifacts().blocks.slice(1),
    ],
  };
}

/** Texts and addresses of outsiders who mean harm, wherever a text or an address may stand. */
export function hostile(): Doc {
  const text = HOSTILE.join(' ');
  return {
    title: text,
    heading: text,
    lead: text,
    tab: 'log',
    release: text,
    command: text,
    blocks: [
      { kind: 'list', items: BAD_LINKS.map((href) => ({ kind: 'link', href, text: 'a link' })) },
      {
        kind: 'paragraph',
        text: [
          text,
          { kind: 'code', text },
          { kind: 'strong', text },
          { kind: 'person', login: text },
          { kind: 'state', state: 'pass', word: text },
        ],
      },
      { kind: 'code', text, label: text },
      { kind: 'notice', tone: 'error', text, next: text },
      { kind: 'facts', rows: [{ name: text, value: text }] },
      {
        kind: 'table',
        id: text,
        caption: text,
        columns: [{ key: text, name: text }],
        empty: text,
        groups: [
          {
            name: text,
            rows: HOSTILE.map((key, index) => ({
              key,
              href: BAD_LINKS[index] ?? '',
              cells: [key],
              actions: [action(`${key}-${index}`, text, { barred: text })],
            })),
          },
        ],
      },
      {
        kind: 'board',
        id: text,
        caption: text,
        empty: text,
        columns: [
          { key: text, name: text, cards: [{ key: text, href: BAD_LINKS[0] ?? '', title: text, lines: [text] }] },
        ],
      },
      {
        kind: 'grid',
        id: text,
        caption: text,
        empty: text,
        heads: [{ name: text, columns: [text] }],
        rows: [{ name: text, cells: [{ state: 'pass', name: text, href: BAD_LINKS[3] ?? '', text }] }],
      },
      { kind: 'phases', steps: [{ name: text, state: 'pass', text, current: true }] },
      {
        kind: 'picture',
        id: text,
        caption: text,
        picture: { kind: 'bars', unit: text, bars: [{ name: text, value: 1 }] },
      },
      {
        kind: 'actions',
        actions: [
          action('evil', text, {
            href: 'https://evil.example/',
            fields: [{ name: 'x', label: text, kind: 'text', value: text, hint: text }],
          }),
          action('kind', text, {
            phrase: text,
            command: text,
            tells: text,
            fields: [{ name: 'x', label: text, kind: 'choice', choices: [{ value: text, label: text }] }],
          }),
        ],
      },
      { kind: 'filter', label: text, fields: [{ name: 'q', label: text, kind: 'text', value: text }] },
    ],
  };
}

/** 300 gates, four packages of 152 cells, 500 picks on one page. */
export function large(turn = 0): Doc {
  return {
    title: 'Large',
    heading: 'A large page',
    tab: 'release',
    release: '2.8.0',
    command: 'signalbox status',
    blocks: [
      {
        ...RELEASE_GATES,
        groups: [
          {
            name: 'All',
            rows: Array.from({ length: 300 }, (_none, index) =>
              gateRow(
                `gate-${index}`,
                STATES[(index + turn) % STATES.length] ?? 'pass',
                `evidence ${index}, turn ${turn}`,
                index % 3 === 0 ? opened(`gate-${index}`) : {},
              ),
            ),
          },
        ],
      },
      ...['torch', 'vision', 'audio', 'torchtune'].map((name) => cells(name, turn)),
      ...picks(500).blocks,
    ],
  };
}
