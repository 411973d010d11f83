/** A word of a shell, whatever is in it. Line ends would end a comment and begin a command, so there are none. */
export const word = (text: string): string => `'${inOneLine(text).replaceAll("'", "'\\''")}'`

/** A text for a comment: it stays on its line. */
const inOneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim()

/** The beginning of a script, whom it is for and what it does. */
export interface Heading {
  readonly queue: string
  readonly privileged: boolean
  /** What it does, in lines. */
  readonly does: readonly string[]
}

/**
 * A script for bash. All of it stands in braces: a script of which only the beginning was fetched is not run at all, and
 * nothing in it reads the rest of it as its input, since the stack hands it in by standard input.
 */
export const bashScript = (
  { queue, privileged, does }: Heading,
  functions: readonly string[],
  steps: readonly string[],
): string => `#!/usr/bin/env bash
{
# For queue ${inOneLine(queue)}, which is ${privileged ? '' : 'not '}privileged. Written by \`bridle stack\`, for the Elastic CI Stack for AWS v6.71.1.
#
${does.map((line) => `# ${line}`).join('\n')}
set -Eeuo pipefail
umask 022

ROOT="\${ROOT:-}"
[[ -n "\${ROOT}" ]] || export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

agent=buildkite-agent
config=/etc/buildkite-agent
units=/etc/systemd/system
done=false

say() {
  printf 'bridle: %s\\n' "$*"
}

fail() {
  printf 'bridle: FAILED: %s\\n' "$*" >&2
  exit 1
}

# What stopped it has been said by whatever it was.
trap '[[ "\${done}" == true ]] || printf "bridle: FAILED: it did not come to its end, so the agent must not start\\n" >&2' EXIT

# A file of root's, from standard input: at once whole, and never half there.
write() {
  local path="\${ROOT}$1" mode="$2"
  mkdir -p "\${path%/*}"
  cat >"\${path}.new"
  chown root:root "\${path}.new"
  chmod "\${mode}" "\${path}.new"
  mv -f "\${path}.new" "\${path}"
}

${functions.join('\n')}
main() {
  [[ -n "\${ROOT}" || "\${EUID}" -eq 0 ]] || fail 'this has to run as root'
${steps.map((step) => `  ${step}`).join('\n')}
  done=true
}

main </dev/null
exit 0
}
`
