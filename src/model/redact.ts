/**
 * What a secret of Buildkite's begins with. The rest of a job token is a JWT, so dots may part it.
 *
 * @source access model §1.7
 */
const token = /(bk(?:ua|tx|ct|ar|aa|aj|pat|ps|tr|pt)_)[\w-]+(?:\.[\w-]+)*/g

/** Whoever knows a webhook's address can start builds, so its path is a secret. */
const webhook = /(webhook\.buildkite\.com(?::\d+)?(?:\/|%2F))[^\s"'`<>\\]*/gi

/** A password in a URL, behind the name that it belongs to. */
const password = /(:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g

/** The text without the secrets in it: a token keeps its prefix, a webhook its host, a URL the name before the password. */
export const redact = (text: string): string =>
  text.replace(webhook, '$1…redacted').replace(token, '$1…redacted').replace(password, '$1…redacted')
