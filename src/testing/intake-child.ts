import { z } from 'zod';
import { githubForge } from '../adapters/github/index.ts';
import { openDatabase, postgresJobs } from '../adapters/postgres/index.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Forge } from '../ports/forge.ts';
import { startIntake } from '../server/intake.ts';

/** An intake in a process of its own, to be killed: it answers every command at the emulated GitHub. */
const Given = z.object({
  dataDir: z.string(),
  database: z.string(),
  apiUrl: z.string(),
  token: z.string(),
  secret: z.string(),
  port: z.int(),
});

/** Answers a comment once: whoever was killed in between finds the answer that is there already. */
async function answer(forge: Forge, delivery: Delivery): Promise<void> {
  if (delivery.event !== 'comment-written') return;
  const marker = `<!-- answer:${delivery.comment} -->`;
  const written = await forge.comments.list(delivery.repo, delivery.item);
  if (written.some(({ body }) => body.includes(marker))) return;
  await forge.comments.write(delivery.repo, delivery.item, `${marker}\n${delivery.body} was heard`);
}

async function run(): Promise<void> {
  const { dataDir, database, apiUrl, token, secret, port } = Given.parse(JSON.parse(process.argv[2] ?? '{}'));
  const clock = systemClock();
  const forge = githubForge({ apiUrl, token: () => token, userAgent: 'signalbox-tests', now: () => clock.now() });
  const jobs = postgresJobs(await openDatabase({ dataDir, database }), { retryDelay: 1, atOnce: 4 });
  const handle = (delivery: Delivery): Promise<void> => answer(forge, delivery);
  const intake = await startIntake({ jobs, clock, hook: null, secrets: [secret], port, handle });
  process.stdout.write(`ready ${intake.url}\n`);
}

await run();
