import { fillText } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import type { CutFacts } from './read.ts';
import { trackerMarker } from './tracker-marker.ts';

/** The body of the tracker issue: the branches, how to ask for a pick, what is taken. Rendered afresh from the world later on; what people write below the last line stays. */
export function trackerBody(facts: CutFacts, train: Train): string {
  const { release, repos } = facts;
  const rows = repos.map(({ repo }) => {
    const name = repo.entry.slug ?? repo.key;
    const when = repo.entry.role === 'domain' ? 'after the first candidate of core' : 'with this issue';
    return `| ${name} | \`${repo.branch}\` | ${repo.release} | ${when} |`;
  });
  const managers = train.roles['release-manager'].map((login) => `@${login}`).join(', ');
  const criteria = Object.values(train.picks.classes).map(
    ({ title, criterion }, index) => `${index + 1}. ${title}: ${criterion}`,
  );
  return [
    `<!-- ${trackerMarker(release)} -->`,
    `This issue tracks what goes into ${train.title} ${release} after the branch cut.`,
    '',
    '| repository | branch | version | cut |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## How to ask for a cherry-pick',
    '',
    '1. Land the change on the default branch first.',
    `2. Open a pull request with the same change against the release branch (${fillText(train.branches.release, { release })}).`,
    '3. Comment here in this form:',
    '',
    '```text',
    'Link to landed trunk PR (if applicable):',
    '* ',
    '',
    'Link to release branch PR:',
    '* ',
    '',
    'Criteria Category:',
    '* ',
    '```',
    '',
    ...(criteria.length === 0 ? [] : ['## What is taken', '', ...criteria, '']),
    `A release manager decides: ${managers === '' ? 'the train file names none yet' : managers}.`,
    '',
    '<!-- signalbox:end --> Text below this line is yours and never touched.',
    '',
  ].join('\n');
}
