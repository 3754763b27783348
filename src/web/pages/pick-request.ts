import type { PicksView } from '../../api/views/picks.ts';
import { changeHref, releaseHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type PageRoom } from '../doc.ts';
import { choicesOf } from './pick-parts.ts';

/** What a form for a request has to know. */
export type RequestPlace = Pick<PicksView, 'branches' | 'classes' | 'release'>;

/** The form that asks for a pick; of one change where it is named. */
export function requestAction(
  { branches, classes, release }: RequestPlace,
  room: PageRoom,
  change: { readonly repo: string; readonly pr: number } | null = null,
): Action {
  const own = change === null ? branches : branches.filter(({ repo }) => repo === change.repo);
  const target =
    change === null
      ? [
          {
            name: 'repo',
            label: 'Repository',
            kind: 'choice' as const,
            choices: choicesOf(branches.map(({ repo }) => repo)),
          },
          { name: 'pr', label: 'Pull request', kind: 'text' as const, required: true, hint: 'Its number', max: 9 },
        ]
      : [];
  return {
    id: change === null ? 'request' : `request-${change.repo}-${change.pr}-${release}`,
    label: 'Request pick',
    href: change === null ? `${releaseHref(release)}/picks/request` : `${changeHref(change)}/request`,
    fields: [
      ...target,
      { name: 'onto', label: 'Onto', kind: 'choice', choices: choicesOf(own.map(({ branch }) => branch)) },
      {
        name: 'class',
        label: 'Class',
        kind: 'choice',
        choices: classes.map(({ name, title, criterion }) => ({ value: name, label: `${title}: ${criterion}` })),
      },
      {
        name: 'fixes',
        label: 'Issue that it fixes',
        kind: 'text',
        hint: 'Its address, or owner/name#NUMBER',
        max: 300,
      },
    ],
    command:
      change === null
        ? 'signalbox pick request PR --repo REPO --onto ONTO -c CLASS --fixes FIXES'
        : `signalbox pick request ${change.pr} --repo ${change.repo} --onto ONTO -c CLASS --fixes FIXES`,
    undo: 'full',
    barred: barredFrom(room, []),
    tells:
      'The request is written down and judged by the rules of the phase; then the pick is planned, and nothing is pushed before the plan is applied.',
  };
}
