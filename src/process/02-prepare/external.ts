import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../domain/gate.ts';
import { branchRef, ObjectId, shortId } from '../../domain/git-names.ts';
import { addDays, type CalendarDate, dateOf, Instant } from '../../domain/instant.ts';
import { dayOf } from '../../domain/month.ts';
import { known, observe, unknown, type Evidence, type Observed } from '../../domain/observation.ts';
import { RepoKey } from '../../domain/repo.ts';
import { dayText } from '../../domain/time-text.ts';
import type { OutsideDependency } from '../../domain/train/dependency.ts';
import { repoIn, reposOf, type RepoInRelease } from '../../domain/train/naming.ts';
import type { Train } from '../../domain/train/train.ts';
import { lineOf, type ReleaseVersion } from '../../domain/version.ts';
import type { Git } from '../../ports/git.ts';

/** What the world says of a package from outside before the cut. */
export interface ExternalFacts {
  readonly name: string;
  readonly dependency: OutsideDependency;
  /** The repository that it is built from; null where the train gives it no line for the release. */
  readonly repo: RepoInRelease | null;
  /** The head of its release branch; null where it has none. */
  readonly branch: Observed<ObjectId | null>;
  readonly pin: Observed<PinFacts>;
  /** The last day on which the pin may be merged; null where the calendar has no day of the cut. */
  readonly until: CalendarDate | null;
}

/** The pin in the core repository, on the branch that is cut from. */
export interface PinFacts {
  /** Null where the file is not there, or holds no commit. */
  readonly commit: ObjectId | null;
  /** What it was at the end of the last day on which it may be merged; null where that lies ahead, or is further back than was read. */
  readonly onDay: { readonly commit: ObjectId | null } | null;
  /** Whether it is on the release branch of its repository; null where there is no such branch, or no pin. */
  readonly isOnBranch: boolean | null;
}

interface ExternalPorts {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly git: Git;
  readonly now: Instant;
}

/** How many commits are looked through for the state of a day: three weeks of a very busy repository. */
const MOST_COMMITS = 5000;

/** Reads each dependency that the train asks to be ready before the cut. */
export async function readExternal(ports: ExternalPorts): Promise<readonly ExternalFacts[]> {
  const { train, release } = ports;
  const asked = Object.entries(train.dependencies).filter(([, { ready }]) => ready !== undefined);
  const core = reposOf(train, release).find(({ entry }) => entry.role === 'core') ?? null;
  return Promise.all(asked.map(([name, dependency]) => readOne(name, dependency, { ports, core })));
}

interface Around {
  readonly ports: ExternalPorts;
  readonly core: RepoInRelease | null;
}

async function readOne(name: string, dependency: OutsideDependency, { ports, core }: Around): Promise<ExternalFacts> {
  const { train, release, now } = ports;
  const key = RepoKey.safeParse(dependency.repo);
  const repo = key.success ? repoIn(train, key.data, release) : null;
  const until = lastDay(train, release, dependency.ready?.days ?? 0);
  const lost = (reason: string): Observed<never> => unknown(reason, now, 'train file');
  const branch = repo === null ? lost(`it gives ${dependency.repo} no line for ${release}`) : await headOf(repo, ports);
  const pin =
    core === null || core.remote === null || dependency.pinFile === undefined
      ? lost(core === null ? 'it names no core repository' : `it names no pinFile of ${name}`)
      : await readPin({ ...core, remote: core.remote }, dependency.pinFile, { ports, until, repo, branch });
  return { name, dependency, repo, branch, pin, until };
}

function lastDay({ calendar }: Train, release: ReleaseVersion, days: number): CalendarDate | null {
  const on = calendar.cadence[lineOf(release)]?.cut.on;
  const day = on === undefined ? null : dayOf(on);
  return day === null ? null : addDays(day, -days);
}

async function headOf(
  { key, remote, branch }: RepoInRelease,
  { git, now }: ExternalPorts,
): Promise<Observed<ObjectId | null>> {
  if (remote === null) return unknown(`the train file gives ${key} no remote`, now, 'train file');
  return observe(`git remote of ${key}`, now, async () => {
    const refs = await git.remoteRefs({ repo: key, remote }, [branchRef(branch)]);
    return refs.find(({ ref }) => ref === branchRef(branch))?.id ?? null;
  });
}

interface PinReading {
  readonly ports: ExternalPorts;
  readonly until: CalendarDate | null;
  readonly repo: RepoInRelease | null;
  readonly branch: Observed<ObjectId | null>;
}

async function readPin(
  core: RepoInRelease & { readonly remote: string },
  path: string,
  { ports: { git, now }, until, repo, branch }: PinReading,
): Promise<Observed<PinFacts>> {
  const at = { repo: core.key, remote: core.remote };
  const source = branchRef(core.entry.source);
  const read = await observe(`${core.key} ${core.entry.source}`, now, async () => {
    const head = (await git.remoteRefs(at, [source])).find(({ ref }) => ref === source)?.id;
    if (head === undefined) return { commit: null, onDay: null };
    await git.fetch(at, [source]);
    const pinAt = async (commit: ObjectId): Promise<ObjectId | null> => {
      const [file] = await git.files(at, commit, [path]);
      const parsed = ObjectId.safeParse(file?.text?.trim());
      return parsed.success ? parsed.data : null;
    };
    const commit = await pinAt(head);
    if (until === null || dateOf(now) <= until) return { commit, onDay: null };
    const end = Instant.parse(`${addDays(until, 1)}T00:00:00Z`);
    const { commits } = await git.log(at, { from: null, to: head, limit: MOST_COMMITS });
    const last = commits.find(({ committedAt }) => committedAt < end);
    return { commit, onDay: last === undefined ? null : { commit: await pinAt(last.id) } };
  });
  if (!read.known) return read;
  const isOnBranch = await onBranch(read.value.commit, { git, now, repo, branch });
  return isOnBranch.known ? known({ ...read.value, isOnBranch: isOnBranch.value }, read.at, read.source) : isOnBranch;
}

