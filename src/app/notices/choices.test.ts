import { describe, expect, it } from 'vitest';
import { NO_CHOICE } from '../../domain/notice-choice.ts';
import { NotifierError } from '../../ports/notifier.ts';
import { Train } from '../../domain/train/train.ts';
import { smallTrain, TRAIN_DIGEST } from '../../testing/engine-world.ts';
import { memoryApp } from '../../testing/memory-app.ts';
import { noticesInMemory } from '../../testing/notices-in-memory.ts';
import { appAs } from '../app-as.ts';
import { changeChoice, NO_CHANGE } from './change.ts';
import { changeToldHow, confirmMail, proposeMail, testNotice, toldHow } from './choices.ts';

const train = Train.parse({ ...smallTrain, notices: { slack: { release: {}, ops: {} } } });
const loaded = { train, digest: TRAIN_DIGEST };

function world() {
  const notices = noticesInMemory();
  const app = memoryApp({ loaded, ...notices, telling: { ...notices.telling, rooms: ['release'] } });
  return {
    app,
    notifier: notices.telling.notifier,
    as: (login: string) => ({ ...app, who: () => Promise.resolve(login) }),
  };
}

const codeIn = (lines: readonly string[] | undefined): string =>
  /confirm (\S+)/.exec(lines?.join(' ') ?? '')?.[1] ?? '';

const changed = (change: Partial<typeof NO_CHANGE>, before = NO_CHOICE) => {
  const result = changeChoice(before, { ...NO_CHANGE, ...change }, train);
  return result.ok ? result.value : result.problems[0].text;
};

describe('what a person wishes', () => {
  it('is changed word by word, and the rest stays', () => {
    const all = changed({
      by: 'slack',
      zone: 'Europe/Berlin',
      quiet: '22:00 - 07:30',
      digest: '08:15',
      days: 'Mon, fri',
      room: '#ops',
    });
    expect(all).toMatchObject({
      by: 'slack',
      zone: 'Europe/Berlin',
      quiet: { from: '22:00', to: '07:30' },
      digest: { at: '08:15', days: ['mon', 'fri'] },
      room: 'ops',
    });
    if (typeof all === 'string') throw new Error(all);
    const one = changed({ kind: 'released', by: 'mention', when: 'digest', quiet: 'none', days: '' }, all);
    expect(one).toEqual({ ...all, quiet: 'none', kinds: { released: { by: 'mention', when: 'digest' } } });
    if (typeof one === 'string') throw new Error(one);
    const usual = { by: 'usual', zone: 'usual', quiet: 'usual', digest: 'usual', room: 'usual' };
    expect(changed(usual, one)).toEqual({ ...NO_CHOICE, kinds: one.kinds });
    expect(changed({ kind: 'released', by: 'usual' }, one)).toMatchObject({ kinds: { released: { when: 'digest' } } });
    expect(changed({ when: 'at-once' }, one)).toMatchObject({
      by: 'slack',
      kinds: { released: { by: 'mention', when: 'at-once' }, candidate: { when: 'at-once' } },
    });
  });

  it.each([
    [{ by: 'pigeon' }, 'There are: mail, slack, mention, none.'],
    [{ by: 'mail', kind: 'everything' }, 'There are: needs-you'],
    [{ kind: 'released' }, 'Say how you want to be told of released'],
    [{ when: 'now' }, 'There are: at-once, digest.'],
    [{ zone: 'Berlin' }, 'Write it as Europe/Berlin'],
    [{ quiet: '22-7' }, 'Write it as 22:00-07:00, or none.'],
    [{ digest: '9' }, 'Write it as 09:00.'],
    [{ days: 'monday' }, 'Write it as mon,wed,fri'],
    [{ room: 'opss' }, 'Did you mean ops? There are: release, ops.'],
  ])('%j is refused with what is taken instead', (change, text) => {
    expect(changed(change)).toContain(text);
  });

  it('is their own, told with what comes of it, and no room is for who does not work on the train', async () => {
    const { app, as } = world();
    const told = await changeToldHow(app, { ...NO_CHANGE, by: 'slack', room: 'release' });
    expect(told.ok && told.value.kinds.every(({ by }) => by === 'slack')).toBe(true);
    expect((await toldHow(as('stranger'))).choice).toEqual(NO_CHOICE);
    expect(await changeToldHow(as('stranger'), { ...NO_CHANGE, kind: 'pick-decided', by: 'slack' })).toMatchObject({
      problems: [{ code: 'role-missing' }],
    });
    expect(await testNotice(app, 'released')).toEqual({ ok: true, value: { to: '#release' } });
  });
});

