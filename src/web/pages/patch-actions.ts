import type { CandidateView } from '../../api/views/patch.ts';
import { releaseHref } from '../../domain/page-path.ts';
import { barredFrom, type Action, type Field, type PageRoom } from '../doc.ts';
import { reasonField } from './fields.ts';

const PEOPLE: Field = {
  name: 'people',
  label: 'With',
  kind: 'text',
  max: 400,
  hint: 'Logins of those who decided it too, with blanks between them.',
};

/** Accepting or declining one candidate; triage reviewers alone. */
export function candidateActions(release: string, { repo, item }: CandidateView, room: PageRoom): readonly Action[] {
  const barred = barredFrom(room, ['triage-reviewer']);
  return (['accepted', 'declined'] as const).map((verdict): Action => {
    const verb = verdict === 'accepted' ? 'accept' : 'reject';
    return {
      id: `patch-${verb}-${repo}-${item}`,
      label: verdict === 'accepted' ? 'Accept candidate' : 'Decline candidate',
      href: `${releaseHref(release)}/patch/decide-candidate`,
      fields: [
        { name: 'repo', label: 'Repository', kind: 'hidden', value: repo },
        { name: 'item', label: 'Number', kind: 'hidden', value: String(item) },
        { name: 'verdict', label: 'Verdict', kind: 'hidden', value: verdict },
        PEOPLE,
        reasonField(),
      ],
      command: `signalbox patch decide ${release} --issue ${item} --repo ${repo} --${verb} -m REASON`,
      undo: 'full',
      barred,
      tells:
        verdict === 'accepted'
          ? `Writes down that ${repo}#${item} belongs into ${release}; its milestone follows by a plan.`
          : `Writes down that ${repo}#${item} does not belong into ${release}.`,
    };
  });
}

/** Saying go or no-go. */
export function goActions(release: string, room: PageRoom): readonly Action[] {
  const barred = barredFrom(room, ['release-manager']);
  return (['go', 'no-go'] as const).map((decision) => ({
    id: `patch-${decision}`,
    label: decision === 'go' ? 'Record go' : 'Record no-go',
    href: `${releaseHref(release)}/patch/decide`,
    fields: [{ name: 'decision', label: 'Decision', kind: 'hidden', value: decision }, PEOPLE, reasonField()],
    command: `signalbox patch decide ${release} --${decision} -m REASON`,
    undo: 'full' as const,
    barred,
    tells:
      decision === 'go'
        ? `There is to be ${release}: its tracker can be opened and candidates cut.`
        : `There is not to be ${release}; its tracker and candidates stay shut.`,
  }));
}

/** The plans that follow from decisions. */
export function planActions(release: string, room: PageRoom): readonly Action[] {
  const barred = barredFrom(room, ['release-manager']);
  return [
    {
      id: 'patch-milestones',
      label: 'Plan milestones',
      href: `${releaseHref(release)}/patch/milestones`,
      fields: [],
      command: `signalbox patch triage ${release} --milestones`,
      undo: 'full',
      barred,
      tells: 'Plans the milestones as triage decided; nothing is carried out.',
    },
    {
      id: 'patch-ask',
      label: 'Plan to ask authors',
      href: `${releaseHref(release)}/patch/ask`,
      fields: [],
      command: `signalbox patch owed ${release} --ask`,
      undo: 'none',
      barred,
      tells: 'Plans one comment on each pull request whose author has not posted a pick; nothing is carried out.',
    },
  ];
}
