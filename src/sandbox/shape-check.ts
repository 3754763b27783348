import type { components } from '@octokit/openapi-types';

import type { Place } from './shape-issue.ts';
import { shapeUser } from './shape-user.ts';
import type { CheckRun, CommitStatus } from './state.ts';
import { apiOf, nodeId, webOf } from './urls.ts';

function shapeApp({ store, urls }: Place, slug: string): components['schemas']['nullable-integration'] {
  return {
    id: 15368,
    slug,
    node_id: nodeId('A', 15368),
    owner: shapeUser(store, urls, 'github'),
    name: slug === 'github-actions' ? 'GitHub Actions' : slug,
    description: '',
    external_url: urls.web,
    html_url: `${urls.web}/apps/${slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2018-07-30T09:30:17Z',
    permissions: { checks: 'write', metadata: 'read' },
    events: [],
  };
}

export function shapeCheckRun(place: Place, run: CheckRun): components['schemas']['check-run'] {
  const { urls, repo } = place;
  const url = `${apiOf(urls, repo)}/check-runs/${run.id}`;
  const html = `${webOf(urls, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    external_id: run.externalId,
    head_sha: run.headSha,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suite },
    app: shapeApp(place, run.app),
    pull_requests: [],
  };
}

export function shapeAnnotation(note: CheckRun['annotations'][number]): components['schemas']['check-annotation'] {
  return {
    path: '.github',
    start_line: 1,
    end_line: 1,
    start_column: null,
    end_column: null,
    annotation_level: 'notice',
    title: note.title,
    message: note.message,
    raw_details: '',
    blob_href: '',
  };
}

export function shapeStatus({ store, urls, repo }: Place, status: CommitStatus): components['schemas']['status'] {
  return {
    url: `${apiOf(urls, repo)}/statuses/${status.sha}`,
    avatar_url: `${urls.web}/avatars/${status.creator}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: shapeUser(store, urls, status.creator),
  };
}
