import { AsksView, type AskView } from '../api/views/asks.ts';
import { HandoverView, SyncView } from '../api/views/papers.ts';
import type { DutyView } from '../api/views/todo.ts';
import { Instant } from '../domain/instant.ts';
import { ReleaseVersion } from '../domain/version.ts';
import { NOW } from './engine-world.ts';
import { madeGate } from './made-views.ts';

const RELEASE = ReleaseVersion.parse('2.8.0');

/** An ask that is to be sent, with its text; its owner is away. */
export function madeAsk(name: string, changes: Partial<AskView> = {}): AskView {
  const [ask] = AsksView.parse({
    release: RELEASE,
    title: 'Small',
    asks: [
      {
        name,
        title: 'Release of compiler 3.4.0 for 2.8',
        to: 'the compiler team',
        state: 'to-send',
        verdict: 'needs-you',
        summary: 'not asked of the compiler team yet: Release of compiler 3.4.0 for 2.8; due 25 Jun, in 1 d',
        fix: `signalbox ask send 2.8.0 ${name}`,
        due: '2025-06-25',
        late: false,
        owners: ['olga', 'ana'],
        acts: { who: 'dima', for: 'olga', until: '2025-06-30' },
        sent: null,
        holds: 'final',
        evidence: [{ state: 'open', text: 'the index has no compiler 3.4.0', link: null, source: 'index', at: NOW }],
        body: 'Please publish 3.4.0.\n',
        missing: [],
      },
    ],
  }).asks;
  if (ask === undefined) throw new Error('there is one');
  return { ...ask, ...changes };
}

/** Asks in every state but done. */
export function madeAsks(changes: Partial<AsksView> = {}): AsksView {
  return {
    release: RELEASE,
    title: 'Small',
    asks: [
      madeAsk('compiler'),
      madeAsk('hosts', {
        state: 'not-yet',
        verdict: 'queued',
        body: null,
        missing: ['no candidate is final'],
        acts: null,
      }),
      madeAsk('index', {
        state: 'sent',
        verdict: 'failing',
        late: true,
        sent: { how: 'recorded', by: 'olga', at: NOW, link: 'https://forum.example/7', text: '' },
      }),
      madeAsk('branch', { state: 'unknown', verdict: 'no-data', due: null, holds: null }),
    ],
    ...changes,
  };
}

const duty: DutyView = {
  kind: 'approval',
  release: RELEASE,
  name: 'approve plan p7k2m9',
  state: 'needs-you',
  word: 'needs you',
  text: 'Cut the branches of 2.8.0',
  since: NOW,
  until: null,
  command: 'signalbox plan show p7k2m9',
  standIn: null,
};

const common = {
  release: RELEASE,
  title: 'Small',
  blocking: [madeGate('ci-green')],
  due: [],
  asks: [madeAsk('compiler')],
  asksUnread: null,
  picksUnread: null,
  text: '# Small 2.8.0\n\n- `ci-green`\n',
};

function meeting(number: number, day: string): object {
  return {
    number,
    date: day,
    starts: Instant.parse(`${day}T16:00:00Z`),
    ends: Instant.parse(`${day}T16:30:00Z`),
    tentative: number > 1,
  };
}

/** The agenda of the second of two meetings. */
export function madeSync(changes: Partial<SyncView> = {}): SyncView {
  return SyncView.parse({
    ...common,
    series: {
      title: 'release sync',
      zone: 'Europe/Berlin',
      link: 'https://meet.example/1',
      meetings: [meeting(1, '2025-06-17'), meeting(2, '2025-07-01')],
    },
    noSeries: null,
    next: 2,
    decide: { gates: [madeGate('sign-off', { verdict: 'needs-you' })], duties: [{ who: ['ben', 'cleo'], duty }] },
    picks: [],
    ...changes,
  });
}

/** A hand-over in which somebody stands in. */
export function madeHandover(changes: Partial<HandoverView> = {}): HandoverView {
  return HandoverView.parse({
    ...common,
    people: {
      title: 'Small',
      releases: [RELEASE],
      roles: [{ role: 'release-manager', logins: ['ana'] }],
      workstreams: [
        {
          workstream: 'docs',
          title: 'Docs',
          poc: ['olga'],
          deputies: [],
          who: 'dima',
          stands: 'deputy',
          until: '2025-06-30',
        },
      ],
      away: [{ login: 'olga', name: '', from: '2025-06-20', to: '2025-06-30', acts: 'dima' }],
    },
    later: [],
    waived: [madeGate('perf', { verdict: 'waived' })],
    owed: [
      { who: 'ben', duties: [duty] },
      {
        who: 'dima',
        duties: [{ ...duty, kind: 'gate', name: 'docs', standIn: { is: 'for', who: 'olga', until: '2025-06-30' } }],
      },
    ],
    ...changes,
  });
}