describe('a mail address', () => {
  it('counts once the code that was sent there came back, in time', async () => {
    const { app, notifier, as } = world();
    await changeToldHow(app, { ...NO_CHANGE, by: 'mail' });
    await proposeMail(app, 'ana@example.org');
    expect((await toldHow(app)).choice.mail).toBeNull();
    expect(await testNotice(app, 'released')).toMatchObject({ problems: [{ code: 'not-told' }] });
    const code = codeIn(notifier.sent[0]?.items[0]?.lines);
    expect(notifier.sent[0]?.to).toEqual({ channel: 'mail', address: 'ana@example.org' });
    expect(await confirmMail(as('ben'), code)).toMatchObject({ problems: [{ code: 'notice-code' }] });
    expect(await confirmMail(app, 'guess')).toMatchObject({ problems: [{ code: 'notice-code' }] });
    expect(await proposeMail(app, 'other@example.org')).toMatchObject({ problems: [{ code: 'too-soon' }] });
    expect(await confirmMail(app, ` ${code} `)).toMatchObject({
      ok: true,
      value: { choice: { mail: 'ana@example.org', unproven: null } },
    });
    expect(await confirmMail(app, code)).toMatchObject({ problems: [{ code: 'notice-code' }] });
    expect(await testNotice(app, 'released')).toEqual({ ok: true, value: { to: 'ana@example.org' } });
    app.clock.move(61);
    await proposeMail(app, 'new@example.org');
    app.clock.move(3_600);
    expect(await confirmMail(app, codeIn(notifier.sent.at(-1)?.items[0]?.lines))).toMatchObject({ ok: false });
    expect((await toldHow(app)).choice.mail).toBe('ana@example.org');
    expect(await proposeMail(app, 'none')).toMatchObject({ ok: true, value: { choice: { mail: null } } });
  });

  it('is refused when it is none, when no mail is sent, and when the server takes none', async () => {
    const { app, notifier } = world();
    for (const typed of [
      '',
      'ana',
      'a@b',
      'a@b.example\r\nBcc: x@y.example',
      '"a b"@c.example',
      'a@b.example,c@d.example',
    ])
      expect(await proposeMail(app, typed)).toMatchObject({ problems: [{ code: 'notice-mail' }] });
    const mute = { ...app, telling: { ...app.telling, mail: false } };
    expect(await proposeMail(mute, 'ana@example.org')).toMatchObject({ problems: [{ code: 'no-mail' }] });
    notifier.failures.push(new NotifierError('unreachable', 'nobody answers'));
    expect(await proposeMail(app, 'ana@example.org')).toMatchObject({
      problems: [{ kind: 'no-data', text: 'Nothing was sent: nobody answers.' }],
    });
  });

  it('is not changed by a token that only reads, and nothing is sent with one', async () => {
    const { app, notifier } = world();
    const reading = await appAs(app, 'ana', 'read');
    await expect(changeToldHow(reading, { ...NO_CHANGE, by: 'mail' })).rejects.toThrow('may only read');
    await expect(proposeMail(reading, 'ana@example.org')).rejects.toThrow('may only read');
    expect((await toldHow(reading)).login).toBe('ana');
    expect(notifier.sent).toEqual([]);
  });
});
