import type { NextPlan, ReleaseView } from '../../api/views/release.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type PageRoom } from '../doc.ts';
import { reasonField } from './fields.ts';

const MANAGER = ['release-manager'];

/** Each plan that can be made from a page, in the order of the process. */
const PLANS: readonly { readonly plan: NextPlan; readonly label: string; readonly tells: string }[] = [
  {
    plan: 'branch cut',
    label: 'Plan branch cut',
    tells: 'the release branches of every repository that may be cut now',
  },
  { plan: 'rc cut', label: 'Plan candidate', tells: 'a tag in every repository that has something new' },
  {
    plan: 'promote stage',
    label: 'Plan staging',
    tells: 'the wheels as the package index takes them; each is read once',
  },
  {
    plan: 'promote stable',
    label: 'Plan stable',
    tells: 'the final files into the stable channels, and their indexes',
  },
  {
    plan: 'promote pypi',
    label: 'Plan package index',
    tells: 'the upload that cannot be taken back, and the final tags',
  },
];

/** Makes a saved plan and shows it; nothing is carried out. */
export function planAction(release: string, wanted: NextPlan, room: PageRoom): Action {
  const known = PLANS.find(({ plan }) => plan === wanted);
  return {
    id: `plan-${wanted.replace(' ', '-')}`,
    label: known?.label ?? `Plan ${wanted}`,
    href: `${releaseHref(release)}/plan/${wanted.replace(' ', '-')}`,
    fields: [],
    command: `signalbox ${wanted} ${release}`,
    undo: 'full',
    barred: barredFrom(room, MANAGER),
    tells: `Writes down a plan: ${known?.tells ?? wanted}. Nothing is carried out before somebody applies it.`,
  };
}

export function freezeActions(isFrozen: boolean, room: PageRoom): readonly Action[] {
  return isFrozen
    ? [
        {
          id: 'thaw',
          label: 'Thaw train',
          href: '/thaw',
          fields: [reasonField()],
          command: 'signalbox release thaw -m REASON',
          undo: 'full',
          barred: barredFrom(room, MANAGER),
          tells: 'Plans may be carried out again.',
        },
      ]
    : [
        {
          id: 'freeze',
          label: 'Freeze train',
          href: '/freeze',
          fields: [reasonField()],
          command: 'signalbox release freeze -m REASON',
          undo: 'full',
          barred: barredFrom(room, ['release-manager', 'approver']),
          tells:
            'Nothing is carried out on the whole train before it is thawed; what is being carried out ends before its next step.',
        },
      ];
}

export function createAction(unopened: string | null, room: PageRoom): Action {
  return {
    id: 'create-release',
    label: 'Open release',
    href: '/releases',
    fields: [
      {
        name: 'release',
        label: 'Release',
        kind: 'text',
        required: true,
        max: 20,
        hint: 'X.Y.Z',
        ...(unopened === null ? {} : { value: unopened }),
      },
    ],
    command: 'signalbox release create RELEASE',
    undo: 'partial',
    barred: barredFrom(room, MANAGER),
    tells: 'The release is live from then on. It can be closed, and not opened a second time.',
  };
}

/** Ends of a release: closed when it is over, abandoned for ever. */
export function endActions(view: ReleaseView, room: PageRoom): readonly Action[] {
  const { release } = view;
  if (!view.opened || view.closed !== null) return [];
  const barred = barredFrom(room, MANAGER);
  return [
    {
      id: 'close-release',
      label: 'Close release',
      href: `${releaseHref(release)}/close`,
      fields: [reasonField()],
      command: `signalbox release close ${release} -m REASON`,
      undo: 'none',
      barred,
      tells: 'Its record is frozen; it cannot be opened again.',
    },
    {
      id: 'abandon-release',
      label: 'Abandon release',
      href: `${releaseHref(release)}/abandon`,
      fields: [reasonField()],
      command: `signalbox release abandon ${release} -m REASON`,
      phrase: `abandon ${release}`,
      undo: 'none',
      barred,
      tells: `Nothing is planned or carried out with ${release} again, for ever; only taking back goes on.`,
    },
  ];
}

/** Marking the newest recorded candidate as final, or taking the mark back. */
export function finalActions(view: ReleaseView, room: PageRoom): readonly Action[] {
  const { final, release } = view;
  const barred = barredFrom(room, MANAGER);
  if (final !== null) {
    return [
      {
        id: 'withdraw-final',
        label: `Withdraw ${final.candidate} as final`,
        href: `${releaseHref(release)}/withdraw-final`,
        fields: [{ name: 'candidate', label: 'Candidate', kind: 'hidden', value: final.candidate }, reasonField()],
        command: `signalbox rc final ${final.candidate} --withdraw -m REASON`,
        undo: 'full',
        barred,
        tells: 'Plans that publish it are refused from then on.',
      },
    ];
  }
  const newest = view.recorded.find(({ abandoned }) => !abandoned);
  if (newest === undefined) return [];
  const { candidate, files } = newest;
  return [
    {
      id: 'mark-final',
      label: `Mark ${candidate} as final`,
      href: `${releaseHref(release)}/final`,
      fields: [
        { name: 'candidate', label: 'Candidate', kind: 'hidden', value: candidate },
        { ...reasonField(), required: false },
      ],
      command: `signalbox rc final ${candidate} -m REASON`,
      undo: 'full',
      barred,
      tells: `${candidate} becomes ${release}, with exactly the ${files} files that were recorded of it.`,
    },
  ];
}
