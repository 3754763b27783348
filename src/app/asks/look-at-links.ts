import type { AskEvidence, AskStanding } from '../../domain/ask.ts';
import { inLanes } from '../../domain/in-lanes.ts';
import type { Train } from '../../domain/train/train.ts';
import { observe } from '../../domain/observation.ts';
import { linksIn, MOST_LINKS } from '../../process/02-prepare/index.ts';
import type { App } from '../app.ts';

const LANES = 4;

/** The ask with the links of its text looked at, where that is asked for and it is about to be sent. */
export async function withLinks(app: App, standing: AskStanding): Promise<AskStanding> {
  const { ask, text, state } = standing;
  if (!ask.checkLinks || state !== 'to-send' || !text.filled) return standing;
  const all = linksIn(`${text.title}\n${text.body}`);
  const own = ownHosts(app.loaded.train);
  const looked = await inLanes(all.slice(0, MOST_LINKS), LANES, (address) => lookAt(app, address, own));
  const rest = all.slice(MOST_LINKS).map((address): AskEvidence => {
    const at = app.clock.now();
    return {
      state: 'unknown',
      text: `${shown(address)}: only ${MOST_LINKS} are looked at`,
      link: null,
      source: 'its text',
      at,
    };
  });
  return { ...standing, links: [...looked, ...rest] };
}

async function lookAt(app: App, address: string, own: ReadonlySet<string>): Promise<AskEvidence> {
  const at = app.clock.now();
  if (!URL.canParse(address))
    return { state: 'open', text: `${shown(address)} is no address`, link: null, source: 'its text', at };
  const { host } = new URL(address);
  const answer = await observe(host, at, () => app.links.look(address, own));
  const common = { link: address, source: host, at };
  if (!answer.known) return { ...common, state: 'unknown', text: `${shown(address)}: ${answer.reason}` };
  const { status } = answer.value;
  const isThere = status >= 200 && status < 300;
  return { ...common, state: isThere ? 'holds' : 'open', text: `${shown(address)} answers ${status}` };
}

function shown(address: string): string {
  return address.length > 120 ? `${address.slice(0, 117)}...` : address;
}

/** Hosts that the train itself names: they may lie in a network of ours. */
function ownHosts({ forge, channels }: Train): ReadonlySet<string> {
  const places = Object.values(channels).flatMap((channel) => channel.places.flatMap(({ address }) => address ?? []));
  const named = [...(forge === undefined ? [] : [forge.web, forge.api]), ...places];
  return new Set(
    named.flatMap((address) => (/^https?:/iu.test(address) && URL.canParse(address) ? [new URL(address).host] : [])),
  );
}
