import { expect, test } from 'vitest'
import { repositoryAddress } from '../../src/kinds/buildkite/repository.js'

test.each([
  ['git@github.com:acme/web.git', 'repository:github.com/acme/web'],
  ['https://github.com/acme/web', 'repository:github.com/acme/web'],
  ['https://GitHub.com/Acme/Web.git/', 'repository:github.com/acme/web'],
  ['ssh://git@github.com:22/acme/web.git', 'repository:github.com/acme/web'],
  ['ssh://git@ssh.github.com:443/acme/web.git', 'repository:github.com/acme/web'],
  ['git://github.com/acme/web.git', 'repository:github.com/acme/web'],
  ['https://user:hunter2@github.com/acme/web.git', 'repository:github.com/acme/web'],
  ['https://github.com/acme/web.git?token=hunter2#main', 'repository:github.com/acme/web'],
  ['ada:hunter2@git.acme.test:team/web.git', 'repository:git.acme.test/team/web'],
  ['ada:hunter@2@git.acme.test:team/web.git', 'repository:git.acme.test/team/web'],
  ['https://ada:hunter@2@git.acme.test/team/web.git', 'repository:git.acme.test/team/web'],
  ['git@git.acme.test:team/web@2.git', 'repository:git.acme.test/team/web@2'],
  ['git@Git.Acme.Test:Team/Sub/Web.git', 'repository:git.acme.test/Team/Sub/Web'],
  ['ssh://git@git.acme.test:7999/web.git', 'repository:git.acme.test:7999/web'],
  ['https://git.acme.test:443/web', 'repository:git.acme.test/web'],
  ['/srv/git/web.git', 'repository:srv/git/web'],
  ['file:///srv/git/web.git', 'repository:srv/git/web'],
  ['', 'repository:'],
])('%s is %s', (url, address) => {
  expect(repositoryAddress(url)).toBe(address)
})