/** Whether the pinned commit is in the history of the release branch of its own repository. */
async function onBranch(
  pin: ObjectId | null,
  { git, now, repo, branch }: Pick<PinReading, 'repo' | 'branch'> & Pick<ExternalPorts, 'git' | 'now'>,
): Promise<Observed<boolean | null>> {
  const source = `git remote of ${repo?.key ?? 'the dependency'}`;
  if (repo === null || repo.remote === null || pin === null || !branch.known || branch.value === null)
    return known(null, now, source);
  const at = { repo: repo.key, remote: repo.remote };
  const head = branch.value;
  return observe(source, now, async () => {
    await git.fetch(at, [branchRef(repo.branch)]);
    return git.isAncestor(at, pin, head).catch((error: unknown) => {
      // A commit that was not fetched with the branch is not on it.
      if (error instanceof Error && 'code' in error && error.code === 'object-missing') return false;
      throw error;
    });
  });
}

interface Judging {
  readonly train: Train;
  readonly release: ReleaseVersion;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/**
 * The gates `external-ready:NAME`: the release branch of what comes from outside exists, the core repository pins a commit of it, and that pin was merged the
 * days before the cut that the train asks for. Waivers applied.
 */
export function decideExternal(facts: readonly ExternalFacts[], judging: Judging): readonly Gate[] {
  return facts.map((one) => withWaiver(gateOf(one, judging), judging.waivers, judging.now));
}

function gateOf(facts: ExternalFacts, { train, release, now }: Judging): Gate {
  const id = GateId.parse(`external-ready:${facts.name}`);
  const core = Object.values(train.repos).find(({ role }) => role === 'core');
  const gate = emptyGate(id, [...new Set([...(core?.owners ?? []), ...train.roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  const { branch, pin } = facts;
  const unread = [branch, pin].find(({ known: is }) => !is);
  if (!branch.known || !pin.known) {
    const reason = unread?.known === false ? `${unread.source}: ${unread.reason}` : '';
    return { ...gate, summary: `could not be read: ${reason}`, fix: `make it readable, then ${rerun}` };
  }
  const missing = missingOf(facts, { branch: branch.value, pin: pin.value });
  const isOver = facts.until !== null && dateOf(now) > facts.until;
  if (missing.length === 0 && isOver && pin.value.onDay === null) {
    const summary = `what was pinned on ${dayText(facts.until, now)} lies further back than ${MOST_COMMITS} commits`;
    return {
      ...gate,
      summary,
      fix: `look at the history of ${facts.dependency.pinFile ?? 'the pin'}, and waive the gate`,
    };
  }
  const day = facts.until === null ? 'before the cut' : `until ${dayText(facts.until, now)}`;
  const evidence = evidenceOf(facts, { branch: branch.value, pin: pin.value }).map((text): Evidence => ({
    text,
    source: pin.source,
    at: pin.at,
  }));
  const [first] = missing;
  if (first === undefined)
    return { ...gate, verdict: 'pass', summary: evidence.map(({ text }) => text).join('; '), evidence };
  const summary = `${missing.join('; ')}; to be merged ${day}`;
  return {
    ...gate,
    verdict: isOver ? 'failing' : 'needs-you',
    summary,
    evidence,
    fix: `${fixOf(facts)}; then ${rerun}`,
  };
}

interface Values {
  readonly branch: ObjectId | null;
  readonly pin: PinFacts;
}

function missingOf({ name, repo, dependency }: ExternalFacts, { branch, pin }: Values): readonly string[] {
  if (branch === null) return [`${repo?.entry.slug ?? name} has no ${repo?.branch ?? 'release branch'}`];
  if (pin.commit === null) return [`${dependency.pinFile ?? 'the pin'} holds no commit of ${name}`];
  if (pin.isOnBranch === false) return [`the pin ${shortId(pin.commit)} is not on ${repo?.branch ?? 'its branch'}`];
  if (pin.onDay !== null && pin.onDay.commit !== pin.commit) {
    const was = pin.onDay.commit === null ? 'none' : shortId(pin.onDay.commit);
    return [`the pin ${shortId(pin.commit)} was merged too late: ${was} stood there`];
  }
  return [];
}

function evidenceOf({ name, repo, until }: ExternalFacts, { branch, pin }: Values): readonly string[] {
  const when = until === null ? '' : pin.onDay === null ? `, by ${until} it may still change` : `, as on ${until}`;
  return [
    ...(branch === null ? [] : [`${repo?.key ?? name} has ${repo?.branch ?? ''} at ${shortId(branch)}`]),
    ...(pin.commit === null
      ? []
      : [`the pin is ${shortId(pin.commit)}${pin.isOnBranch === true ? ' on it' : ''}${when}`]),
  ];
}

function fixOf({ name, repo, dependency }: ExternalFacts): string {
  return `have ${repo?.branch ?? 'a release branch'} cut in ${repo?.entry.slug ?? name}, and merge its commit into ${dependency.pinFile ?? 'the pin file'}`;
}
