import { describe, expect, it } from 'vitest';
import { GateId, type Gate } from '../../domain/gate.ts';
import { Instant } from '../../domain/instant.ts';
import { cutStep, planOf, tagStep } from '../../testing/engine-world.ts';
import { hasEscapes } from '../../testing/cli-terminal.ts';
import type { Line } from './line.ts';
import { renderDifference } from './render-difference.ts';
import { renderBlockers, renderGate, renderGates } from './render-gates.ts';
import { stepTable } from './render-plan.ts';
import { paint } from './style.ts';
import { columnsOf } from './text.ts';

const now = Instant.parse('2025-07-12T14:02:04Z');
const asOf = Instant.parse('2025-07-12T14:02:00Z');
const plain = (lines: readonly Line[], ascii = false): string =>
  `${lines.map((each) => paint(each, { color: false, ascii })).join('\n')}\n`;

function gate(id: string, verdict: Gate['verdict'], more: Partial<Gate> = {}): Gate {
  return {
    id: GateId.parse(id),
    verdict,
    summary: 'as expected',
    evidence: [],
    owners: ['releng'],
    since: null,
    fix: null,
    waiver: null,
    ...more,
  };
}

const gates: readonly Gate[] = [
  gate('docs-build', 'failing', {
    summary: 'docs for release/2.8 have no entry in pytorch/docs',
    owners: ['sekyon'],
    since: Instant.parse('2025-07-10T14:00:00Z'),
    fix: 'merge the docs build, then  signalbox gate run 2.8.0 docs-build',
  }),
  gate('picks-reviewed', 'needs-you', {
    summary: '2 picks wait: #157791 critical, #158112 regression',
    owners: ['me'],
    since: Instant.parse('2025-07-12T09:02:00Z'),
    fix: 'signalbox pick list 2.8 --state needs-review',
  }),
  gate('ci-green:vision', 'running', {
    summary: '37 of 40 jobs done, none failed, about 18 min left',
    since: Instant.parse('2025-07-12T13:50:00Z'),
  }),
  gate('pypi-size', 'no-data', {
    summary: 'last report 9 Jul 09:10; limit is 24 h',
    since: Instant.parse('2025-07-09T09:10:00Z'),
    fix: 'signalbox gate run 2.8.0 pypi-size',
  }),
  gate('perf-bench', 'waived', {
    waiver: {
      gate: GateId.parse('perf-bench'),
      by: 'atalman',
      reason: 'infra outage',
      until: Instant.parse('2025-07-18T17:00:00Z'),
    },
  }),
  gate('milestone-resolved', 'pass'),
];
const show = { subject: '2.8.0-rc3', gates, asOf, who: 'me' };

describe('the samples', () => {
  it('blockers: each "no" with its owner, age, evidence and the command that moves it; waivers last', () => {
    expect(plain(renderBlockers(show, { width: 80, now }))).toMatchSnapshot();
  });

  it('gates: all of them in a table, the verdict last', () => {
    expect(plain(renderGates(show, { width: 80, now }))).toMatchSnapshot();
  });

  it('a plan: signs, kinds, repositories, what, and column UNDO', () => {
    expect(
      plain(stepTable(planOf([cutStep('core'), cutStep('vision'), tagStep('core')]), { width: 80, now })),
    ).toMatchSnapshot();
  });

  it('the difference of two plans', () => {
    const from = planOf([cutStep('core')]);
    const to = planOf([cutStep('core'), tagStep('core')]);
    expect(
      plain(
        renderDifference({ from, to, added: [tagStep('core')], removed: [], changed: [], same: 1 }, { width: 80, now }),
      ),
    ).toMatchSnapshot();
  });

  it.each([60, 80, 132])('fit %d columns, ids whole', (width) => {
    for (const lines of [renderBlockers(show, { width, now }), renderGates(show, { width, now })]) {
      const text = plain(lines);
      for (const line of text.split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      for (const each of gates.filter((one) => one.verdict !== 'pass')) expect(text).toContain(each.id);
    }
  });
});

it('lets nothing that others wrote act on the terminal, and keeps its place', () => {
  const hostile = gate('docs-build', 'failing', {
    summary: 'title \u001b]0;owned\u0007\u001b[2J\r\nPASS \u202Eevil\u202C'.repeat(3),
    owners: ['a\u009bb'],
    fix: '\u001b[A rm',
    evidence: [{ text: 'x\u001b[31m', source: 'y\u0000', at: asOf, link: 'https://z/\u001b[1m' }],
  });
  for (const lines of [
    renderGate(hostile, 'me', { width: 80, now }),
    renderBlockers({ ...show, gates: [hostile] }, { width: 80, now }),
    renderGates({ ...show, gates: [hostile] }, { width: 80, now }),
  ]) {
    const text = plain(lines);
    expect(hasEscapes(text)).toBe(false);
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/u);
    expect(text.split('\n').some((line) => line.startsWith('PASS'))).toBe(false);
  }
});

it('keeps shape and word of a state in ASCII', () => {
  const text = plain(renderBlockers(show, { width: 80, now }), true);
  for (const start of ['x docs-build', '! picks-reviewed', '* ci-green:vision', '? pypi-size'])
    expect(text).toContain(start);
  for (const word of ['failing 2 d', 'needs you 5 h', 'running 12 min', 'no data 3 d']) expect(text).toContain(word);
});
