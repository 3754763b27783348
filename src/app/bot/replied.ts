import type { Delivery } from '../../domain/delivery.ts';
import { decidePickReply } from '../../process/06-cherry-pick/index.ts';
import type { App } from '../app.ts';
import { answerPick } from '../picks/decide.ts';
import type { Asked } from './asked.ts';
import { picksOf } from './status.ts';

type Written = Extract<Delivery, { readonly event: 'comment-written' }>;

/**
 * A comment without a command by somebody of the pick answers what was asked of them: the pick goes back to review. After a refusal it does so once, when
 * the comment names the regression; anything else people say is talk.
 */
export async function takeReply(app: App, asked: Asked, { body, comment }: Written): Promise<void> {
  for (const pick of await picksOf(app, asked, [])) {
    const { is } = pick.record.decided;
    if (is !== 'refused' && is !== 'needs-info') continue;
    const name = { repo: asked.repo, pr: asked.item, onto: pick.record.pick.onto, by: asked.by };
    const taken = await answerPick(app, name, (decision) => decidePickReply(decision, body));
    if (taken) await asked.forge.comments.react(asked.slug, comment, 'eyes');
  }
}
