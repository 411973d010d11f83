import { hostOf } from './repository.js'
import type { ProviderSettings } from './provider-settings.js'

/**
 * What starts no build that somebody from outside asked for, by what the Git host offers. A host that is not known by
 * its name may offer none of it, so nothing is said of it: what is set there is judged as it is.
 *
 * @source access model §4.9 item 5; API reference §4.11, "Provider settings", for who offers what
 */
const profiles: Readonly<Record<string, ProviderSettings>> = {
  'github.com': {
    build_pull_requests: false,
    build_pull_request_forks: false,
    prefix_pull_request_fork_branch_names: true,
    build_issue_comment_created: false,
    build_pull_request_review_comment_created: false,
    build_pull_request_review_requested: false,
    build_pull_request_review_submitted: false,
    build_pull_request_review_dismissed: false,
    build_pull_request_labels_changed: false,
    build_check_run_completed: false,
    build_deployment_status_created: false,
    build_release_created: false,
    build_release_published: false,
    build_release_released: false,
  },
  'gitlab.com': { build_pull_requests: false },
  'bitbucket.org': { build_pull_requests: false },
}

/** What a pipeline of a privileged cluster should be where nobody says otherwise. */
export const safeProfile = (repository: string | undefined) => {
  const provider_settings = profiles[hostOf(repository ?? '')]
  return { allow_rebuilds: false, ...(provider_settings && { provider_settings }) }
}
