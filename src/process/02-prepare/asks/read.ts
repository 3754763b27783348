import type { AskEvidence, AskSent } from '../../../domain/ask.ts';
import { BranchName, branchRef, tagRef } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import { observe, unknown, type Observed } from '../../../domain/observation.ts';
import { RepoKey, type RepoSlug } from '../../../domain/repo.ts';
import type { AskProbe, NamedAsk } from '../../../domain/train/asks.ts';
import { pinnedWord } from '../../../domain/train/dependency.ts';
import { repoIn } from '../../../domain/train/naming.ts';
import type { Train } from '../../../domain/train/train.ts';
import { tagOf, type ReleaseVersion } from '../../../domain/version.ts';
import type { Forge, ForgeItem } from '../../../ports/forge.ts';
import type { Git } from '../../../ports/git.ts';
import type { PackageIndex } from '../../../ports/package-index.ts';
import { fillAsk, type FillFacts, type FinalFacts, type OwnFacts, type RequiredDependency } from './fill.ts';
import { askMarker, type AskRecord } from './records.ts';

/** What asks are read through. `forge` is null when the train has none, or nobody is signed in there. */
export interface AskPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly forge: Forge | null;
  readonly git: Git;
  /** As whom issues are written, where there is a forge. */
  readonly login: string;
  /** The index of each channel that asks name, or why it cannot be read. */
  readonly indexes: ReadonlyMap<string, PackageIndex | string>;
  readonly final: FinalFacts | null;
  /** What asks are filled from each by itself, by name; an ask that is not there has nothing of its own. */
  readonly own: ReadonlyMap<string, OwnFacts>;
  readonly now: Instant;
}

/** What is the same for all asks of a release. */
export interface AskWorld {
  readonly fill: Omit<FillFacts, 'own'>;
  /** Whether the core repository has its release branch. */
  readonly cut: Observed<boolean>;
  /** Whether it has the final tag of the release. */
  readonly released: Observed<boolean>;
}

/** One ask as the world shows it. */
export interface AskReading {
  readonly named: NamedAsk;
  readonly record: AskRecord;
  /** The issue in which it was asked; null where there is none, or it is asked by hand. */
  readonly issue: Observed<ForgeItem | null>;
  readonly evidence: readonly AskEvidence[];
  readonly fill: FillFacts;
}

/** Reads what the texts of asks are filled from: the core repository's pins, and whether it is cut. */
export async function readAskWorld({ train, release, git, final, now }: AskPorts): Promise<AskWorld> {
  const key = Object.entries(train.repos).find(([, { role }]) => role === 'core')?.[0];
  const core = key === undefined ? null : repoIn(train, RepoKey.parse(key), release);
  const names = Object.keys(train.dependencies);
  if (core === null || core.remote === null) {
    const lost = unknown('the train file gives the core repository no remote', now, 'train file');
    return {
      fill: { train, release, final, required: new Map(names.map((name) => [name, lost])) },
      cut: lost,
      released: lost,
    };
  }
  const at = { repo: core.key, remote: core.remote };
  const read = await observe(`git remote of ${core.key}`, now, async () => {
    const tag = tagRef(tagOf(core.release));
    const refs = await git.remoteRefs(at, [branchRef(core.branch), branchRef(core.entry.source), tag]);
    const isOut = refs.some(({ ref }) => ref === tag);
    const on = [core.branch, core.entry.source].find((name) => refs.some(({ ref }) => ref === branchRef(name)));
    const commit = refs.find(({ ref }) => on !== undefined && ref === branchRef(on))?.id;
    const paths = Object.values(train.dependencies).flatMap(({ pinFile, versionFile }) =>
      [pinFile, versionFile].filter((path) => path !== undefined),
    );
    if (on === undefined || commit === undefined || paths.length === 0)
      return { on, isOut, files: new Map<string, string>() };
    await git.fetch(at, [branchRef(on)]);
    const files = await git.files(at, commit, paths);
    return {
      on,
      isOut,
      files: new Map(files.flatMap(({ path, text }) => (text === null ? [] : [[path, text.trim()] as const]))),
    };
  });
  if (!read.known)
    return {
      fill: { train, release, final, required: new Map(names.map((name) => [name, read])) },
      cut: read,
      released: read,
    };
  const { on, isOut, files } = read.value;
  const source = `${core.key} ${on ?? core.branch}`;
  const required = new Map(
    Object.entries(train.dependencies).map(([name, { pinFile, versionFile }]) => {
      const value: RequiredDependency = {
        version: pinnedWord(files.get(versionFile ?? '')),
        pin: pinnedWord(files.get(pinFile ?? '')),
      };
      return [name, { known: true, value, at: now, source } as const];
    }),
  );
  return {
    fill: { train, release, final, required },
    cut: { ...read, value: on === core.branch },
    released: { ...read, value: isOut },
  };
}

