import type { Forge } from '../../ports/forge.ts';

/** The forge that `load` gives, asked for only at the first call: a command that never calls it loads no client. */
export function lazyForge(load: () => Promise<Forge>): Forge {
  return {
    ...lazyWork(load),
    ...lazyRepos(load),
    people: {
      whoami: async (...args) => (await load()).people.whoami(...args),
      permission: async (...args) => (await load()).people.permission(...args),
      teamMembers: async (...args) => (await load()).people.teamMembers(...args),
      budget: async (...args) => (await load()).people.budget(...args),
    },
    pulls: {
      find: async (...args) => (await load()).pulls.find(...args),
      get: async (...args) => (await load()).pulls.get(...args),
      open: async (...args) => (await load()).pulls.open(...args),
      close: async (...args) => (await load()).pulls.close(...args),
      onto: async (...args) => (await load()).pulls.onto(...args),
      many: async (...args) => (await load()).pulls.many(...args),
      markReady: async (...args) => (await load()).pulls.markReady(...args),
    },
    checks: {
      onCommit: async (...args) => (await load()).checks.onCommit(...args),
      runsOn: async (...args) => (await load()).checks.runsOn(...args),
      runsOf: async (...args) => (await load()).checks.runsOf(...args),
      jobsOf: async (...args) => (await load()).checks.jobsOf(...args),
      notesOf: async (...args) => (await load()).checks.notesOf(...args),
      run: async (...args) => (await load()).checks.run(...args),
      job: async (...args) => (await load()).checks.job(...args),
      rerunJob: async (...args) => (await load()).checks.rerunJob(...args),
      rerunFailed: async (...args) => (await load()).checks.rerunFailed(...args),
      postStatus: async (...args) => (await load()).checks.postStatus(...args),
    },
  };
}

function lazyWork(
  load: () => Promise<Forge>,
): Omit<Forge, 'people' | 'pulls' | 'checks' | 'releases' | 'repos' | 'webhooks'> {
  return {
    issues: {
      findByMarker: async (...args) => (await load()).issues.findByMarker(...args),
      create: async (...args) => (await load()).issues.create(...args),
      get: async (...args) => (await load()).issues.get(...args),
      close: async (...args) => (await load()).issues.close(...args),
    },
    milestones: {
      find: async (...args) => (await load()).milestones.find(...args),
      items: async (...args) => (await load()).milestones.items(...args),
      create: async (...args) => (await load()).milestones.create(...args),
      close: async (...args) => (await load()).milestones.close(...args),
    },
    labels: {
      find: async (...args) => (await load()).labels.find(...args),
      create: async (...args) => (await load()).labels.create(...args),
      add: async (...args) => (await load()).labels.add(...args),
      remove: async (...args) => (await load()).labels.remove(...args),
    },
    comments: {
      list: async (...args) => (await load()).comments.list(...args),
      since: async (...args) => (await load()).comments.since(...args),
      get: async (...args) => (await load()).comments.get(...args),
      write: async (...args) => (await load()).comments.write(...args),
      edit: async (...args) => (await load()).comments.edit(...args),
      react: async (...args) => (await load()).comments.react(...args),
    },
    items: {
      timeline: async (...args) => (await load()).items.timeline(...args),
      labelled: async (...args) => (await load()).items.labelled(...args),
      setMilestone: async (...args) => (await load()).items.setMilestone(...args),
      edit: async (...args) => (await load()).items.edit(...args),
      reopen: async (...args) => (await load()).items.reopen(...args),
    },
    reviews: {
      list: async (...args) => (await load()).reviews.list(...args),
      requested: async (...args) => (await load()).reviews.requested(...args),
      request: async (...args) => (await load()).reviews.request(...args),
      approve: async (...args) => (await load()).reviews.approve(...args),
    },
    changes: {
      files: async (...args) => (await load()).changes.files(...args),
      commits: async (...args) => (await load()).changes.commits(...args),
      pullsOf: async (...args) => (await load()).changes.pullsOf(...args),
    },
  };
}

function lazyRepos(load: () => Promise<Forge>): Pick<Forge, 'releases' | 'repos' | 'webhooks'> {
  return {
    releases: {
      find: async (...args) => (await load()).releases.find(...args),
      tagAt: async (...args) => (await load()).releases.tagAt(...args),
      draft: async (...args) => (await load()).releases.draft(...args),
      files: async (...args) => (await load()).releases.files(...args),
      attach: async (...args) => (await load()).releases.attach(...args),
      detach: async (...args) => (await load()).releases.detach(...args),
      publish: async (...args) => (await load()).releases.publish(...args),
      discard: async (...args) => (await load()).releases.discard(...args),
    },
    repos: {
      facts: async (...args) => (await load()).repos.facts(...args),
      file: async (...args) => (await load()).repos.file(...args),
      rulesets: async (...args) => (await load()).repos.rulesets(...args),
      ruleset: async (...args) => (await load()).repos.ruleset(...args),
      rulesOn: async (...args) => (await load()).repos.rulesOn(...args),
    },
    webhooks: {
      ofApp: async (...args) => (await load()).webhooks.ofApp(...args),
      ofRepo: async (...args) => (await load()).webhooks.ofRepo(...args),
      attempts: async (...args) => (await load()).webhooks.attempts(...args),
      payload: async (...args) => (await load()).webhooks.payload(...args),
      redeliver: async (...args) => (await load()).webhooks.redeliver(...args),
    },
  };
}
