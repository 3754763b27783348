import type { Block, Doc } from '../../web/doc.ts';

function docOf(heading: string, blocks: readonly Block[], command: string | null = null): Doc {
  return { title: heading, heading, tab: 'train', release: null, command, blocks };
}

/** What the address of a page would look like that begins signing in by the forge. */
function forgePath(back: string): string {
  return `/sign-in/forge?${new URLSearchParams({ back }).toString()}`;
}

export function signInDoc(ways: { readonly link: boolean; readonly forge: boolean }, back: string): Doc {
  const blocks: Block[] = [];
  if (ways.forge) {
    const link = { kind: 'link', href: forgePath(back), text: 'Sign in with GitHub' } as const;
    blocks.push({ kind: 'paragraph', text: [link, '. It is asked who you are, and nothing else.'] });
  }
  if (ways.link) {
    const text =
      'This server listens to this machine only. Whoever started it gets a link that signs in once, within ten minutes:';
    blocks.push({ kind: 'paragraph', text }, { kind: 'code', text: 'signalbox auth link', label: 'In a terminal' });
  }
  if (blocks.length === 0) {
    const next = 'Whoever runs the server sets SIGNALBOX_OAUTH_ID and SIGNALBOX_OAUTH_SECRET.';
    blocks.push({ kind: 'notice', tone: 'warn', text: 'Nobody can sign in here.', next });
  }
  return docOf('Sign in', blocks, ways.link ? 'signalbox auth link' : null);
}

/** It did not work, and what to do next. */
export function failedDoc(text: string, next: string): Doc {
  const again = { kind: 'link', href: '/sign-in', text: 'Begin again' } as const;
  return docOf('Not signed in', [{ kind: 'notice', tone: 'error', text, next: [next, ' ', again] }]);
}

export function barredDoc(login: string): Doc {
  const who = { kind: 'person', login } as const;
  const text = [
    'The forge says that you are ',
    who,
    ', and the train gives you no role, which it asks of its readers.',
  ];
  const next = 'A release manager can name you, or a team of yours, under `roles` in the train file.';
  return docOf('Not let in', [{ kind: 'notice', tone: 'warn', text, next }]);
}

export function signedOutDoc(isEverywhere: boolean): Doc {
  const again = { kind: 'link', href: '/sign-in', text: 'Sign in again' } as const;
  const what = isEverywhere ? 'Every session of yours has ended, in every browser; tokens stay. ' : '';
  return docOf('Signed out', [{ kind: 'paragraph', text: [what, again, '.'] }]);
}
