/**
 * What a secret of Buildkite's begins with. The rest of a job token is a JWT, so dots may part it.
 *
 * @source access model §1.7
 */
const token = /(bk(?:ua|tx|ct|ar|aa|aj|pat|ps|tr|pt)_)[\w-]+(?:\.[\w-]+)*/g

/** Whoever knows a webhook's address can start builds, so its path is a secret. */
const webhook = /(webhook\.buildkite\.com(?::\d+)?(?:\/|%2F))[^\s"'`<>\\]*/gi

/** A password in a URL, behind the name that it belongs to. It may have an `@` in it: the last one ends it. */
const password = /(:\/\/[^\s/:@]*:)[^\s/]+(?=@)/g

/** What stands alone before the host of a web address is a token. Git calls its own user there: that is none. */
const alone = /(\bhttps?:\/\/)(?!git@)[^\s/:@]+(?=@)/gi

/** A session token of AWS's; they all begin alike. Its secret keys have no form to be known by. */
const session = /((?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz))[\w+/=%-]+/g

/** What somebody vouches with for whoever holds it: a JWT. Its head and its claims are JSON, which begins alike. */
const vouching = /(\beyJ)[\w-]+\.eyJ[\w-]+(?:\.[\w-]+)?/g

/** What signs a request of AWS's in its address: whoever has it can make the request for some minutes. */
const signature = /(\bX-Amz-(?:Security-Token|Signature)=)[^&\s"'`<>\\]+/gi

/** A token of a Git host's: they begin alike, each with what it is for. */
const ofGitHost = /(\b(?:gh[pousr]_|github_pat_|glpat-))[\w-]{16,}/g

/** The text without the secrets in it: a token keeps its prefix, a webhook its host, a URL the name before the password. */
export const redact = (text: string): string =>
  [webhook, token, ofGitHost, signature, session, vouching, password, alone].reduce(
    (clean, secret) => clean.replace(secret, '$1…redacted'),
    text,
  )
