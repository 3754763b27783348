import { refuse, succeed, type Result } from '../../domain/result.ts';
import type { PartnerWebhook } from '../../domain/train/partner-webhooks.ts';
import { PartnerError } from '../../ports/partner-hooks.ts';
import type { DeadJob } from '../../ports/jobs.ts';
import type { App } from '../app.ts';
import type { AppProblem } from '../problem.ts';
import { readEntry } from '../log.ts';
import { requireRole } from '../releases.ts';
import { PARTNERS, PartnerOrder, secretVariable, sendTo } from './deliver.ts';
import { partnerEvent } from './payload.ts';

/** A partner, and how telling it stands. */
export interface PartnerStanding {
  readonly name: string;
  /** Host of its address: the rest of it may be a secret of the partner. */
  readonly host: string;
  readonly events: PartnerWebhook['events'];
  readonly since: string;
  readonly until: string | null;
  /** How many secrets sign; none means that nothing is sent. */
  readonly secrets: number;
  /** Messages that failed as often as they may, oldest first. */
  readonly failed: readonly Pick<DeadJob, 'id' | 'error' | 'diedAt'>[];
}

/** Every partner of the train file. */
export async function listPartners(app: App): Promise<readonly PartnerStanding[]> {
  const partners = Object.entries(app.loaded.train.webhooks);
  if (partners.length === 0) return [];
  const dead = await (await app.jobs()).dead(PARTNERS);
  return partners.map(([name, { url, events, since, until }]) => ({
    name,
    host: new URL(url).host,
    events,
    since,
    until: until ?? null,
    secrets: app.partners.secretsOf(name).length,
    failed: dead.filter(({ data }) => PartnerOrder.safeParse(data).data?.partner === name),
  }));
}

/** Sends a message of type `ping` at once, once; what came of it is the answer. */
export async function testPartner(
  app: App,
  partner: string,
): Promise<Result<{ readonly partner: string; readonly host: string; readonly status: number }, AppProblem>> {
  const found = await partnerFor(app, partner, 'test');
  if (!found.ok) return found;
  const hook = found.value;
  const [{ train }, timestamp] = [app.loaded.train, app.clock.now()];
  const event = {
    id: `sb_${train}_ping_${timestamp}`,
    type: 'ping',
    payload: { type: 'ping', timestamp, data: { train } },
  } as const;
  try {
    const { status } = await sendTo(app, { partner, hook, event });
    return succeed({ partner, host: new URL(hook.url).host, status });
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    const text = `${partner} was not reached: ${error.message}. Look at its address in the train file and at ${secretVariable(partner)}.`;
    return refuse({ kind: 'no-data', code: 'partner-failed', text });
  }
}

export interface Redelivered {
  readonly partner: string;
  /** Messages that are tried again. */
  readonly messages: number;
}

/** Sends again: one entry of the ledger by its number, or all that failed for good. The id of a message stays, so that the partner can tell. */
export async function redeliver(
  app: App,
  { partner, seq }: { readonly partner: string; readonly seq: number | null },
): Promise<Result<Redelivered, AppProblem>> {
  const found = await partnerFor(app, partner, 'redeliver');
  if (!found.ok) return found;
  const jobs = await app.jobs();
  if (seq === null) {
    const [own] = (await listPartners(app)).filter(({ name }) => name === partner);
    let messages = 0;
    for (const { id } of own?.failed ?? []) if (await jobs.revive(PARTNERS, id)) messages += 1;
    return succeed({ partner, messages });
  }
  const entry = await readEntry(app, seq);
  if (entry === null || partnerEvent(entry) === null) {
    const text = `Entry ${seq} of the ledger is nothing that partners are told. Those that are: signalbox log`;
    return refuse({ kind: 'usage', code: 'entry-unknown', text });
  }
  const order: PartnerOrder = { partner, seq };
  await jobs.add(PARTNERS, [{ keys: [`${partner}:${seq}:again:${app.clock.now()}`], data: order }]);
  return succeed({ partner, messages: 1 });
}

/** The partner of that name, for a release manager. */
async function partnerFor(app: App, partner: string, what: string): Promise<Result<PartnerWebhook, AppProblem>> {
  const allowed = await requireRole(app, ['release-manager']);
  if (!allowed.ok) return allowed;
  const { webhooks } = app.loaded.train;
  const hook = Object.hasOwn(webhooks, partner) ? webhooks[partner] : undefined;
  if (hook !== undefined) return succeed(hook);
  const names = Object.keys(webhooks).join(', ');
  const known = names === '' ? 'The train file names none under webhooks.' : `There are: ${names}.`;
  return refuse({
    kind: 'usage',
    code: 'partner-unknown',
    text: `The train has no partner ${partner.slice(0, 40)} to ${what}. ${known}`,
  });
}
