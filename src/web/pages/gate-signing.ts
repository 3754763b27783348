import type { GateView } from '../../api/views/gate.ts';
import { gateHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type PageRoom } from '../doc.ts';
import { reasonField } from './fields.ts';

/** Signing a gate, and taking one's sign-off back; none for a gate that is judged from what was read. */
export function signActions(gate: GateView, release: string, room: PageRoom): readonly Action[] {
  const { signing } = gate;
  if (signing === undefined) return [];
  const login = room.viewer?.login ?? null;
  const hasSigned = login !== null && signing.signedBy.includes(login);
  const others = signing.signedBy.filter((each) => each !== login);
  const isManager = room.viewer?.roles.includes('release-manager') === true;
  return [
    ...(hasSigned ? [] : [signAction(gate, release, room, signing)]),
    ...(hasSigned ? [revokeAction(gate, release, room, login)] : []),
    ...(isManager ? others.map((each) => revokeAction(gate, release, room, each)) : []),
  ];
}

type SigningView = NonNullable<GateView['signing']>;

function signAction(gate: GateView, release: string, room: PageRoom, signing: SigningView): Action {
  const { bound, evidence } = signing;
  const needsLink = evidence === 'required';
  return {
    id: `sign-${gate.id}`,
    label: 'Sign',
    href: `${gateHref(release, gate.id)}/sign`,
    fields: [
      { name: 'manifest', label: 'Files', kind: 'hidden', value: bound?.manifest ?? '' },
      {
        name: 'evidence',
        label: 'Link',
        kind: 'text',
        required: needsLink,
        max: 2000,
        hint: 'Where others see what you have seen: https://…',
      },
      { ...reasonField('What you have seen. Others will read it in the log.'), label: 'Note', required: false },
    ],
    command: `signalbox gate sign ${release} ${gate.id}${needsLink ? ' --evidence LINK' : ''} -m NOTE`,
    undo: 'full',
    barred: barredOf(signing, room),
    tells:
      bound === null
        ? `You sign ${gate.id} for ${release}. It stands in the log with your name.`
        : `You sign ${gate.id} for the files of ${bound.candidate} as they are now; when they change, it is void. It stands in the log with your name.`,
  };
}

/** By role or by name. */
function barredOf({ people, roles }: SigningView, room: PageRoom): string | null {
  const anybody = barredFrom(room, []);
  const { viewer } = room;
  if (anybody !== null || viewer === null) return anybody;
  if (people.includes(viewer.login) || roles.some((role) => viewer.roles.includes(role))) return null;
  if (people.length === 0) return barredFrom(room, roles);
  const names = people.map((login) => `@${login}`).join(', ');
  return `For ${names}${roles.length === 0 ? '' : `, or the role ${roles.join(' or ')}`}`;
}

function revokeAction(gate: GateView, release: string, room: PageRoom, login: string): Action {
  const isOwn = room.viewer?.login === login;
  return {
    id: `revoke-${gate.id}-${login}`,
    label: isOwn ? 'Take back your sign-off' : `Take back the sign-off of @${login}`,
    href: `${gateHref(release, gate.id)}/revoke`,
    fields: [{ name: 'of', label: 'Whose', kind: 'hidden', value: login }, reasonField()],
    command: `signalbox gate sign ${release} ${gate.id} --revoke${isOwn ? '' : ` --of ${login}`} -m REASON`,
    undo: 'full',
    barred: barredFrom(room, []),
    tells: `${gate.id} of ${release} closes again, unless enough others have signed.`,
  };
}
