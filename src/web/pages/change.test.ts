import { describe, expect, it } from 'vitest';
import { ChangeView } from '../../api/views/change.ts';
import { ObjectId } from '../../domain/git-names.ts';
import { actionsOf, textOfDoc } from '../../testing/doc-text.ts';
import { picksViewOf, pickViewOf, roomOf, VIEWED_AT } from '../../testing/pick-views.ts';
import { changeDoc } from './change.ts';

const { window, classes } = picksViewOf([]);
const pull = {
  title: 'Fix it (#7)',
  author: 'alice',
  state: 'merged',
  base: 'main',
  link: 'https://forge.example/acme/core/pull/7',
};
const viewOf = (changes: Record<string, unknown> = {}): ChangeView =>
  ChangeView.parse({
    repo: 'core',
    number: 7,
    pull,
    commits: [
      {
        id: 'c'.repeat(40),
        title: 'Fix it (#7)',
        takenBack: null,
        rows: [
          { label: 'main', state: 'pass', text: 'ccccccccc  8 Jun 10:00 UTC, by @alice' },
          { label: 'release/2.8', state: 'needs-you', text: 'pick #107 needs review, 5 h' },
          { label: 'reverts', state: null, text: 'none on main' },
        ],
      },
    ],
    unread: null,
    picks: [pickViewOf()],
    picksUnread: null,
    targets: [{ release: '2.8.0', branch: 'release/2.8', window, closesAt: null }],
    classes,
    ...changes,
  });

describe('the page of a change', () => {
  it('says where it is, place by place, and what has to happen', () => {
    const doc = changeDoc(viewOf(), roomOf());
    const text = textOfDoc(doc);
    expect(doc.heading).toBe('core #7 Fix it');
    expect(text).toContain('release/2.8 | [needs-you] | pick #107 needs review, 5 h');
    expect(text).toContain('Next: a release manager has to decide (@rita)');
    expect(actionsOf(doc).map(({ label }) => label)).toEqual([
      'Approve pick',
      'Refuse pick',
      'Ask the author',
      'Withdraw pick',
      'Let pick in',
    ]);
  });

  it('tells the decision, the dispensation, the checks, what is on the line and taken back', () => {
    const made = pickViewOf().pull;
    const jobs = {
      verdict: 'failing' as const,
      counted: 2,
      green: 1,
      bad: [{ name: 'lint', link: 'https://ci.example/1' }],
      waiting: [],
    };
    const said = { by: 'rita', at: VIEWED_AT, text: 'data loss' };
    const pick = pickViewOf({
      state: 'in-ci',
      decided: { is: 'approved', by: 'ann', at: VIEWED_AT, head: ObjectId.parse('b'.repeat(40)) },
      dispensation: { ...said, until: VIEWED_AT },
      pull: made === null ? null : { ...made, jobs },
    });
    const text = textOfDoc(changeDoc(viewOf({ picks: [pick] }), roomOf()));
    expect(text).toContain('Checks: [failing] 1 of 2 green; not: lint · lint');
    expect(text).toContain('approved at bbbbbbbbb by @ann, <ago 2026-06-08T12:00:00Z>; something was pushed since');
    expect(text).toContain('Let in: by @rita until <minute 2026-06-08T12:00:00Z>: data loss');
  });

  it('says what conflicts and what it depends on, with the way there', () => {
    const conflict = {
      files: [{ path: 'a.cpp', kind: 'CONFLICT (contents)', ranges: [{ first: 3, last: 5 }] }],
      needs: [{ commit: ObjectId.parse('d'.repeat(40)), subject: 'Refactor (#6)', touched: 'lines' as const }],
    };
    const text = textOfDoc(
      changeDoc(viewOf({ picks: [pickViewOf({ state: 'conflict', pull: null, conflict })] }), roomOf()),
    );
    expect(text).toContain('a.cpp lines 3-5: (contents)');
    expect(text).toContain('#6 Refactor (#6) (the same lines)');
    expect(text).toContain('signalbox pick show 7 --repo core --onto release/2.8 --conflict');
  });

  it('offers to ask where nobody has, and says that none is live', () => {
    const asked = changeDoc(viewOf({ picks: [] }), roomOf());
    expect(textOfDoc(asked)).toContain('Not asked for onto release/2.8 (2.8.0). Phase 2, open until');
    expect(actionsOf(asked).map(({ href }) => href)).toEqual(['/pr/core/7/request']);
    expect(textOfDoc(changeDoc(viewOf({ picks: [], targets: [] }), roomOf()))).toContain(
      'No live release takes picks of core.',
    );
  });

  it('does not call unknown what is not there, nor the other way round', () => {
    const open = textOfDoc(changeDoc(viewOf({ commits: [], pull: { ...pull, state: 'open' } }), roomOf()));
    expect(open).toContain('is not merged, so no line can have it yet');
    const unknown = textOfDoc(
      changeDoc(viewOf({ commits: [], unread: 'git timed out', picksUnread: 'no forge' }), roomOf()),
    );
    expect(unknown).toContain('[no-data] Where core #7 is is not known: git timed out');
    expect(unknown).toContain('[no-data] What was asked for is not known: no forge');
    const none = textOfDoc(changeDoc(viewOf({ commits: [], pull: null, picks: [] }), roomOf()));
    expect(none).toContain('No commit of main in core is #7.');
  });

  it('makes no link of what is no https address', () => {
    const doc = changeDoc(viewOf({ picks: [pickViewOf({ fixes: 'javascript:alert(1)' })] }), roomOf());
    expect(JSON.stringify(doc)).not.toContain('"href":"javascript');
  });
});