/** Reads one ask: its issue, and everything that shows whether it is done. */
export async function readAsk(
  named: NamedAsk,
  record: AskRecord,
  { ports, world }: { readonly ports: AskPorts; readonly world: AskWorld },
): Promise<AskReading> {
  const issue = await readIssue(named, record, ports);
  const fill = { ...world.fill, own: ports.own.get(named.name) ?? { host: null, previous: null } };
  const evidence = await Promise.all(
    named.ask.done.map((probe) => readProbe(probe, { named, record, issue, ports, fill })),
  );
  return { named, record, issue, evidence, fill };
}

async function readIssue(
  { name, ask }: NamedAsk,
  { issue: number }: AskRecord,
  { train, release, forge, login, now }: AskPorts,
): Promise<Observed<ForgeItem | null>> {
  if (ask.sent.way === 'hand') return { known: true, value: null, at: now, source: 'ledger' };
  const slug = slugOf(train, ask.sent.repo);
  if (slug === null) return unknown(`the train file gives ${ask.sent.repo} no slug on a forge`, now, 'train file');
  if (forge === null)
    return unknown('no forge to ask: the train file names none, or nobody is signed in there', now, `forge ${slug}`);
  return observe(`forge ${slug}`, now, async () => {
    const recorded = number === null ? null : await forge.issues.get(slug, number);
    if (recorded !== null) return recorded;
    // An outsider's issue with our marker is none of ours (incident: a fake tracker).
    const trusted = [login, ...train.roles['release-manager']];
    const marked = await forge.issues.findByMarker(slug, askMarker(name, release));
    return marked.find(({ author, isPullRequest }) => !isPullRequest && trusted.includes(author)) ?? null;
  });
}

/** The place of a repository on the forge. */
export function slugOf(train: Train, repo: RepoKey): RepoSlug | null {
  return train.repos[repo]?.slug ?? null;
}

interface Probing {
  readonly named: NamedAsk;
  readonly record: AskRecord;
  readonly issue: Observed<ForgeItem | null>;
  readonly ports: AskPorts;
  readonly fill: FillFacts;
}

type Seen = Pick<AskEvidence, 'state' | 'text' | 'link'> & { readonly source?: string };

async function readProbe(probe: AskProbe, probing: Probing): Promise<AskEvidence> {
  const { now } = probing.ports;
  const { source = 'train file', ...seen } = await lookAt(probe, probing);
  return { ...seen, source, at: now };
}

async function lookAt(probe: AskProbe, probing: Probing): Promise<Seen> {
  switch (probe.by) {
    case 'package':
      return packageSeen(probe, probing);
    case 'branch':
    case 'tag':
      return refSeen(probe, probing);
    case 'closed':
      return closedSeen(probing.issue);
    case 'sent':
      return sentSeen(probing);
    case 'word':
      return wordSeen(probing);
  }
}

function notKnown(text: string, source?: string): Seen {
  return { state: 'unknown', text, link: null, ...(source === undefined ? {} : { source }) };
}

/** The index has the version, with a file that was not yanked. */
async function packageSeen(
  { channel, package: name, version: wanted }: Extract<AskProbe, { readonly by: 'package' }>,
  { ports: { indexes, now }, fill }: Probing,
): Promise<Seen> {
  const version = fillAsk(wanted, fill);
  if (!version.ok) return notKnown(`which ${name} ${channel} must have is not known: ${version.missing.join('; ')}`);
  const index = indexes.get(channel) ?? `channel ${channel} has no index that can be read`;
  if (typeof index === 'string') return notKnown(`whether ${channel} has ${name} ${version.text}: ${index}`, channel);
  const told = await observe(index.name, now, () => index.release(name, version.text));
  if (!told.known) return notKnown(`whether ${channel} has ${name} ${version.text}: ${told.reason}`, told.source);
  const files = (told.value?.files ?? []).filter(({ yanked }) => yanked === null).length;
  const has = files > 0;
  const count = files === 1 ? '1 file' : `${files} files`;
  const text = has ? `${channel} has ${name} ${version.text}, ${count}` : `${channel} has no ${name} ${version.text}`;
  return { state: has ? 'holds' : 'open', text, link: null, source: told.source };
}

