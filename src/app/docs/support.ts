import type { OutsideDependency } from '../../domain/train/dependency.ts';
import type { Train } from '../../domain/train/train.ts';
import { markdownTable, operatingSystemsMarkdown } from '../../process/01-plan/index.ts';
import { bullets, code, fenced, type Section } from './document.ts';
import { repoCalled, repoLink, spanText } from './repos.ts';

/** Seed: "Hardware / Software Support in Binary Build Matrix". */
export function supportRules(train: Train): Section {
  const { policy, operatingSystems, excluded, lines } = train.support;
  if (Object.keys(lines).length === 0) return { title: 'Hardware / Software Support in Binary Build Matrix', body: [] };
  return {
    title: 'Hardware / Software Support in Binary Build Matrix',
    body: ['The matrix is judged by these rules (`support-policy`).', fenced(['signalbox support check'])],
    parts: [
      {
        title: 'Python',
        body: bullets([
          'Every minor version of CPython that is not end-of-life is supported.',
          'Of each, only the latest patch release while that is a bugfix release; otherwise all that are not bugfix releases.',
          ...(policy.python.source === '' ? [] : [`Dates: ${policy.python.source}`]),
        ]),
      },
      {
        title: 'Accelerator Software',
        body: [`The latest ${policy.accelerators.latestMinors} minor versions of each are supported.`],
        parts: [
          {
            title: 'Special support cases',
            body: [
              ...(train.texts['special-support'] === undefined ? [] : [train.texts['special-support'].trim()]),
              ...(policy.exceptions.length === 0
                ? []
                : [
                    markdownTable(
                      ['What', 'Why', 'Who answers', 'Until'],
                      policy.exceptions.map(({ what, reason, owner, until }) => [what, reason, owner, until]),
                    ),
                  ]),
              ...bullets(
                excluded.map((build) => {
                  const what = [
                    build.package,
                    build.system,
                    build.architecture,
                    build.accelerator,
                    build.python,
                    build.kind,
                  ];
                  return `Not built: ${what.filter((word) => word !== undefined).join(', ')}${spanText(build)}. ${build.reason}`;
                }),
              ),
            ],
          },
        ],
      },
      {
        title: 'Operating Systems',
        body: operatingSystems.length === 0 ? [] : [operatingSystemsMarkdown(train.support)],
      },
    ],
  };
}

/** Seed: "Special Topics". */
export function specialTopics(train: Train): Section {
  const text = train.texts['submodules'];
  const kept = Object.entries(train.repos).flatMap(([key, entry]) =>
    entry.submodules === undefined
      ? []
      : [
          `${repoLink(train, { key, entry })}: pinned to commits of their recorded branches (\`submodules-pinned\`)${entry.submodules.organisation === undefined ? '' : `; forks lie below ${entry.submodules.organisation}`}`,
        ],
  );
  return {
    title: 'Special Topics',
    body: [],
    parts: [
      {
        title: 'Updating submodules for a release',
        body: [...(text === undefined ? [] : [text.trim()]), ...bullets(kept)],
      },
      ...Object.entries(train.dependencies).map(([name, dependency]) => dependencySection(train, name, dependency)),
    ],
  };
}

/** Seed: "Triton dependency for the release". */
function dependencySection(train: Train, name: string, dependency: OutsideDependency): Section {
  const { pinFile, versionFile, ask, released, rules, repo } = dependency;
  const source = repoCalled(train, repo);
  return {
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)} dependency for the release`,
    body: [
      ...bullets([
        ...(source === null ? [] : [`Built from ${repoLink(train, source)}`]),
        ...(pinFile === undefined ? [] : [`Pinned in ${code(pinFile)}`]),
        ...(versionFile === undefined ? [] : [`Its version stands in ${code(versionFile)}`]),
        ...(ask === undefined ? [] : [`Its publication is asked for with the pinned commit (\`ask:${ask}\`)`]),
        ...(released === undefined
          ? []
          : [`What is pinned must be what is released under ${code(released.tag)} (\`triton-ready:${name}\`)`]),
      ]),
      ...(rules.length === 0
        ? []
        : [
            markdownTable(
              ['Channels', 'Backend', 'Requirement', 'Found at', 'Lines'],
              rules.map((rule) => [
                rule.channels.join(', '),
                rule.backend,
                code(rule.requirement),
                rule.from ?? '',
                spanText(rule).replaceAll(/^ \(|\)$/gu, '') || 'all',
              ]),
            ),
          ]),
    ],
  };
}
