import { z } from 'zod';
import { RepoKey } from '../repo.ts';
import { ChannelName } from './channels.ts';

/** What has to guard the infrastructure of a release: rules of the forge, workflows, names (gates infra-guard). */
export const Guard = z.strictObject({
  tags: z
    .array(z.string().min(1))
    .default(['v*'])
    .describe('Patterns of tags that rules of the forge must keep from being moved and deleted.'),
  ownActions: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Owners whose actions and workflows may be used by a branch or tag; owner/name for one repository. All others' are named by a commit.",
    ),
  tokens: z
    .array(z.string().min(1))
    .default(['TWINE_PASSWORD', 'UV_PUBLISH_TOKEN', 'FLIT_PASSWORD', 'PYPI_TOKEN', 'PYPI_API_TOKEN', 'PYPI_PASSWORD'])
    .describe(
      'Words in workflow files by which a long-lived token is used to publish, where a short-lived identity would do.',
    ),
  publishers: z
    .array(
      z.strictObject({
        repo: RepoKey.describe('Repository of the train.'),
        workflow: z.string().min(1).describe('Path of the workflow that publishes.'),
      }),
    )
    .default([])
    .describe(
      'Identities that the index takes uploads from: each workflow must be there and ask for an identity (id-token: write).',
    ),
  names: z
    .strictObject({
      public: ChannelName.describe('Channel with the public index.'),
      ours: z.array(z.string().min(1)).default([]).describe('Further names that our own indexes have.'),
    })
    .optional()
    .describe(
      "Names of our own indexes that must be taken on the public one, so that nobody else can take them: the packages of the train, and those that a channel's rules of `dependencies` name.",
    ),
});
export type Guard = z.infer<typeof Guard>;
