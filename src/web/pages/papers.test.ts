import { describe, expect, it } from 'vitest';
import { roomOf, tableIn, wordsOf } from '../../testing/doc-says.ts';
import { textOfDoc } from '../../testing/doc-text.ts';
import { madeAsk, madeAsks, madeHandover, madeSync } from '../../testing/made-papers.ts';
import { asksDoc } from './asks.ts';
import { handoverDoc } from './handover.ts';
import { syncDoc } from './sync.ts';

const evil = '<img src=x onerror=alert(1)> @everyone';

describe('the page of asks', () => {
  it('says of each who is asked, until when, who sees to it and for whom, and what moves it', () => {
    const doc = asksDoc(madeAsks(), roomOf());
    expect(doc.title).toBe('(2) 2.8.0 asks, Small');
    const text = textOfDoc(doc);
    expect(text).toContain(
      'compiler | [needs-you] to be sent | the compiler team | 25 Jun, in 1 d | @dima for @olga until 30 Jun',
    );
    expect(text).toContain('Please publish 3.4.0.');
    expect(text).toContain('cannot be written yet: no candidate is final');
    expect(text).toContain('signalbox ask send 2.8.0 compiler');
    expect(tableIn(doc, 'asks').groups[0]?.rows.map(({ href }) => href)[0]).toBe('/r/2.8.0/gates/ask%3Acompiler');
  });

  it('never shows as known what could not be read, and says late', () => {
    const [, , late, unknown] = tableIn(asksDoc(madeAsks(), roomOf()), 'asks').groups[0]?.rows ?? [];
    expect(late?.cells[1]).toMatchObject({ state: 'failing', word: 'sent' });
    expect(late?.cells[3]).toBe('25 Jun, late');
    expect(unknown?.cells[1]).toMatchObject({ state: 'no-data', word: 'no data' });
    expect(unknown?.cells[3]).toBe('no date is planned');
  });

  it('says why it is empty and what to do; texts of others stay texts', () => {
    expect(wordsOf(asksDoc(madeAsks({ asks: [] }), roomOf()))).toContain('signalbox config explain asks');
    const doc = asksDoc(
      madeAsks({ asks: [madeAsk('compiler', { title: evil, body: evil, summary: evil })] }),
      roomOf(),
    );
    expect(tableIn(doc, 'asks').groups[0]?.rows[0]).toMatchObject({ cells: { 6: evil } });
  });
});

describe('the agenda', () => {
  it('has the meetings, what blocks, what is to be decided by whom, and the paper to paste', () => {
    const text = textOfDoc(syncDoc(madeSync(), roomOf()));
    expect(text).toContain('2 | 1 Jul');
    expect(text).toContain('[running] next');
    expect(text).toContain('approve plan p7k2m9 | [needs-you] needs you | Cut the branches of 2.8.0 | @ben, @cleo');
    expect(text).toContain('# Small 2.8.0');
    expect(syncDoc(madeSync(), roomOf()).command).toBe('signalbox people agenda 2.8.0');
  });

  it('says what plans the meetings where there are none, and which lists may be too short', () => {
    const none = { why: 'the train file has no launchSync', fix: 'set it: launchSync' };
    const view = madeSync({
      series: null,
      noSeries: none,
      next: null,
      picksUnread: 'no answer',
      asksUnread: 'down',
      asks: [],
    });
    const doc = syncDoc(view, roomOf());
    const words = wordsOf(doc);
    expect(words).toContain('No meeting is planned: the train file has no launchSync.');
    expect(words).toContain('[no-data] Which picks wait could not be read: no answer');
    expect(words).toContain('[no-data] What is asked of others could not be read: down');
    // Not "nothing is asked": that is not known.
    expect(words).not.toContain('Nothing is asked of others');
    expect(words).not.toContain('No pick of 2.8.0 waits');
  });
});

describe('the hand-over', () => {
  it('says who does what and for whom, what is open and owed', () => {
    const doc = handoverDoc(madeHandover(), roomOf());
    const text = textOfDoc(doc);
    expect(text).toContain('Docs | [pass] deputy | @dima until 30 Jun');
    expect(text).toContain('(for @olga, until 30 Jun) | @dima');
    expect(text).toContain('perf | [waived]');
    expect(tableIn(doc, 'open-later').empty).toBe('No later step waits for a gate.');
    const unread = madeHandover({ owed: [], picksUnread: 'no answer' });
    expect(wordsOf(handoverDoc(unread, roomOf()))).toContain(
      'Nothing of 2.8.0 waits for anybody, as far as could be read.',
    );
  });
});
