import { emptyGate, GateId, withWaiver, type Gate, type Waiver } from '../../../domain/gate.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Evidence, Observed } from '../../../domain/observation.ts';
import type { Train } from '../../../domain/train/train.ts';
import type { ReleaseVersion } from '../../../domain/version.ts';
import type { PickedPackage } from '../../../ports/resolver.ts';
import { projectName } from '../../../wheel/simple-index/index.ts';
import type { StartFacts } from './offers.ts';
import { explainStart } from './problem.ts';
import type { PageState } from './read.ts';
import { startFiles, type StartTexts } from './files.ts';
import type { Tried } from './try.ts';
import { shownIn } from './versions-file.ts';
import { pageStanding } from './work.ts';

/** What the three gates of the get-started page rest on. */
export interface StartToJudge {
  readonly train: Train;
  readonly release: ReleaseVersion;
  /** Why nothing can be judged yet; null when it can. */
  readonly obstacle: string | null;
  readonly facts: StartFacts | null;
  readonly page: Observed<PageState>;
  /** Whether everybody sees the release, on the stable channels and on the package index; unknown where that could not be read. */
  readonly isReleased: Observed<boolean>;
  /** Where the commands were tried, and what came of each; null where that was not asked for. */
  readonly tried: { readonly place: string; readonly commands: readonly Tried[] } | null;
  readonly now: Instant;
  readonly waivers: readonly Waiver[];
}

const FAMILY = 'get-started-matrix';
/** The commands of the page install the candidate; its pull request is there; once public they install the release; it was merged then and not before. */
const PARTS = { tested, proposed, works, merged } as const;
const SHOWN = 20;

/** Judges the get-started page (process.md, `get-started-matrix`). Waivers applied. */
export function decideStartGates(judged: StartToJudge): readonly Gate[] {
  const { train, waivers, now, obstacle, release } = judged;
  return Object.entries(PARTS).map(([part, judge]) => {
    const gate = emptyGate(idOf(part), train.roles['release-manager']);
    const said: Said =
      obstacle === null ? judge(judged) : { verdict: 'queued', summary: obstacle, fix: `signalbox status ${release}` };
    return withWaiver({ ...gate, ...said }, waivers, now);
  });
}

function idOf(part: string): GateId {
  return GateId.parse(`${FAMILY}:${part}`);
}

type Said = Partial<Gate> & Pick<Gate, 'summary'>;

function tested(judged: StartToJudge): Said {
  const { isReleased, release } = judged;
  if (isReleased.known && isReleased.value)
    return { verdict: 'skipped', summary: `${release} is public: ${idOf('works')} tells whether the commands work` };
  return tries(judged, 'tested');
}

function works(judged: StartToJudge): Said {
  const { isReleased, release } = judged;
  const rerun = `signalbox gate run ${release} ${idOf('works')}`;
  if (!isReleased.known)
    return { summary: `it is not known whether ${release} is public: ${isReleased.reason}`, fix: rerun };
  if (!isReleased.value) return { verdict: 'queued', summary: `tried once ${release} is public`, fix: rerun };
  return tries(judged, 'works');
}

function tries({ tried, release }: StartToJudge, part: keyof typeof PARTS): Said {
  const rerun = `signalbox gate run ${release} ${idOf(part)}`;
  if (tried === null) return { summary: 'the commands of the page were not tried for these files yet', fix: rerun };
  const judged = tried.commands.map((one) => ({ one, said: said(one) }));
  const of = `${judged.filter((each) => each.said.is === 'right').length} of ${judged.length} commands install ${release} from ${tried.place}`;
  const wrong = judged.filter((each) => each.said.is === 'wrong');
  const [first] = wrong;
  if (first !== undefined)
    return {
      verdict: 'failing',
      summary: `${of}; ${first.said.text}${wrong.length > 1 ? `; and ${wrong.length - 1} more` : ''}`,
      evidence: wrong.slice(0, SHOWN).flatMap(({ one, said: { text } }) => evidenceOf(one, text)),
      fix: `mend what is named, then ${rerun}`,
    };
  const evidence = judged.slice(0, SHOWN).flatMap(({ one, said: { text } }) => evidenceOf(one, text));
  const gap = judged.find((each) => each.said.is === 'gap');
  if (gap !== undefined) return { summary: `${of}; ${gap.said.text}`, evidence, fix: rerun };
  const open = judged.filter((each) => each.said.is === 'not-asked').length;
  if (open > 0) return { summary: `${of}; ${open} were not tried for these files yet`, evidence, fix: rerun };
  if (judged.length === 0) return { summary: 'the page has no command to try', fix: rerun };
  return { verdict: 'pass', summary: of, evidence };
}

interface OneSaid {
  readonly is: 'right' | 'wrong' | 'gap' | 'not-asked';
  readonly text: string;
}

