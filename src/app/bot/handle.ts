import type { Delivery } from '../../domain/delivery.ts';
import { failureCode } from '../../domain/observation.ts';
import { RepoKey, type RepoSlug } from '../../domain/repo.ts';
import {
  answerMarker,
  code,
  commandProblemReply,
  inline,
  marked,
  mention,
  readComment,
  type BotCommand,
  type CommandProblem,
} from '../../process/06-cherry-pick/index.ts';
import type { Result } from '../../domain/result.ts';
import type { App } from '../app.ts';
import { withTeams } from '../teams.ts';
import { answerTo } from './answer.ts';
import type { Asked } from './asked.ts';
import { pickAnswers } from './pick.ts';
import { nominates, takeNomination } from './nominated.ts';
import { refused, type Reply } from './reply.ts';
import { takeReply } from './replied.ts';
import { picksOf } from './status.ts';

type Written = Extract<Delivery, { readonly event: 'comment-written' }>;

/**
 * Acts on one delivery: every command of a written comment is carried out on live state and answered exactly once. Safe to do again after a kill:
 * what was answered has its hidden marker, and what was made is found by looking.
 */
export async function handleDelivery(given: App, delivery: Delivery): Promise<void> {
  const app = await withTeams(given);
  if (delivery.event === 'pull-merged') await pickWhatWaited(app, delivery);
  if (delivery.event !== 'comment-written' || app.forge === null) return;
  const repo = repoOf(app, delivery.repo);
  // Deliveries of repositories outside the train are none of ours, nor is what the bot says itself.
  if (repo === null || delivery.by === (await app.who())) return;
  const { commands, problem } = readComment(delivery.body, app.loaded.train, 'created');
  const asked: Asked = {
    forge: app.forge,
    repo,
    slug: delivery.repo,
    item: delivery.item,
    by: delivery.by,
    via: `${app.loaded.train.forge?.web ?? ''}/${delivery.repo}/issues/${delivery.item}#issuecomment-${delivery.comment}`,
  };
  if (commands.length === 0 && problem === null) return listen(app, asked, delivery);
  for (const [index, { command }] of commands.entries()) {
    await answerOnce(app, asked, { delivery, index, answer: () => carryOut(app, asked, { delivery, command }) });
  }
  if (problem === null) return;
  const command = { ok: false, problems: [problem] } as const;
  const answer = (): Promise<Reply> => carryOut(app, asked, { delivery, command });
  await answerOnce(app, asked, { delivery, index: commands.length, answer });
}

/**
 * The last try of a delivery: who gave a command in it is told when it fails, since nobody looks into a list of dead jobs for them. That is no answer: once somebody
 * revives it, it is acted on and answered.
 */
export async function handleLastTry(app: App, delivery: Delivery): Promise<void> {
  try {
    await handleDelivery(app, delivery);
  } catch (error) {
    await tellTrouble(app, delivery, error);
    throw error;
  }
}

async function tellTrouble(app: App, delivery: Delivery, error: unknown): Promise<void> {
  const { forge } = app;
  if (delivery.event !== 'comment-written' || forge === null) return;
  const { commands } = readComment(delivery.body, app.loaded.train, 'created');
  if (commands.length === 0 || repoOf(app, delivery.repo) === null) return;
  const marker = `signalbox:trouble ${delivery.comment}`;
  const why = failureCode(error) === null || !(error instanceof Error) ? 'an error of its own' : error.message;
  const text = `${mention(delivery.by)} I could not do this: ${inline(why, 300)} It is kept; whoever runs the bot tries it again with ${code('signalbox bot revive --all')}`;
  try {
    const me = await app.who();
    const there = await forge.comments.list(delivery.repo, delivery.item);
    if (there.some(({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`))) return;
    await forge.comments.write(delivery.repo, delivery.item, marked(marker, text));
  } catch (failure) {
    // Where the forge is what fails, nobody can be told there; doctor tells it.
    if (failureCode(failure) === null) throw failure;
  }
}

/** A change that was asked for before its merge is picked now, in the name of who asked. */
async function pickWhatWaited(app: App, delivery: Extract<Delivery, { readonly event: 'pull-merged' }>): Promise<void> {
  const repo = repoOf(app, delivery.repo);
  if (repo === null || app.forge === null) return;
  const { comments } = app.forge;
  const me = await app.who();
  const asked: Asked = { forge: app.forge, repo, slug: delivery.repo, item: delivery.item, by: me, via: '' };
  for (const { record, state } of await picksOf(app, asked, [])) {
    // One that conflicts is tried all the same: who asked is told what conflicts.
    if ((state !== 'requested' && state !== 'conflict') || record.decided.is !== 'open') continue;
    const marker = `signalbox:merged ${record.pick.repo}/${record.pick.pr}>${record.pick.onto}`;
    const all = await comments.list(asked.slug, asked.item);
    if (all.some(({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`))) continue;
    const request = { onto: [record.pick.onto], class: record.class, fixes: record.fixes };
    const { text } = await pickAnswers(app, { ...asked, by: record.askedBy, via: record.via ?? '' }, request);
    await comments.write(asked.slug, asked.item, marked(marker, text));
  }
}

function repoOf(app: App, slug: RepoSlug): RepoKey | null {
  const found = Object.entries(app.loaded.train.repos).find(
    ([, entry]) => entry.slug?.toLowerCase() === slug.toLowerCase(),
  );
  return found === undefined ? null : RepoKey.parse(found[0]);
}

interface Answering {
  readonly delivery: Written;
  /** Which of the comment's commands. */
  readonly index: number;
  /** Carries it out; null where there is nothing to answer. */
  readonly answer: () => Promise<Reply | null>;
}

/** Only what has no answer yet is carried out, and then answered; how it went is shown at the comment itself, too. */
async function answerOnce(app: App, asked: Asked, { delivery, index, answer }: Answering): Promise<void> {
  const marker = answerMarker(String(delivery.comment), index);
  const { comments } = asked.forge;
  const me = await app.who();
  // Only the bot's own words count: an outsider could write the marker first, to keep a command from being answered.
  const said = (await comments.list(asked.slug, asked.item)).some(
    ({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`),
  );
  if (said) return;
  const reply = await answer();
  if (reply === null) return;
  await comments.write(asked.slug, asked.item, marked(marker, reply.text));
  await comments.react(asked.slug, delivery.comment, reply.refused ? '-1' : '+1');
}

async function carryOut(
  app: App,
  asked: Asked,
  { delivery, command }: { readonly delivery: Written; readonly command: Result<BotCommand, CommandProblem> },
): Promise<Reply> {
  await asked.forge.comments.react(asked.slug, delivery.comment, command.ok ? 'eyes' : 'confused');
  return command.ok
    ? answerTo(app, asked, command.value)
    : refused(`${mention(asked.by)}\n${commandProblemReply(command.problems[0], app.loaded.train)}`);
}

/** What people say without a command: an answer to what they were asked, or a nomination in a tracker. */
async function listen(app: App, asked: Asked, delivery: Written): Promise<void> {
  await takeReply(app, asked, delivery);
  if (nominates(delivery)) {
    await answerOnce(app, asked, { delivery, index: 0, answer: () => takeNomination(app, asked, delivery) });
  }
}
