import { stringify } from 'yaml';

/** What a new train begins with. */
export interface NewTrain {
  readonly train: string;
  readonly title: string;
  /** Login of the first release manager. */
  readonly manager: string;
  readonly core: { readonly key: string; readonly slug: string; readonly source: string };
}

/** The text of a new train file: minimal, valid, with the next things to say as comments. */
export function newTrainText({ train, title, manager, core }: NewTrain): string {
  return `# The repositories that release together. Every key: docs/train-reference.md, or \`signalbox config explain KEY\`.
# Check this file: \`signalbox config check\`.
train: ${text(train)}
title: ${text(title)}
# The word typed to confirm a step that cannot be taken back.
product: ${text(train)}

forge:
  web: https://github.com
  api: https://api.github.com

roles:
  release-manager: [${text(manager)}]
  # Approve what cannot be taken back; two people other than the author of a plan are needed.
  approver: []

# To begin with PyTorch's rules instead: \`extends: pytorch\`, and only what differs.
repos:
  ${core.key}:
    role: core
    slug: ${text(core.slug)}
    source: ${text(core.source)}
    # versionFiles: [version.txt]
    # nightlies: { ref: nightly, jobs: ["*"] }
    # onBranch:
    #   - { id: version, kind: file, files: [version.txt], to: "{version}" }
    # onMain:
    #   - { id: nightly-version, kind: file, files: [version.txt], to: "{next-line}.0a0" }
  # A repository that follows the core, one minor for each of the core's:
  # vision:
  #   role: domain
  #   slug: owner/vision
  #   source: main
  #   version: { follow: count, pair: { train: "2.0", repo: "0.15" } }
`;
}

function text(value: string): string {
  return stringify(value, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 }).trim();
}
