/** Whether a path is one of the files that a train declares generated: `*` within a name, `**` over folders. */
export function isGeneratedBy(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(expressionOf);
  return (path) => expressions.some((expression) => expression.test(path));
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replaceAll(/[\\^$.+?()[\]{}|/-]/g, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`);
}
