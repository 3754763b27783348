import { GitError } from '../../ports/git.ts';
import type { RemoteRepo } from '../../ports/git.ts';
import { safeText } from './address.ts';
import type { GitOutcome } from './process.ts';

/** What git's own words mean (LC_ALL=C). The order matters: the first that matches is it. */
const MEANINGS: readonly { readonly code: GitError['code']; readonly words: RegExp; readonly advice: string }[] = [
  {
    code: 'gone',
    words: /requested URL returned error: (?:301|302|303|307|308)\b|redirect/i,
    advice: 'The repository has moved: put its new address into the train file.',
  },
  {
    code: 'denied',
    words: /dubious ownership/i,
    advice:
      'The folder belongs to another user: trust it with `git config --global --add safe.directory PATH`, or run as its owner.',
  },
  {
    code: 'gone',
    words:
      /repository .*not found|does not appear to be a git repository|requested URL returned error: (?:404|410)\b|no such file or directory.*could not read from remote/is,
    advice:
      'There is no such repository, or it is hidden from this token: check the address in the train file and the token.',
  },
  {
    code: 'denied',
    words:
      /authentication failed|could not read (?:username|password)|requested URL returned error: (?:401|403)\b|permission denied|permission to .* denied|access denied|host key verification failed/i,
    advice: 'Check that the token or key is set, and may read and write this repository.',
  },
  {
    code: 'unreachable',
    words:
      /could not resolve|failed to connect|couldn't connect|connection (?:refused|reset|timed out|closed)|network is unreachable|no route to host|requested URL returned error: (?:429|5\d\d)\b|early eof|empty reply|hung up unexpectedly|remote end hung up|recv failure|send failure|SSL|certificate|operation too slow|transfer closed|expected flush|unexpected disconnect|RPC failed|protocol error|invalid server response|not valid: is this a git repository/i,
    advice: 'The remote cannot be reached or answers badly: try again; if it stays, check the network and the address.',
  },
];

const ATOMIC = /does not support --atomic/i;
const MISSING =
  /not a valid (?:object|commit) name|bad object|not a tree object|not a commit|unknown revision|bad revision|could not read tagged object|src refspec .* does not match|invalid object|object .* not found|could not parse|not found: [0-9a-f]{40}/i;
const DAMAGED =
  /corrupt|inflate|not a git repository \(|not a git repository:|bad config|unable to read|loose object|file .*\.(?:idx|pack)\b|garbage|bad tree|missing (?:blob|tree|commit|necessary objects)|unable to find|does not point to a valid object|unresolved delta|did not send all necessary objects|no such file or directory.*objects|unable to (?:create|write) (?:temporary|file)|failed to read|packed-refs/i;
const LOCKED =
  /cannot lock ref|unable to create '[^']*\.lock'|could not lock|unable to lock|is at [0-9a-f]{40} but expected|reference already exists/i;

/** The lines that git said on this side; what the remote said comes behind `remote: `. */
function ownWords(outcome: GitOutcome): string {
  return outcome.stderr
    .split('\n')
    .filter((line) => !line.startsWith('remote: '))
    .join('\n');
}

/** The mirror itself is broken: rebuilding it may help. */
export function isDamaged(outcome: GitOutcome): boolean {
  const words = ownWords(outcome);
  // A fetch asks for names, never for objects: one that is missing is missing in the mirror.
  const broken = DAMAGED.test(words) || (outcome.args[0] === 'fetch' && MISSING.test(words));
  return outcome.stopped === null && !isLocked(outcome) && broken;
}

/** Another process is in the way, or one that died left its lock behind. */
export function isLocked(outcome: GitOutcome): boolean {
  return outcome.stopped === null && LOCKED.test(ownWords(outcome));
}

/** Git asked for an object that the mirror does not have. */
export function isMissing(outcome: GitOutcome): boolean {
  return outcome.stopped === null && MISSING.test(ownWords(outcome));
}

/** Tells people what was attempted at which repository, why it failed and what to do next. `remote`: git spoke with the remote. */
export function gitErrorOf(
  outcome: GitOutcome,
  about: {
    readonly at: RemoteRepo;
    readonly doing: string;
    readonly secrets: readonly string[];
    readonly remote: boolean;
  },
): GitError {
  const { at, doing, secrets, remote } = about;
  const where = safeText(`${at.repo}: ${doing} (${at.remote})`, secrets);
  const said = safeText(linesOnce(outcome.stderr), secrets);
  const how = `git ${outcome.args[0] ?? ''} ${ending(outcome)}${said === '' ? '' : `: ${said}`}`;
  const error = (code: GitError['code'], text: string): GitError =>
    new GitError(code, `${where} ${text}`, { cause: new Error(how) });
  if (outcome.stopped === 'time') {
    const seconds = outcome.call.millis / 1000;
    return error(
      'timeout',
      `did not end within ${seconds} s and was stopped. Try again; if it stays, the remote or the network is too slow.`,
    );
  }
  if (outcome.stopped === 'output') {
    return error(
      'failed',
      `was stopped: git printed more than ${outcome.call.maxBytes} bytes. Ask for less, or raise the limit.`,
    );
  }
  if (remote && ATOMIC.test(outcome.stderr)) {
    return error(
      'failed',
      'was refused: the remote does not support atomic pushes, and without them a push could be half done. Nothing was changed.',
    );
  }
  if (isMissing(outcome))
    return error('object-missing', `needs a commit or file that the mirror lacks. Fetch it again. ${how}`);
  const meaning = remote ? MEANINGS.find(({ words }) => words.test(outcome.stderr)) : undefined;
  if (meaning !== undefined) return error(meaning.code, `failed. ${meaning.advice} ${how}`);
  return error('failed', `failed. ${how}`);
}

// Git may say the same for every object of a pack.
function linesOnce(text: string): string {
  return [...new Set(text.split('\n'))].slice(0, 20).join('\n');
}

function ending(outcome: GitOutcome): string {
  return outcome.signal === null ? `ended with exit code ${outcome.code}` : `was ended by ${outcome.signal}`;
}
