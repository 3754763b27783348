import type { SupportView } from '../../api/views/support.ts';
import type { Block, Doc, Inline, Rich } from '../doc.ts';

/** The support matrix by line. */
export function supportDoc(view: SupportView): Doc {
  return {
    title: 'Support matrix',
    heading: 'Support matrix',
    lead: view.rows.length === 0 ? [] : [`${view.rows.length} lines, newest first; `, leadOf(view)],
    tab: 'support',
    release: null,
    command: 'signalbox support show',
    blocks: [
      ...view.policy.map((policy) => policySection(policy)),
      matrixTable(view),
      {
        kind: 'paragraph',
        text: [
          'This is what the train file says; the form of the README is ',
          { kind: 'code', text: 'signalbox support show --markdown' },
          `. Pythons are judged by ${view.pythonData.source}`,
          view.pythonData.asOf === null ? '.' : `, which knows releases until ${view.pythonData.asOf}.`,
        ],
      },
    ],
  };
}

type Policy = SupportView['policy'][number];

const STANDING = { open: 'needs-you', excepted: 'waived', note: 'pass' } as const;

function openOf({ findings }: Policy): number {
  return findings.filter(({ standing }) => standing === 'open').length;
}

function leadOf({ policy }: SupportView): Inline {
  const open = policy.reduce((sum, each) => sum + openOf(each), 0);
  if (open > 0) return { kind: 'state', state: 'needs-you', word: `${open} of the policy to settle` };
  if (policy.some(({ unknown }) => unknown !== null))
    return { kind: 'state', state: 'no-data', word: 'policy not judged' };
  return { kind: 'state', state: 'pass', word: 'follows the policy' };
}

/** What does not follow the policy in one line, what would mend it, and what is promised of its Pythons. */
function policySection(policy: Policy): Block {
  const { line, day, isPlanned, unknown, findings, patches } = policy;
  const judged = isPlanned ? `Judged for its release day, ${day}.` : `No release day is planned; judged for ${day}.`;
  return {
    kind: 'section',
    id: `policy-${line}`,
    heading: `Policy of ${line}`,
    aside: { kind: 'code', text: `signalbox support check ${line}` },
    blocks: [
      { kind: 'paragraph', text: findings.length === 0 && unknown === null ? `${judged} Nothing to settle.` : judged },
      ...(unknown === null
        ? []
        : [
            {
              kind: 'notice' as const,
              tone: 'warn' as const,
              text: `Python is not judged: ${unknown}`,
              next: [{ kind: 'code' as const, text: 'signalbox support refresh --from FILE|URL' }],
            },
          ]),
      ...(findings.length === 0
        ? []
        : [{ kind: 'list' as const, items: findings.map((finding) => findingText(finding)) }]),
      ...(patches.length === 0
        ? []
        : [
            {
              kind: 'facts' as const,
              rows: patches.map(({ minor, versions, endOfLife }) => ({
                name: `Python ${minor}`,
                value: `${versions.length === 0 ? 'nothing is out yet' : versions.join(', ')}; ends ${endOfLife}`,
              })),
            },
          ]),
    ],
  };
}

function findingText({ standing, text, rule, change, exception }: Policy['findings'][number]): Rich {
  const mend = standing === 'open' && change !== null ? ['; mend it: ', { kind: 'code' as const, text: change }] : [];
  const by =
    exception === null
      ? []
      : [' (', { kind: 'person' as const, login: exception.owner }, ` until ${exception.until}: ${exception.reason})`];
  return [{ kind: 'state', state: STANDING[standing] }, ` ${text}`, ...by, ...mend, ` [${rule}]`];
}

function matrixTable({ head, columns, rows }: SupportView): Block {
  return {
    kind: 'table',
    id: 'support',
    caption: 'What each line is built for',
    columns: [{ key: 'line', name: head }, ...columns.map(({ id, title }) => ({ key: id, name: title }))],
    groups: [
      {
        name: null,
        rows: rows.map(({ line, cells, excluded }) => ({
          key: line,
          cells: [line, ...cells],
          ...(excluded.length === 0
            ? {}
            : {
                details: [
                  {
                    kind: 'list' as const,
                    items: excluded.map(({ what, reason }) => [
                      { kind: 'state' as const, state: 'skipped' as const, word: 'not built' },
                      ` ${what}: ${reason}`,
                    ]),
                  },
                ],
              }),
        })),
      },
    ],
    empty: [
      'The train file has no support matrix. What it may say: ',
      { kind: 'code', text: 'signalbox config explain support' },
    ],
  };
}
