import { emptyGate, type Gate, GateId, type Waiver, withWaiver } from '../../../domain/gate.ts';
import { shortId } from '../../../domain/git-names.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import { lineOf, tagOf } from '../../../domain/version.ts';
import { many } from '../../../domain/words.ts';
import type { PackagePlaces, PinnedAt, PinnedFacts } from './facts.ts';
import { compareFiles, requiredPackages } from './required.ts';

interface Judging {
  readonly train: Train;
  readonly waivers: readonly Waiver[];
  readonly now: Instant;
}

/**
 * The gates `triton-ready:NAME`, of each dependency that is pinned by commit and published by others: the pinned commit is the released one, the candidate's
 * wheels require the released version, it can be had where the train says, and our own copies of its files are the published ones. Waivers applied.
 */
export function decidePinned(facts: readonly PinnedFacts[], judging: Judging): readonly Gate[] {
  return facts.map((one) => withWaiver(gateOf(one, judging), judging.waivers, judging.now));
}

/** One thing that was found out. `outside`: others have to publish something; `later`: the candidate, or its record, is not there yet. */
interface Word {
  readonly is: 'right' | 'wrong' | 'unknown' | 'outside' | 'later';
  readonly text: string;
  readonly source: string;
  readonly at: Instant;
}

function gateOf(facts: PinnedFacts, { train, now }: Judging): Gate {
  const { release, name, core, at, dependency } = facts;
  const id = GateId.parse(`triton-ready:${name}`);
  const gate = emptyGate(id, [...new Set([...(core?.entry.owners ?? []), ...train.roles['release-manager']])]);
  const rerun = `signalbox gate run ${release} ${id}`;
  if (!at.known)
    return {
      ...gate,
      summary: `could not be read: ${at.source}: ${at.reason}`,
      fix: `make it readable, then ${rerun}`,
    };
  if (at.value === null) {
    const summary = `${core?.key ?? 'core'} has no ${core?.branch ?? 'release branch'} yet`;
    return { ...gate, verdict: 'queued', summary, fix: `signalbox branch cut ${release}` };
  }
  const words = [
    ...pinWords(facts, at.value),
    ...fileWords(facts, at.value, { train, now }),
    ...facts.places.flatMap((places) => placeWords(places, facts)),
  ];
  const evidence = words.slice(0, MOST_EVIDENCE).map(({ text, source, at: when }): Evidence => {
    return { text, source, at: when };
  });
  const of = (is: Word['is']): readonly Word[] => words.filter((word) => word.is === is);
  const closed = (['wrong', 'unknown', 'outside', 'later'] as const).find((is) => of(is).length > 0);
  if (closed === undefined) {
    const summary = of('right')
      .map(({ text }) => text)
      .join('; ');
    return { ...gate, verdict: 'pass', summary, evidence };
  }
  const summary = told(of(closed));
  switch (closed) {
    case 'wrong': {
      const fix = `pin the released commit and version (${dependency.pinFile ?? 'pinFile'}), and build another candidate: signalbox rc cut ${release}; then ${rerun}`;
      return { ...gate, verdict: 'failing', summary, evidence, fix };
    }
    case 'unknown':
      return { ...gate, summary, evidence, fix: `make it readable, then ${rerun}` };
    case 'outside': {
      const { ask } = dependency;
      const way = ask === undefined ? `have it published` : `signalbox ask show ${release} ${ask}`;
      return { ...gate, verdict: 'needs-you', summary, evidence, fix: `${way}; then ${rerun}` };
    }
    case 'later': {
      const { candidate } = at.value;
      const fix = candidate === null ? `signalbox rc cut ${release}` : `signalbox artifact record ${candidate}`;
      return { ...gate, verdict: 'queued', summary, evidence, fix };
    }
  }
}

const MOST_EVIDENCE = 60;

function told([first, ...rest]: readonly Word[]): string {
  return `${first?.text ?? ''}${rest.length > 0 ? `, and ${rest.length} more` : ''}`;
}

/** Whether the pinned commit is the released one. */
function pinWords({ at, tag, name, dependency }: PinnedFacts, here: PinnedAt): readonly Word[] {
  const from = { source: at.source, at: at.at };
  const { pin } = here;
  if (pin === null) {
    const text = `${dependency.pinFile ?? 'the pin file'} at ${here.name} holds no commit of ${name}`;
    return [{ is: 'wrong', text, ...from }];
  }
  if (!tag.known) {
    const text = `which commit of ${name} is released: ${tag.reason}`;
    return [{ is: 'unknown', text, source: tag.source, at: tag.at }];
  }
  if (tag.value === null) {
    const text = `${dependency.versionFile ?? 'the version file'} at ${here.name} holds no version of ${name}`;
    return [{ is: 'wrong', text, ...from }];
  }
  const { name: tagName, commit } = tag.value;
  const seen = { source: tag.source, at: tag.at };
  if (commit === null) return [{ is: 'outside', text: `${dependency.repo} has no tag ${tagName} yet`, ...seen }];
  return commit === pin
    ? [{ is: 'right', text: `the pin ${shortId(pin)} is ${tagName}`, ...seen }]
    : [{ is: 'wrong', text: `the pin ${shortId(pin)} is not ${tagName}, which is ${shortId(commit)}`, ...seen }];
}

