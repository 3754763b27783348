import type { CommandSpec } from '../command-spec.ts';
import { RELEASE, RELEASE_OR_NEWEST } from './arguments.ts';

const common = { group: 'PATCH AND SUPPORT' } as const;

/** Papers for people who meet about a release, or take it over. */
export const PEOPLE: readonly CommandSpec[] = [
  {
    ...common,
    words: ['people', 'agenda'],
    summary: 'agenda of the next sync, with a sheet for minutes',
    detail:
      'Markdown to paste: blockers, what is due, decisions, asks and picks as they stand now. It is written from what status, todo and ask list say.',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox people agenda 2.8.0'],
    exits: ['stale'],
    load: () => import('./people-agenda.ts'),
  },
  {
    ...common,
    words: ['people', 'handover'],
    summary: 'what whoever takes the release over must know',
    detail: 'Markdown to paste: who does what, what is open, what was opened by decision, what is owed by whom.',
    arguments: [RELEASE_OR_NEWEST],
    flags: [],
    examples: ['signalbox people handover 2.8.0'],
    exits: ['stale'],
    load: () => import('./people-handover.ts'),
  },
  {
    ...common,
    words: ['people', 'syncs'],
    summary: 'series of sync meetings, as .ics',
    detail:
      'From the cut until the week of the release, by launchSync of the train file. A meeting keeps its id, so that a calendar that imports the file again moves it.',
    arguments: [RELEASE],
    flags: [],
    examples: ['signalbox people syncs 2.8.0 > syncs.ics'],
    exits: [],
    load: () => import('./people-syncs.ts'),
  },
];
