import { ObjectId, tagRef } from '../../domain/git-names.ts';
import { epochMillis } from '../../domain/instant.ts';
import type { TagDraft } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
import { safeText } from './address.ts';
import type { Mirror } from './mirror.ts';
import { inMirror } from './mirror.ts';
import { CommandFailure } from './process.ts';
import { signatureLine, withLastNewline } from './write-commit.ts';

/** Writes an annotated tag object and gives its id. Unsigned, the same draft gives the same id. */
export async function writeTagObject(mirror: Mirror, draft: TagDraft): Promise<ObjectId> {
  if (!isTagName(draft.tag)) {
    throw new GitError('failed', `${mirror.at.repo}: ${JSON.stringify(draft.tag)} is not a tag name that git accepts.`);
  }
  const tagger = signatureLine(mirror, draft.tagger, draft.date);
  if (draft.sign) return writeSigned(mirror, draft);
  const head = `object ${draft.commit}\ntype commit\ntag ${draft.tag}\ntagger ${tagger}\n\n`;
  const { stdout } = await inMirror(mirror, ['mktag', '--strict'], {
    input: `${head}${withLastNewline(draft.message)}`,
  });
  return ObjectId.parse(stdout.toString('latin1').trim());
}

function isTagName(tag: string): boolean {
  try {
    tagRef(tag);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name.includes('ZodError')) return false;
    throw error;
  }
}

/** Git signs with the key and the program that the user's own configuration names: OpenPGP, ssh or X.509. */
async function writeSigned(mirror: Mirror, draft: TagDraft): Promise<ObjectId> {
  const date = `${Math.floor(epochMillis(draft.date) / 1000)} +0000`;
  const { name, email } = draft.tagger;
  const variables = { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date };
  const options = ['--annotate', '--sign', '--force', '--cleanup=verbatim', '--file=-', '--end-of-options'];
  const message = withLastNewline(draft.message);
  try {
    const args = ['tag', ...options, draft.tag, draft.commit];
    const { stderr } = await inMirror(mirror, args, { kind: 'signing', input: message, variables });
    const written = await inMirror(mirror, ['cat-file', '--batch'], { input: `refs/tags/${draft.tag}\n` });
    const content = written.stdout.toString('utf8');
    // Git 2.39 writes the tag without a signature, and ends well, when the ssh key cannot be read: only the object tells.
    const end = content.indexOf(`\n\n${message}`) + 2 + message.length;
    if (!SIGNATURE.test(content.slice(end))) throw notSigned(mirror, draft, stderr);
    return ObjectId.parse(content.slice(0, content.indexOf(' ')));
  } catch (error) {
    const refused = error instanceof CommandFailure && /sign|gpg|secret key/i.test(error.outcome.stderr);
    throw refused ? notSigned(mirror, draft, error.outcome.stderr, error) : error;
  }
}

const SIGNATURE = /^-----BEGIN (?:SSH SIGNATURE|PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE)-----/;

function notSigned(mirror: Mirror, draft: TagDraft, said: string, cause?: unknown): GitError {
  const advice =
    'Set user.signingKey (and gpg.format, when it is not OpenPGP) in your git configuration, and try `git tag -s` by hand.';
  const text = `${mirror.at.repo}: the tag ${draft.tag} could not be signed. ${advice} Git said: ${safeText(said, mirror.secrets)}`;
  return new GitError('failed', text, { cause });
}
