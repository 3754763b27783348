import { describe, expect, it } from 'vitest';
import { Instant } from '../../../domain/instant.ts';
import { RepoSlug } from '../../../domain/repo.ts';
import type { ForgeComment } from '../../../ports/forge.ts';
import { pickTrain } from '../../../testing/pick-train.ts';
import { commitId } from '../../../testing/small-train.ts';
import { standing } from '../../../testing/standing-pick.ts';
import { amendedLandings, landingComments, missingLandings, readNomination } from './index.ts';

const words = { train: pickTrain(), slug: RepoSlug.parse('acme/core'), web: 'https://forge.example' };
const at = Instant.parse('2026-06-01T12:00:00Z');
const link = (number: number): string => `https://forge.example/acme/core/pull/${number}`;

function comment(author: string, body: string, id = 1): ForgeComment {
  return { id, item: 3, author, body, writtenAt: at, editedAt: at, link: '' };
}

const picked = { does: 'pick', number: 107, link: link(107) } as const;
const reverted = { does: 'revert', number: 109, link: link(109) } as const;
const landed = standing({ pr: 7, landedBy: commitId('c'), seen: { landings: [picked] } });
const back = standing({ pr: 7, seen: { landings: [picked, reverted], takenBack: commitId('d') } });

describe('the comment about a landed pick', () => {
  const [own] = landingComments(landed, words);

  it('TRK-03: is in the three-block form, with its marker', () => {
    expect(landingComments(landed, words)).toHaveLength(1);
    expect(own?.text).toBe(
      [
        '<!-- signalbox:landed core/7>release/2.8 pick #107 -->',
        'Link to landed trunk PR (if applicable):',
        `* ${link(7)}`,
        '',
        'Link to release branch PR:',
        `* ${link(107)}`,
        '',
        'Criteria Category:',
        '* Regression - https://forge.example/acme/core/issues/5',
        '',
      ].join('\n'),
    );
    expect(readNomination(own?.text ?? '')).toMatchObject({ class: 'regression' });
  });

  it('TRK-03: of a revert names what it takes back', () => {
    const [, second] = landingComments(back, words);
    expect(readNomination(second?.text ?? '')).toMatchObject({
      trunk: [{ number: 7, reverts: true }],
      release: [{ number: 109 }],
      class: 'revert',
    });
  });

  it('links the commit where no pull request of ours brought it', () => {
    const byHand = standing({ pr: 7, landedBy: commitId('c'), seen: { landings: [] } });
    expect(landingComments(byHand, words)[0]?.text).toContain(
      `https://forge.example/acme/core/commit/${commitId('c')}`,
    );
    expect(landingComments(standing({ pr: 7 }), words)).toEqual([]);
  });

  it.each([
    ['is there already', [comment('box', own?.text ?? '')], 0],
    ['is there by a release manager', [comment('rita', own?.text ?? '')], 0],
    ['was copied by a stranger', [comment('mallory', own?.text ?? '')], 1],
    [
      'was written by hand by the author',
      [comment('alice', `Link to landed trunk PR:\n#7\nLink to release branch PR:\n#107\nCriteria Category:\ndocs`)],
      0,
    ],
    [
      'was written by hand by a stranger',
      [comment('mallory', `Link to landed trunk PR:\n#7\nLink to release branch PR:\n#107\nCriteria Category:\ndocs`)],
      1,
    ],
    [
      'is there for another pull request',
      [comment('box', (own?.text ?? '').replaceAll(/(?<=#|pull\/)107/g, '1070'))],
      1,
    ],
  ])('is written once: it %s', (_name, there, missing) => {
    expect(missingLandings(own === undefined ? [] : [own], there, ['box', 'rita'])).toHaveLength(missing);
  });

  it('TRK-03: says in a block of its own, once, by what the pick was taken back', () => {
    const wanted = landingComments(back, words);
    const there = [comment('box', own?.text ?? '', 5), comment('mallory', own?.text ?? '', 6)];
    const [amended, ...rest] = amendedLandings(back, there, { wanted, me: 'box' });
    expect(rest).toEqual([]);
    expect(amended?.comment).toBe(5);
    expect(readNomination(amended?.text ?? '')).toMatchObject({
      revertedBy: [{ number: 109 }],
      release: [{ number: 107 }],
    });
    expect(amendedLandings(back, [comment('box', amended?.text ?? '', 5)], { wanted, me: 'box' })).toEqual([]);
    expect(amendedLandings(landed, there, { wanted: landingComments(landed, words), me: 'box' })).toEqual([]);
  });
});
