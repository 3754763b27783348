import { describe, expect, it } from 'vitest';
import { DiffView } from '../../api/views/diff.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { roomOf } from '../../testing/pick-views.ts';
import { diffDoc } from './diff.ts';

const commit = (number: number, changes: Record<string, unknown> = {}) => ({
  id: String(number).padStart(40, '0'),
  pull: number,
  title: `Change ${number} (#${number})`,
  class: 'exact',
  confidence: 'certain',
  cancelled: false,
  ...changes,
});
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const viewOf = (changes: Record<string, unknown> = {}): DiffView =>
  DiffView.parse({
    release: '2.8.0',
    from: '2.8.0-rc1',
    to: '2.8.0-rc2',
    repos: [{ repo: 'core', from: A, to: B, added: [commit(7), commit(8, { cancelled: true })], removed: [] }],
    without: [],
    unread: [],
    files: { known: false, reason: '2.8.0-rc1 was not recorded.' },
    ...changes,
  });

describe('the page of what changed', () => {
  it('tells commits by repository, and why files cannot be compared', () => {
    const text = textOfDoc(diffDoc(viewOf(), roomOf()));
    expect(text).toContain('[pass] 2 commits in 1 repository; nothing was lost');
    expect(text).toContain('#7 | exact | Change 7 | certain');
    expect(text).toContain('#8 | exact | Change 8 | cancels out');
    expect(text).toContain('cannot be compared: 2.8.0-rc1 was not recorded.');
  });

  it('says first of all what was lost, and does not say that nothing was where it is not known', () => {
    const repos = [{ repo: 'core', from: A, to: B, added: [], removed: [commit(7)] }];
    expect(textOfDoc(diffDoc(viewOf({ repos }), roomOf()))).toContain(
      'core: 1 commit of 2.8.0-rc1 is not in 2.8.0-rc2.',
    );
    const unread = [{ repo: 'vision', reason: 'git said no' }];
    const text = textOfDoc(diffDoc(viewOf({ unread, without: ['audio'] }), roomOf()));
    expect(text).toContain('[no-data] 2 commits');
    expect(text).toContain('Without both tags: audio.');
  });

  it('tells files with sizes, most changed first, and requirements', () => {
    const mib = 1024 ** 2;
    const files = {
      known: true,
      added: [{ cell: 'new', size: mib }],
      removed: [{ cell: 'gone', size: mib }],
      changed: [
        { cell: 'little', before: 100 * mib, after: 101 * mib },
        { cell: 'much', before: 821 * mib, after: 834 * mib },
      ],
      same: 3,
      requirements: [{ requirement: 'triton==3.4.0', change: 'added', cells: 24 }],
    };
    const text = textOfDoc(diffDoc(viewOf({ files }), roomOf()));
    expect(text).toContain('much | changed | 821 MiB | 834 MiB | +1.6 %');
    expect(text.indexOf('much')).toBeLessThan(text.indexOf('little'));
    expect(text).toContain('added | triton==3.4.0 | 24 files');
  });

  it('makes notes of what came, each in one line, without what cancels out', () => {
    const repos = [
      {
        repo: 'core',
        from: A,
        to: B,
        added: [
          commit(7, { title: 'Two\nlines' }),
          commit(8, { cancelled: true }),
          commit(9, { class: 'release-only' }),
        ],
        removed: [],
      },
    ];
    const { blocks } = diffDoc(viewOf({ repos }), roomOf({ view: 'notes' }));
    expect(blocks).toContainEqual({
      kind: 'code',
      label: 'Changes from 2.8.0-rc1 to 2.8.0-rc2, for the notes',
      text: '## core\n\n- Two lines (#7)',
    });
    const none = viewOf({ repos: [{ repo: 'core', from: A, to: A, added: [], removed: [] }] });
    expect(textOfDoc(diffDoc(none, roomOf()))).toContain('Same commit: core.');
    expect(textOfDoc(diffDoc(none, roomOf({ view: 'notes' })))).toContain('Nothing came from');
  });
});