async function refSeen(
  probe: Extract<AskProbe, { readonly by: 'branch' | 'tag' }>,
  { ports: { train, release, git, now }, fill }: Probing,
): Promise<Seen> {
  const repo = repoIn(train, probe.repo, release);
  if (repo === null) return notKnown(`the train file gives ${probe.repo} no line for ${release}`);
  if (repo.remote === null) return notKnown(`the train file gives ${probe.repo} no remote`);
  const wanted = probe.by === 'tag' ? probe.tag : (probe.branch ?? `{branch-of:${probe.repo}}`);
  const name = fillAsk(wanted, fill);
  if (!name.ok) return notKnown(`which ${probe.by} ${probe.repo} must have is not known: ${name.missing.join('; ')}`);
  if (!BranchName.safeParse(name.text).success)
    return notKnown(`"${name.text.slice(0, 60)}" is no ${probe.by} that git takes`);
  const ref = probe.by === 'tag' ? tagRef(name.text) : branchRef(name.text);
  const at = { repo: repo.key, remote: repo.remote };
  const refs = await observe(`git remote of ${repo.key}`, now, () => git.remoteRefs(at, [ref]));
  if (!refs.known) return notKnown(`whether ${repo.key} has ${name.text}: ${refs.reason}`, refs.source);
  const has = refs.value.some((one) => one.ref === ref);
  const text = `${repo.key} has ${has ? '' : 'no '}${probe.by} ${name.text}`;
  return { state: has ? 'holds' : 'open', text, link: null, source: refs.source };
}

/** Closed as not planned is an answer, and not the one that was asked for. */
function closedSeen(issue: Probing['issue']): Seen {
  if (!issue.known) return notKnown(`whether its issue is closed: ${issue.reason}`, issue.source);
  const { value, source } = issue;
  if (value === null) return { state: 'open', text: 'there is no issue of it yet', link: null, source };
  const { number, link, open, closedAs } = value;
  if (open) return { state: 'open', text: `#${number} is open`, link, source };
  if (closedAs === 'not-planned') return { state: 'open', text: `#${number} was closed as not planned`, link, source };
  return { state: 'holds', text: `#${number} is closed`, link, source };
}

/** That it was asked: the issue is there, or somebody recorded where. */
function sentSeen({ issue, record, named: { ask } }: Probing): Seen {
  const sent = sentOf({ issue, record });
  if (sent !== null)
    return {
      state: 'holds',
      text: `asked of ${ask.to}: ${sent.text || 'by hand'}`,
      link: sent.link,
      source: issue.source,
    };
  if (!issue.known) return notKnown(`whether it was asked: ${issue.reason}`, issue.source);
  return { state: 'open', text: `nobody asked ${ask.to} yet`, link: null, source: issue.source };
}

function wordSeen({ record: { answered }, named: { ask } }: Probing): Seen {
  const source = 'ledger';
  if (answered === null) return { state: 'open', text: `nobody recorded an answer of ${ask.to}`, link: null, source };
  const { by, note, link } = answered;
  return { state: 'holds', text: `@${by} recorded the answer of ${ask.to}: ${note}`, link, source };
}

/** How it was sent: the issue that is there, else what a person recorded. */
export function sentOf({ issue, record }: Pick<AskReading, 'issue' | 'record'>): AskSent | null {
  const item = issue.known ? issue.value : null;
  if (item !== null) {
    const { number, author, openedAt, link } = item;
    return { how: 'issue', at: openedAt, by: author, link, text: `#${number}` };
  }
  if (record.sent === null) return null;
  const { by, at, link, note } = record.sent;
  return { how: 'recorded', at, by, link, text: note };
}
