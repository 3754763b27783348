import type { Support, SupportLine } from '../../domain/train/support.ts';
import { Line, compareVersions } from '../../domain/version.ts';
import type { SupportChange } from './policy/finding.ts';

/** The line of the matrix with changes made; of several Pythons that ask for the same end of the range, the one that asks for most holds. */
export function changedLine(
  { columns }: Pick<Support, 'columns'>,
  line: SupportLine,
  changes: readonly SupportChange[],
): SupportLine {
  return changes.reduce((made, change) => withChange(made, change, { columns, before: line }), line);
}

function withChange(
  line: SupportLine,
  change: SupportChange,
  { columns, before }: { readonly columns: Support['columns']; readonly before: SupportLine },
): SupportLine {
  switch (change.kind) {
    case 'python-range': {
      const { python } = line;
      const [wanted, now, old] = [minor(change.value), minor(python[change.end]), minor(before.python[change.end])];
      const isLater = compareVersions(wanted, now) > 0;
      // An older Python that lives moves the start back, and then no younger one moves it forth again.
      const isFurther = change.end === 'to' ? isLater : isLater ? compareVersions(wanted, old) > 0 : true;
      return isFurther ? { ...line, python: { ...python, [change.end]: change.value } } : line;
    }
    case 'drop-experimental-python': {
      const experimental = line.python.experimental.filter((build) => build !== change.python);
      return { ...line, python: { ...line.python, experimental } };
    }
    case 'drop-accelerator': {
      const ids = columns.flatMap((column) =>
        column.kind === 'builds' && column.accelerator === change.accelerator ? [column.id] : [],
      );
      const builds = Object.entries(line.builds).map(([id, groups]): [string, SupportLine['builds'][string]] => [
        id,
        ids.includes(id)
          ? groups.flatMap((group) => {
              const versions = group.versions.filter((version) => version !== change.version);
              return versions.length === 0 ? [] : [{ ...group, versions }];
            })
          : groups,
      ]);
      return { ...line, builds: Object.fromEntries<SupportLine['builds'][string]>(builds) };
    }
  }
}

function minor(build: string): Line {
  return Line.parse(build.replace(/t$/, ''));
}
