import type { PagePlace } from '../../domain/index-page.ts';
import type { PublishMetadataStep, PublishPageStep } from '../../domain/plan/step.ts';
import type { RepoKey } from '../../domain/repo.ts';
import { metadataKey, pageKeys, projectIn, type PageEdit } from '../../wheel/simple-index/index.ts';
import type { MetadataToWrite } from './facts.ts';

/** Where the steps are carried out. */
export interface StepsAt {
  readonly channel: string;
  readonly place: number;
  /** The wave of the first of them; three are used. */
  readonly wave: number;
  /** The repository that a project is of; that of the train's own for one of nobody. */
  readonly repoOf: (project: string | null) => RepoKey;
}

type IndexStep = PublishMetadataStep | PublishPageStep;

/** Metadata files first, then pages of projects, then root pages: what a page names is there when the page is. */
export function indexSteps(
  at: StepsAt,
  metadata: readonly MetadataToWrite[],
  edits: readonly PageEdit[],
): readonly IndexStep[] {
  return [
    ...metadataSteps(at, metadata),
    ...edits.map((edit) => pageStep(at, edit)).toSorted((left, right) => left.wave - right.wave),
  ];
}

/** One step for the files of one project in one folder. */
function metadataSteps(at: StepsAt, metadata: readonly MetadataToWrite[]): readonly PublishMetadataStep[] {
  const groups = Map.groupBy(metadata, ({ folder, wheel }) => metadataKey(folder, projectIn(wheel) ?? ''));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { folder, wheel } = first;
    const project = projectIn(wheel);
    const { channel, place, wave, repoOf } = at;
    return {
      kind: 'publish-metadata',
      key: `publish-metadata:${channel}:${place}:${folder}/${project}`,
      wave,
      reversible: 'partly',
      undo: 'left where they are: a metadata file that no page names harms nobody',
      repo: repoOf(project),
      channel,
      place,
      folder,
      files: group.map((file) => ({ wheel: file.wheel, digest: file.digest, before: file.before })),
    };
  });
}

function pageStep({ channel, place, wave, repoOf }: StepsAt, edit: PageEdit): PublishPageStep {
  const { place: page, before, after, change, exact, serves } = edit;
  const isSame = before.html === after.html && before.json === after.json;
  return {
    kind: 'publish-page',
    key: `publish-page:${channel}:${place}:${pageKeys(page).html}`,
    wave: wave + waveOf(page),
    // Installers may have read it in between.
    reversible: 'partly',
    undo: undoOf({ exact, isSame }),
    repo: repoOf(page.project),
    channel,
    place,
    page,
    before,
    after,
    change,
    exact,
    ...(serves === undefined ? {} : { serves }),
  };
}

function undoOf({ exact, isSame }: { readonly exact: boolean; readonly isSame: boolean }): string {
  if (isSame) return 'none: its bytes stay, and the wrong content type is not put back';
  return exact ? 'write the page as it was' : 'none by itself: another program wrote the page; plan the index again';
}

function waveOf({ project }: PagePlace): number {
  return project === null ? 2 : 1;
}
