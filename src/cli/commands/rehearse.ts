import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { channelFolder, startPackageIndex } from '../../sandbox/index.ts';
import { dateOf } from '../../domain/instant.ts';
import { exitCode } from '../exit-codes.ts';
import type { Answer } from '../output/answer.ts';
import { BLANK, line, span, type Line } from '../output/line.ts';
import { openApp } from '../open-app.ts';
import { usage } from '../problem.ts';
import type { Session } from '../session.ts';
import { open, portOf, serverLog, tillInterrupted } from './serve-open.ts';
import { FROM_RELEASE, parseSource, playFrom, type GivenSource } from './rehearse/from.ts';
import { stageCopies, stageMadeWorld } from './rehearse/stage.ts';
import { storyClock } from './rehearse/clock.ts';
import { playStory } from './rehearse/story.ts';
import { openTheatre, printer, worldFolder, type Theatre } from './rehearse/theatre.ts';
import { PYTHON_RELEASES_FILE } from '../../config/python-releases-file.ts';
import { rehearsalPythons } from './rehearse/python-releases.ts';
import { copiedTrain, datesFrom, rehearsalTrain, RELEASE } from './rehearse/train-file.ts';
import { DAYS, playWhole, wholeDates } from './rehearse/whole-story.ts';

/** Drives a release in a sandbox world: real git over HTTP, the real commands, people with tokens of their own. */
export async function run(session: Session): Promise<Answer> {
  const given = session.flags.list('from').map((text) => parseSource(text));
  if (given.length > 0 && session.flags.has('whole'))
    throw usage('--whole plays in a made world, and --from in a copy of yours', 'give one of them');
  const theatre = given.length === 0 ? await openMade(session) : await openCopies(session, given);
  session.atEnd(() => theatre.close());
  await theatre.play();
  const release = given.length === 0 ? RELEASE : FROM_RELEASE;
  if (session.flags.has('serve')) await serve(session, theatre, release);
  const folder = shownFolder(session, theatre);
  return {
    schema: 'rehearse',
    asOf: null,
    stale: false,
    exit: exitCode('done'),
    data: { folder: theatre.folder, release },
    records: [['folder', theatre.folder]],
    lines: () => (session.flags.has('serve') ? [] : whatNext(folder, given.length === 0)),
  };
}

/** Where the files of the made world lie. */
const CHANNELS = [
  ['whl', 'nightly'],
  ['whl', 'test'],
  ['backup'],
  ['staging'],
  ['results'],
  ['whl', 'stable'],
  ['mirror', 'stable'],
];

type Staged = Theatre & { readonly play: () => Promise<void> };

async function openMade(session: Session): Promise<Staged> {
  const folder = resolve(session.folder, '.signalbox', 'rehearsal');
  const isWhole = session.flags.has('whole');
  const clock = storyClock(() => session.terminal.now(), isWhole ? DAYS : 0);
  const today = dateOf(clock.now());
  session.progress.doing('Making a world: four repositories with history, people, a milestone, checks ...');
  const sandbox = await stageMadeWorld(folder, clock);
  const packageIndex = await startPackageIndex({ dir: join(worldFolder(folder), 'package-index'), now: clock.now });
  session.progress.clear();
  const channel = (...path: readonly string[]): string => channelFolder(worldFolder(folder), join(...path));
  // A store whose folder is not there is taken for a disk that is not mounted.
  for (const path of CHANNELS) await mkdir(channel(...path), { recursive: true });
  const theatre = await openTheatre({
    session,
    folder,
    sandbox,
    packageIndex,
    clock,
    trainFile: (open) =>
      rehearsalTrain(open, isWhole ? wholeDates(today) : datesFrom(today), { channel, index: packageIndex }),
    beside: { [PYTHON_RELEASES_FILE]: rehearsalPythons(today) },
  });
  return { ...theatre, play: () => (isWhole ? playWhole(theatre) : playStory(theatre)) };
}

async function openCopies(session: Session, given: readonly GivenSource[]): Promise<Staged> {
  const folder = resolve(session.folder, '.signalbox', 'rehearsal-from');
  session.progress.doing(
    `Copying ${given.map(({ source }) => source).join(', ')} into a world of its own; the source is only read ...`,
  );
  const clock = storyClock(() => session.terminal.now());
  const { sandbox, repos } = await stageCopies(folder, given, { cwd: session.terminal.cwd, clock });
  session.progress.clear();
  const theatre = await openTheatre({
    session,
    folder,
    sandbox,
    packageIndex: null,
    clock,
    trainFile: (open) => copiedTrain(open, repos),
  });
  return { ...theatre, play: () => playFrom(theatre, repos) };
}

/** Keeps the world up until Ctrl-C, for commands from another terminal. */
async function serve(session: Session, { folder, sandbox, seat, clock }: Theatre, release: string): Promise<void> {
  const ahead = clock.ahead();
  const shown = shownFolder(session, { folder });
  const terminal = seat('ada-rm');
  const { env } = terminal;
  const app = await openApp({ folder, train: null, env, now: () => terminal.now() });
  session.atEnd(() => app.close());
  const print = printer(session);
  print(BLANK, line('The signal box is open on this world, for whoever sits here:'));
  const server = await open(session, {
    app,
    env,
    host: '127.0.0.1',
    port: session.flags.has('port') ? portOf(session) : 0,
    log: serverLog('warn'),
  });
  session.atEnd(() => server.stop());
  print(
    BLANK,
    line(`The world is up at ${sandbox.url}; end it with Ctrl-C.`),
    line('In another terminal:'),
    line(span(`  export SIGNALBOX_GITHUB_TOKEN=${sandbox.tokens['ada-rm'] ?? ''}`, 'strong')),
    line(span(`  signalbox -C ${shown} status ${release}`, 'strong')),
    line('Tokens of the others, which open nothing but this sandbox, are in'),
    line(`  ${shown}/world/users.json`),
    ...(ahead > 0 ? [line(`The story ended ${ahead} days ahead of your clock.`)] : []),
  );
  await tillInterrupted(session);
}

/** As short as it can be written from where the user stands. */
function shownFolder({ terminal }: Session, { folder }: Pick<Theatre, 'folder'>): string {
  const path = relative(terminal.cwd, folder);
  return path.startsWith('..') ? folder : path;
}

function whatNext(folder: string, made: boolean): readonly Line[] {
  const again = made ? 'signalbox rehearse' : 'signalbox rehearse --from …';
  return [
    BLANK,
    line(span('What to try next', 'strong')),
    ...(made ? [line('  signalbox rehearse --whole     three months, to the patch after the release')] : []),
    line(`  ${again} --step      the same, waiting for Enter between the parts`),
    line(`  ${again} --serve     keeps this world up for your own commands`),
    ...(made ? [line('  signalbox rehearse --from ~/src/yours@main   the cut of a repository of yours')] : []),
    line('  signalbox init                a train file of your own'),
    line('The world, its train file and its ledger are kept in'),
    line(`  ${folder}`),
  ];
}