/** Whether the candidate's wheels require the released version. */
function fileWords(
  { release, channel, dependency, name, manifest, core, at }: PinnedFacts,
  here: PinnedAt,
  { train, now }: { readonly train: Train; readonly now: Instant },
): readonly Word[] {
  const line = lineOf(release);
  const { packages: required, faults } = requiredPackages(train, dependency, { line, channel, at: here });
  const from = { source: at.source, at: at.at };
  const wrong = faults.map((text): Word => ({ is: 'wrong', text: `${text} (at ${here.name})`, ...from }));
  if (wrong.length > 0) return wrong;
  if (required.length === 0) {
    const text = `the train file says for no backend what ${channel} requires of ${name}`;
    return [{ is: 'unknown', text, source: 'train file', at: now }];
  }
  if (here.candidate === null) {
    const text = `${core?.key ?? 'core'} has no candidate of ${release} yet`;
    return [{ is: 'later', text, ...from }];
  }
  const record = { source: 'ledger', at: now };
  const label = tagOf(here.candidate);
  if (manifest === null) return [{ is: 'later', text: `the files of ${label} are not recorded yet`, ...record }];
  const packages = dependency.released?.packages ?? core?.entry.packages ?? [];
  const compared = compareFiles(manifest, { train, dependency, line, required, packages });
  const texts = required.map(({ text }) => text);
  return [
    ...compared.wrong.map((text): Word => ({ is: 'wrong', text, ...record })),
    ...(compared.unread.length === 0
      ? []
      : [
          {
            is: 'unknown' as const,
            text: `what ${many(compared.unread.length, 'wheel')} of ${label} require was not read: ${compared.unread[0] ?? ''}`,
            ...record,
          },
        ]),
    compared.right === 0
      ? { is: 'unknown', text: `no wheel of ${label} is to require ${texts.join(' or ')}`, ...record }
      : { is: 'right', text: `${many(compared.right, 'wheel')} of ${label} require ${texts.join(' or ')}`, ...record },
  ];
}

/** Whether the required version can be had, and our own files of it are the published ones. */
function placeWords({ required, index, published, own }: PackagePlaces, { channel }: PinnedFacts): readonly Word[] {
  const what = `${required.name} ${required.version}`;
  const ours = { source: own.source, at: own.at };
  if (published === null) {
    if (!own.known) return [{ is: 'unknown', text: `whether ${channel} has ${what}: ${own.reason}`, ...ours }];
    const count = many(own.value.length, 'file');
    return own.value.length === 0
      ? [{ is: 'outside', text: `${channel} has no ${what}`, ...ours }]
      : [{ is: 'right', text: `${channel} has ${what}, ${count}`, ...ours }];
  }
  const theirs = { source: published.source, at: published.at };
  if (!published.known)
    return [{ is: 'unknown', text: `whether ${index} has ${what}: ${published.reason}`, ...theirs }];
  if (published.value.length === 0) return [{ is: 'outside', text: `${index} has no ${what}`, ...theirs }];
  const has: Word = { is: 'right', text: `${index} has ${what}, ${many(published.value.length, 'file')}`, ...theirs };
  if (!own.known)
    return [has, { is: 'unknown', text: `whether ${channel} has other files of ${what}: ${own.reason}`, ...ours }];
  const both = own.value.flatMap((file) => {
    const other = published.value.find(({ name }) => name === file.name);
    return other === undefined ? [] : [{ ...file, theirs: other.digest }];
  });
  const differing = both.filter((file) => file.digest !== null && file.theirs !== null && file.digest !== file.theirs);
  const dark = both.filter((file) => file.digest === null || file.theirs === null);
  return [
    has,
    ...differing.map(({ name, digest, theirs: other }): Word => ({
      is: 'wrong',
      text: `${name} in ${channel} is ${digest ?? ''}, and in ${index} ${other ?? ''}: not the same file`,
      ...ours,
    })),
    ...dark.map(({ name, digest }): Word => ({
      is: 'unknown',
      text: `whether ${name} in ${channel} is the one in ${index}: ${digest === null ? channel : index} tells no digest`,
      ...ours,
    })),
  ];
}
