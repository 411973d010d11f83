import { expect, test } from 'vitest'
import { redact } from '../../src/model/redact.js'

const prefixes = ['bkua', 'bktx', 'bkct', 'bkar', 'bkaa', 'bkaj', 'bkpat', 'bkps', 'bktr', 'bkpt']

test.each(prefixes)('the rest of a %s_ token goes', (prefix) => {
  expect(redact(`token=${prefix}_0123456789abcdefXYZ, and on`)).toBe(`token=${prefix}_…redacted, and on`)
})

test.each([
  ['a JWT goes whole', 'bkaj_eyJhbGci.eyJzdWIi.c2ln-_9 end', 'bkaj_…redacted end'],
  ['a full stop stays', 'It was bkua_abc.', 'It was bkua_…redacted.'],
  ['every one of them', 'bkua_a bkct_b\nbkua_c', 'bkua_…redacted bkct_…redacted\nbkua_…redacted'],
  ['inside JSON', '{"t":"bkua_abc","u":1}', '{"t":"bkua_…redacted","u":1}'],
  ['glued to a word', 'xbkua_abc', 'xbkua_…redacted'],
  ['a prefix alone is no secret', 'tokens begin with bkua_ or bkct_', 'tokens begin with bkua_ or bkct_'],
  ['other words stay', 'bkxx_abc backup_abc', 'bkxx_abc backup_abc'],
  [
    'a webhook keeps its host',
    '<https://webhook.buildkite.com/deliver/1234abcd>',
    '<https://webhook.buildkite.com/…redacted>',
  ],
  ['a webhook in a URL', 'u=webhook.buildkite.com%2Fdeliver%2Fab&x', 'u=webhook.buildkite.com%2F…redacted'],
  ['a password', 'https://ada:hunter2@git.acme.test/web', 'https://ada:…redacted@git.acme.test/web'],
  ['a password with an @', 'https://ada:hunt@er2@git.acme.test/', 'https://ada:…redacted@git.acme.test/'],
  ['a password of nobody', 'https://:hunter2@git.acme.test/', 'https://:…redacted@git.acme.test/'],
  [
    'a token alone',
    'see https://hunter2@git.acme.test/web.git#main',
    'see https://…redacted@git.acme.test/web.git#main',
  ],
  ['an @ in a path stays', 'https://git.acme.test/@ada/web@2', 'https://git.acme.test/@ada/web@2'],
  ['the user that Git has', 'ssh://git@git.acme.test/web', 'ssh://git@git.acme.test/web'],
  [
    'a trigger URL',
    'https://webhook.buildkite.com/deliver/bktr_abc',
    'https://webhook.buildkite.com/…redacted',
  ],
  [
    'a session token of AWS’s',
    'AWS_SESSION_TOKEN="IQoJb3JpZ2luX2VjEXAMPLE//+abc==" x',
    'AWS_SESSION_TOKEN="IQoJb3JpZ2lu…redacted" x',
  ],
  [
    'a token that vouches for a job',
    'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqb2IifQ.c2ln-_9, and on',
    'token eyJ…redacted, and on',
  ],
  ['what is no token stays', 'eyJhbGciOiJSUzI1NiJ9 alone. eyJ', 'eyJhbGciOiJSUzI1NiJ9 alone. eyJ'],
  [
    'tokens of Git hosts',
    'ghp_0123456789abcdefghij github_pat_11AAAAAAA0123456789 glpat-0123456789abcdefghij',
    'ghp_…redacted github_pat_…redacted glpat-…redacted',
  ],
  ['a word that begins like one', 'ghp_short and high_pressure', 'ghp_short and high_pressure'],
  [
    'a signed address of AWS’s',
    'https://sts.amazonaws.com/?X-Amz-Date=1&X-Amz-Signature=abc123&X-Amz-Security-Token=x%2Fy&Version=1',
    'https://sts.amazonaws.com/?X-Amz-Date=1&X-Amz-Signature=…redacted&X-Amz-Security-Token=…redacted&Version=1',
  ],
])('%s', (_, text, clean) => {
  expect(redact(text)).toBe(clean)
  expect(redact(redact(text))).toBe(clean)
})
