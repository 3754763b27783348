import type { Delivery } from '../../domain/delivery.ts';
import { RepoKey, type RepoSlug } from '../../domain/repo.ts';
import {
  answerMarker,
  commandProblemReply,
  marked,
  mention,
  readComment,
  type BotCommand,
  type CommandProblem,
} from '../../process/06-cherry-pick/index.ts';
import type { Result } from '../../domain/result.ts';
import type { App } from '../app.ts';
import { answerTo } from './answer.ts';
import type { Asked } from './asked.ts';
import { pickAnswers } from './pick.ts';
import { picksOf } from './status.ts';

type Written = Extract<Delivery, { readonly event: 'comment-written' }>;

/**
 * Acts on one delivery: every command of a written comment is carried out on live state and answered exactly once. Safe to do again after a kill:
 * what was answered has its hidden marker, and what was made is found by looking.
 */
export async function handleDelivery(app: App, delivery: Delivery): Promise<void> {
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
  for (const [index, { command }] of commands.entries()) await answerOnce(app, asked, { delivery, index, command });
  if (problem !== null)
    await answerOnce(app, asked, { delivery, index: commands.length, command: { ok: false, problems: [problem] } });
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
    const text = await pickAnswers(app, { ...asked, by: record.askedBy, via: record.via ?? '' }, request);
    await comments.write(asked.slug, asked.item, marked(marker, text));
  }
}

function repoOf(app: App, slug: RepoSlug): RepoKey | null {
  const found = Object.entries(app.loaded.train.repos).find(
    ([, entry]) => entry.slug?.toLowerCase() === slug.toLowerCase(),
  );
  return found === undefined ? null : RepoKey.parse(found[0]);
}

interface Calling {
  readonly delivery: Written;
  readonly index: number;
  readonly command: Result<BotCommand, CommandProblem>;
}

async function answerOnce(app: App, asked: Asked, { delivery, index, command }: Calling): Promise<void> {
  const marker = answerMarker(String(delivery.comment), index);
  const { comments } = asked.forge;
  const me = await app.who();
  // Only the bot's own words count: an outsider could write the marker first, to keep a command from being answered.
  const said = (await comments.list(asked.slug, asked.item)).some(
    ({ author, body }) => author === me && body.includes(`<!-- ${marker} -->`),
  );
  if (said) return;
  await comments.react(asked.slug, delivery.comment, '+1');
  const text = command.ok
    ? await answerTo(app, asked, command.value)
    : `${mention(asked.by)}\n${commandProblemReply(command.problems[0], app.loaded.train)}`;
  await comments.write(asked.slug, asked.item, marked(marker, text));
}
