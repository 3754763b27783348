import { describe, expect, it } from 'vitest';
import { Instant } from '../../../domain/instant.ts';
import { known, unknown } from '../../../domain/observation.ts';
import { DocsPointer } from '../../../domain/train/docs-pointer.ts';
import { Line, ReleaseVersion } from '../../../domain/version.ts';
import { decidePointer } from './decide.ts';
import { namedBy, namesLine } from './named.ts';
import type { Found } from './read.ts';

const NOW = Instant.parse('2025-07-30T12:00:00Z');
const settings = DocsPointer.parse({ repo: 'docs', branch: 'site', menu: 'versions.json' });
const link = (to: string): Found => ({ is: 'link', to });
const text = (content: string): Found => ({ is: 'text', text: content });
const MENU = text('[{"version": "2.8"}, {"version": "2.7"}, {"version": "2.10"}]');

interface Given {
  readonly stable?: Found;
  readonly menu?: Found;
  /** What is out. */
  readonly out?: readonly string[];
  readonly release?: string;
}

function gateOf({ stable = link('2.8'), menu = MENU, out = ['2.7.0', '2.8.0'], release = '2.8.0' }: Given) {
  const at = 'https://forge.example/acme/docs/tree/site';
  return decidePointer({
    release: ReleaseVersion.parse(release),
    settings,
    shown: known({ stable, menu, link: at }, NOW, 'forge acme/docs'),
    released: known(
      out.map((one) => ReleaseVersion.parse(one)),
      NOW,
      'git remote of core',
    ),
    owners: ['dora'],
    waivers: [],
    now: NOW,
  });
}

describe('docs-pointer', () => {
  it.each<[string, Given, string, string]>([
    [
      'is open once stable leads to the line and the menu has it',
      {},
      'pass',
      'stable leads to 2.8; versions.json has 2.8',
    ],
    [
      'is open for a patch release of the newest line',
      { release: '2.8.1', out: ['2.8.0', '2.8.1'] },
      'pass',
      'stable leads to 2.8; versions.json has 2.8',
    ],
    [
      'waits for the release, while stable leads to the one before',
      { stable: link('2.7'), out: ['2.7.0'] },
      'queued',
      'moved once 2.8.0 is out; stable leads to 2.7',
    ],
    [
      'is shut where stable leads to what is not out',
      { out: ['2.7.0'] },
      'failing',
      'stable leads to 2.8 already, and 2.8.0 is not out: there is no tag v2.8.0',
    ],
    ['is shut while stable was not moved', { stable: link('2.7') }, 'failing', 'stable leads to 2.7, not to 2.8'],
    ['takes 2.80 for another line', { stable: link('2.80') }, 'failing', 'stable leads to 2.80, not to 2.8'],
    ['wants the line and not the release', { stable: link('2.8.0') }, 'failing', 'stable leads to 2.8.0, not to 2.8'],
    [
      'says what is there where it is no version',
      { stable: link('main') },
      'failing',
      'stable leads to no version: "main", not to 2.8',
    ],
    ['says when there is nothing', { stable: { is: 'none' } }, 'failing', 'there is no stable, not to 2.8'],
    [
      'says when it is a folder',
      { stable: { is: 'other' } },
      'failing',
      'stable is neither a link nor a text, not to 2.8',
    ],
    [
      'does not choose among several',
      { stable: text('<a href="2.8/">2.8</a> <a href="2.7/">') },
      'failing',
      'stable names more than one version: 2.8, 2.7, not to 2.8',
    ],
    [
      'is shut by a menu without it',
      { menu: text('2.80 2.8.1 12.8 x2.8') },
      'failing',
      'versions.json does not have 2.8',
    ],
    [
      'tells both faults',
      { stable: link('2.7'), menu: { is: 'none' } },
      'failing',
      'stable leads to 2.7, not to 2.8; there is no versions.json',
    ],
    [
      'does not let an older line take it back',
      { release: '2.7.1', out: ['2.7.0', '2.8.0', '2.7.1'], stable: link('2.7') },
      'failing',
      'stable leads to 2.7, although 2.8 is out',
    ],
    [
      'lets an older line leave it where it is',
      { release: '2.7.1', out: ['2.7.0', '2.8.0', '2.7.1'] },
      'pass',
      'stable leads to 2.8; versions.json has 2.7',
    ],
    [
      'lets it be ahead of an older line',
      { release: '2.7.1', out: ['2.7.0', '2.8.0'], stable: link('2.9') },
      'pass',
      'stable leads to 2.9; versions.json has 2.7',
    ],
    [
      'orders lines by numbers',
      { release: '2.9.1', out: ['2.9.0', '2.10.0'], stable: link('2.9'), menu: text('2.9') },
      'failing',
      'stable leads to 2.9, although 2.10 is out',
    ],
  ])('%s', (_name, given, verdict, summary) => {
    expect(gateOf(given)).toMatchObject({ id: 'docs-pointer', verdict, summary });
  });

  it('knows nothing where one of both cannot be read', () => {
    const lost = unknown('GitHub answers 502', NOW, 'forge acme/docs');
    const base = { release: ReleaseVersion.parse('2.8.0'), settings, owners: [], waivers: [], now: NOW };
    const shown = known({ stable: link('2.8'), menu: MENU, link: null }, NOW, 'forge acme/docs');
    const released = known([ReleaseVersion.parse('2.8.0')], NOW, 'git');
    expect(decidePointer({ ...base, shown: lost, released }).verdict).toBe('no-data');
    expect(decidePointer({ ...base, shown, released: lost }).verdict).toBe('no-data');
    expect(decidePointer({ ...base, shown, released }).verdict).toBe('pass');
  });

  it('shows what is there, whatever it holds', () => {
    const gate = gateOf({ stable: text(`\u001b]0;evil\u0007${'a'.repeat(2_000_000)}`) });
    expect(gate.verdict).toBe('failing');
    expect(gate.summary.length).toBeLessThan(160);
    expect(gate.summary).not.toContain('\u001b');
    expect(gate.evidence[0]).toMatchObject({ link: 'https://forge.example/acme/docs/tree/site' });
  });
});

