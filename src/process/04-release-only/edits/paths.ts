/** Whether a path fits a pattern: `*` within a name, `**` over any folders, all else literal. */
export function matchesPath(pattern: string, path: string): boolean {
  const parts = pattern.split('/').map((part) => (part === '**' ? null : toExpression(part)));
  return fits(parts, path.split('/'));
}

function toExpression(part: string): RegExp {
  const pieces = part.split(/\*+/).map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pieces.join('[^/]*')}$`);
}

function fits(parts: readonly (RegExp | null)[], names: readonly string[]): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (part === null) return fits(rest, names) || (name !== undefined && fits(parts, others));
  return name !== undefined && part.test(name) && fits(rest, others);
}

/** The patterns of an edit over workflow files with their twins: the forge reads `.yml` and `.yaml` alike, so an edit does too. */
export function withYamlTwins(patterns: readonly string[]): readonly string[] {
  const twins = patterns.flatMap((pattern) => {
    if (pattern.endsWith('.yml')) return [pattern, `${pattern.slice(0, -'.yml'.length)}.yaml`];
    return pattern.endsWith('.yaml') ? [pattern, `${pattern.slice(0, -'.yaml'.length)}.yml`] : [pattern];
  });
  return [...new Set(twins)];
}