function said({ install, name, resolution }: Tried): OneSaid {
  if (resolution === null) return { is: 'not-asked', text: `${name}: not tried` };
  if (!resolution.known) return { is: 'gap', text: `${name} was not tried: ${resolution.reason}` };
  const { value } = resolution;
  if (!value.resolved) return { is: 'wrong', text: `${name}: ${value.by} finds no way: ${value.reason}` };
  for (const cell of install.cells) {
    const found = pickedOf(value.picked, cell.cell.package);
    const version = install.isPublished ? new Set([cell.version, cell.version.split('+')[0]]) : new Set([cell.version]);
    if (found === undefined) return { is: 'wrong', text: `${name}: ${cell.cell.package} would not be installed` };
    if (![...version].some((each) => each === found.version))
      return { is: 'wrong', text: `${name}: ${cell.cell.package} would be ${found.version}, not ${cell.version}` };
  }
  const versions = value.picked.filter((each) =>
    install.packages.some((one) => projectName(one) === projectName(each.name)),
  );
  return {
    is: 'right',
    text: `${name}: ${value.by} would install ${versions.map((each) => `${each.name} ${each.version}`).join(', ')}`,
  };
}

function pickedOf(picked: readonly PickedPackage[], name: string): PickedPackage | undefined {
  return picked.find((each) => projectName(each.name) === projectName(name));
}

function evidenceOf({ resolution, index }: Tried, text: string): readonly Evidence[] {
  if (resolution === null) return [];
  return [{ text, source: resolution.source, at: resolution.at, ...(index === '' ? {} : { link: index }) }];
}

function proposed({ facts, page, release }: StartToJudge): Said {
  const run = `signalbox day run ${release} get-started`;
  if (facts === null || !page.known) return unread(page, run);
  const standing = pageStanding(facts, page.value);
  if (!standing.ok) return { verdict: 'failing', summary: explainStart(standing.problems[0]), fix: run };
  const { value } = standing;
  if (value.is === 'there')
    return { verdict: 'pass', summary: `the page has ${release}`, evidence: pullEvidence(page) };
  if (value.is === 'missing')
    return { verdict: 'queued', summary: `no pull request brings ${release} to the page`, fix: run };
  const evidence = pullEvidence(page);
  return value.right
    ? { verdict: 'pass', summary: `${pullName(page)} brings exactly what ${release} needs`, evidence }
    : { verdict: 'failing', summary: `${pullName(page)} is not what ${release} needs any more`, evidence, fix: run };
}

function merged({ facts, page, isReleased, release }: StartToJudge): Said {
  const rerun = `signalbox gate run ${release} ${idOf('merged')}`;
  if (facts === null || !page.known) return unread(page, rerun);
  const { base } = page.value;
  const texts: StartTexts = { versions: base.versions?.text ?? '', script: base.script?.text ?? '' };
  const shown = shownIn(texts.versions, release);
  const evidence = pullEvidence(page);
  if (shown === null)
    return { verdict: 'failing', summary: `${facts.settings.versions} cannot be read as the page's file`, fix: rerun };
  const isShown = shown.hasEntry || shown.latest === release;
  if (!isReleased.known)
    return {
      summary: `it is not known whether ${release} is public: ${isReleased.reason}`,
      evidence,
      fix: `signalbox published ${release}`,
    };
  if (!isReleased.value)
    return isShown
      ? {
          verdict: 'failing',
          summary: `the page shows ${release} already, and it is not public yet`,
          evidence,
          fix: 'revert the change on the website until it is',
        }
      : {
          verdict: 'queued',
          summary: `merged on the release day only, once ${release} is public`,
          evidence,
          fix: rerun,
        };
  const made = startFiles(facts, texts);
  if (made.ok && made.value.versions === texts.versions && made.value.script === texts.script)
    return { verdict: 'pass', summary: `the page shows ${release}, as it is`, evidence };
  const what = isShown ? 'the page shows it, and not as it is' : 'the page does not show it';
  return {
    verdict: 'needs-you',
    summary: `${release} is public; ${what}`,
    evidence,
    fix: page.value.pull?.state === 'open' ? `merge ${pullName(page)}` : `signalbox day run ${release} get-started`,
  };
}

function unread(page: Observed<PageState>, fix: string): Said {
  return { summary: page.known ? 'nothing is known of the files' : `could not be read: ${page.reason}`, fix };
}

function pullName(page: Observed<PageState>): string {
  const pull = page.known ? page.value.pull : null;
  return pull === null ? 'the pull request' : `#${pull.number}`;
}

function pullEvidence(page: Observed<PageState>): readonly Evidence[] {
  if (!page.known) return [];
  const { source, at, value } = page;
  const pulls = [...(value.pull === null ? [] : [value.pull]), ...value.merged];
  return pulls.map(({ number, title, state, link }) => ({ text: `#${number} ${title}: ${state}`, link, source, at }));
}
