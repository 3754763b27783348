import { ObjectId, tagRef } from '../../domain/git-names.ts';
import { epochMillis } from '../../domain/instant.ts';
import type { TagDraft } from '../../ports/git.ts';
import { GitError } from '../../ports/git.ts';
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
  const args = [
    'tag',
    '--annotate',
    '--sign',
    '--force',
    '--cleanup=verbatim',
    '--file=-',
    '--end-of-options',
    draft.tag,
    draft.commit,
  ];
  try {
    await inMirror(mirror, args, { kind: 'signing', input: withLastNewline(draft.message), variables });
  } catch (error) {
    const unsigned =
      error instanceof CommandFailure &&
      /failed to sign|unable to sign|gpg|signing ?key|ssh-keygen/i.test(error.outcome.stderr);
    if (!unsigned) throw error;
    const text = `${mirror.at.repo}: the tag ${draft.tag} could not be signed. Set user.signingKey (and gpg.format, when it is not OpenPGP) in your git configuration, and try \`git tag -s\` by hand. ${error.outcome.stderr.trim()}`;
    throw new GitError('failed', text, { cause: error });
  }
  const { stdout } = await inMirror(mirror, [
    'rev-parse',
    '--verify',
    '--end-of-options',
    `refs/tags/${draft.tag}^{tag}`,
  ]);
  return ObjectId.parse(stdout.toString('latin1').trim());
}