describe('what a pointer names', () => {
  it.each<[string, Found, readonly string[]]>([
    ['a link to a folder', link('2.8'), ['2.8']],
    ['a link with a slash', link('./2.8/'), ['2.8']],
    ['a link out of its folder', link('../docs/v2.8'), ['2.8']],
    ['a link to a release', link('2.8.0'), ['2.8.0']],
    ['a link whose name only looks like one', link('2.8-draft'), []],
    ['a text of one word', text('2.8\n'), ['2.8']],
    [
      'a page that redirects',
      text(
        '<!DOCTYPE html><meta name="viewport" content="initial-scale=1.0"><meta http-equiv="refresh" content="0; url=https://docs.example/docs/2.8/index.html"><link rel="canonical" href="https://docs.example/docs/2.8/">',
      ),
      ['2.8'],
    ],
    ['a page that redirects to a path', text('<meta http-equiv="refresh" content="0; url=2.8/index.html">'), ['2.8']],
    ['rules of redirects', text('/docs/stable/* /docs/2.8/:splat 302\n'), ['2.8']],
    ['a doctype with a version', text('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">'), []],
    ['an empty file', text(''), []],
  ])('%s', (_name, found, names) => {
    expect(namedBy(found)).toEqual(names);
  });

  it.each([
    ['2.1', '"version": "2.1"', true],
    ['2.1', '<a href="2.1/">v2.1.0 (stable)</a>', true],
    ['2.1', 'v2.1 (release candidate)', true],
    ['2.1', 'v2.10 2.1.0 12.1 1.2.1 2.11 x2.1 2.1a0', false],
    ['2.10', 'v2.10', true],
    ['2.10', '2.1 2.100 2.1.0', false],
    ['2.1', '211 2-1 2x1', false],
    ['2.1', '', false],
  ])('%s in %s: %s', (line, menu, has) => {
    expect(namesLine(menu, Line.parse(line))).toBe(has);
  });
});
