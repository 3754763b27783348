import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../domain/observation.ts';
import { RepoKey } from '../../domain/repo.ts';
import { PatchPolicy } from '../../domain/train/policy.ts';
import type { ForgeItem } from '../../ports/forge.ts';
import { NOW } from '../../testing/small-train.ts';
import { suggestTriage, type TriageFacts } from './triage.ts';

const policy = PatchPolicy.parse({
  regression: { labels: ['module: regression'], words: ['regression from'] },
  severe: { labels: ['module: crash', 'security'] },
  documentation: { labels: ['*: docs'] },
  criteria: [
    {
      id: 'core-functionality',
      question: 'Does it break core functionality?',
      yes: { labels: ['high priority'] },
      no: { roles: ['infra'] },
    },
    {
      id: 'no-workaround',
      question: 'Is there no workaround?',
      yes: { words: ['no workaround', 'without a workaround'] },
      no: { words: ['workaround:', 'a workaround'] },
    },
  ],
});

const LINK = 'https://forge.example/acme/core/issues/7#c1';

function factsOf({
  labels = [],
  body = '',
  comments = [],
  role = 'core',
}: {
  readonly labels?: readonly string[];
  readonly body?: string;
  readonly comments?: readonly string[];
  readonly role?: string;
}): TriageFacts {
  const item: ForgeItem = {
    number: 7,
    title: 'matmul is wrong',
    body,
    isPullRequest: false,
    open: true,
    author: 'alice',
    assignees: [],
    labels,
    milestone: null,
    openedAt: NOW,
    updatedAt: NOW,
    link: 'https://forge.example/acme/core/issues/7',
  };
  const written = { item: 7, author: 'bob', writtenAt: NOW, editedAt: NOW, link: LINK };
  return {
    repo: RepoKey.parse('core'),
    role,
    item,
    comments: known(
      comments.map((text, id) => ({ ...written, id, body: text })),
      NOW,
      'forge',
    ),
    fix: known({ commits: [], verdict: 'no-commit' }, NOW, 'git'),
  };
}

const answersOf = (facts: TriageFacts) =>
  Object.fromEntries(suggestTriage(facts, policy).criteria.map(({ id, answer }) => [id, answer]));

describe('what the evidence suggests of a candidate', () => {
  it('is to accept only where every criterion is answered with yes, each with what it was found in', () => {
    const facts = factsOf({
      labels: ['High Priority', 'module: regression'],
      comments: ['I know of no workaround: it is in the kernel'],
    });
    const suggestion = suggestTriage(facts, policy);
    expect(suggestion).toMatchObject({
      suggests: 'accept',
      criteria: [
        { id: 'regression', answer: 'yes', signs: [{ text: 'label "module: regression"', link: null }] },
        { id: 'core-functionality', answer: 'yes', signs: [{ text: 'label "High Priority"' }] },
        {
          id: 'no-workaround',
          answer: 'yes',
          signs: [{ text: '@bob: I know of no workaround: it is in the kernel', link: LINK }],
        },
        { id: 'not-documentation-alone', answer: 'unknown' },
      ],
    });
  });

  it('is unknown where nothing speaks for an answer: what nobody said is neither a yes nor a no', () => {
    const suggestion = suggestTriage(factsOf({ labels: ['high priority'] }), policy);
    expect(suggestion).toMatchObject({
      suggests: 'unknown',
      because: 'nobody can tell yet: regression, no-workaround',
    });
    expect(suggestion.criteria[0]?.why).toBe('nothing speaks for an answer');
  });

  it('is to decline what has a workaround, with who said so', () => {
    const facts = factsOf({ labels: ['high priority', 'security'], body: 'Workaround: set FOO=1' });
    expect(suggestTriage(facts, policy)).toMatchObject({
      suggests: 'decline',
      because: 'answered with no: no-workaround',
      criteria: [{}, {}, { answer: 'no', signs: [{ speaks: 'no', text: '@alice: Workaround: set FOO=1' }] }, {}],
    });
  });

  it('is never to accept documentation alone, but a crash with a page to mend is more than that', () => {
    const labels = ['high priority', 'module: docs', 'module: regression'];
    const body = 'no workaround';
    expect(suggestTriage(factsOf({ labels, body }), policy)).toMatchObject({
      suggests: 'decline',
      because: 'documentation alone is no reason for a patch release',
    });
    expect(suggestTriage(factsOf({ labels: [...labels, 'module: crash'], body }), policy).suggests).toBe('accept');
  });

  it('is unknown where people contradict each other, with what both said', () => {
    const facts = factsOf({ comments: ['There is no workaround', 'Workaround: downgrade'] });
    const [, , workaround] = suggestTriage(facts, policy).criteria;
    expect(workaround).toMatchObject({ answer: 'unknown', why: 'the evidence speaks for both' });
    expect(workaround?.signs.map(({ speaks }) => speaks)).toEqual(['yes', 'no']);
  });

  it('does not take a form, code or a quote for what somebody says', () => {
    const body = '<!-- Workaround: describe it -->\n```\nworkaround: x\n```\n> workaround: of another issue\n';
    expect(answersOf(factsOf({ body }))['no-workaround']).toBe('unknown');
    expect(answersOf(factsOf({ body: 'We live without a workaround' }))['no-workaround']).toBe('yes');
  });

  it('tells by the repository it stands in, and says when comments could not be read', () => {
    expect(answersOf(factsOf({ role: 'infra' }))['core-functionality']).toBe('no');
    const facts = { ...factsOf({}), comments: unknown('the forge said 403', NOW, 'forge') };
    expect(suggestTriage(facts, policy).criteria[2]?.why).toBe(
      'nothing speaks for an answer; its comments could not be read: the forge said 403',
    );
  });

  it('shows a long text cut, and of many that say the same only some', () => {
    const facts = factsOf({ body: Array.from({ length: 9 }, () => `a workaround ${'x'.repeat(300)}`).join('\n') });
    const signs = suggestTriage(facts, policy).criteria[2]?.signs ?? [];
    expect(signs).toHaveLength(3);
    expect(signs[0]?.text.length).toBeLessThan(140);
  });
});
