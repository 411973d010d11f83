import { digestOf, type HostFile, type HostPlaces } from './installed.js'

/** A text in one line of plain letters, for a comment. */
const inOneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, '?')

/** A line that ends a text, and is none of its own. */
const endOf = (text: string): string => {
  const lines = new Set(text.split('\n'))
  let end = 'END_OF_FILE'
  while (lines.has(end)) end += '_'
  return end
}

const put = ({ path, mode, text }: HostFile): string => {
  if (!text.endsWith('\n')) throw new Error(`${path} does not end with a line end`)
  const end = endOf(text)
  return `put '${path}' ${mode} <<'${end}'\n${text}${end}\n`
}

/** The digest and the path of each hook among them, by a line. */
const hooksIn = (files: readonly HostFile[], hooksPath: string): string =>
  files
    .filter(({ path }) => path.startsWith(`${hooksPath}/`))
    .map(({ path, text }) => `${digestOf(text)} ${path}`)
    .join('\n')

/**
 * A script for sh that makes a host a gated one. What it is told of paths and users is plain: whoever calls this has made
 * sure of it.
 *
 * @param files  in the order in which they are written, the list of their digests among them
 */
export const installScript = (
  queue: string,
  { hooksPath, agentUser, config }: HostPlaces,
  files: readonly HostFile[],
): string => {
  for (const word of [hooksPath, agentUser, config, ...files.map(({ path }) => path)])
    if (!/^[\w./-]+$/.test(word)) throw new Error(`${word} is no plain word`)
  return `#!/bin/sh
{
# Installs the gate of queue ${inOneLine(queue)} on a host, with its keeper. Written by \`bridle hook print --script\`.
#
# Run it as root, by sh. Whatever is there as it should be is left alone, so running it again does no harm. It ends with
# what check-host says, and with 0 where the gate stands.
#   --replace     where a hook of somebody else's stands in the way: it is kept as /etc/bridle/replaced-NAME
#   --unchecked   writes, and leaves it to others to fetch the policy and to check
# ROOT=/some/folder tries it in a folder.
set -eu
umask 022

ROOT="\${ROOT:-}"
if [ -z "\${ROOT}" ]; then export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; fi

user='${agentUser}'
hooks='${hooksPath}'
config='${config}'
list=/etc/bridle/files.sha256
# The hooks that are of this, by name.
ours='/${files
    .filter(({ path }) => path.startsWith(`${hooksPath}/`))
    .map(({ path }) => `${path.slice(hooksPath.length + 1)}/`)
    .join('')}'
changed=0
new=''

say() { printf 'bridle: %s\\n' "$*"; }

fail() {
  printf 'bridle: FAILED: %s\\n' "$*" >&2
  exit 1
}

trap 'if [ -n "\${new}" ]; then rm -f "\${new}"; fi' EXIT

# A file of root's, from standard input: at once whole, and left alone where it is there.
put() {
  at="\${ROOT}$1"
  if [ -d "\${at}" ]; then fail "$1 is a folder"; fi
  mkdir -p "\${at%/*}"
  new="\${at}.bridle-new"
  rm -f "\${new}"
  cat >"\${new}"
  if [ -f "\${at}" ] && [ ! -L "\${at}" ] && cmp -s "\${new}" "\${at}"; then
    state="$(stat -c '%u %g %a' "\${at}")"
    if [ "\${state}" = "0 0 $2" ]; then
      rm -f "\${new}"
      new=''
      return 0
    fi
  fi
  chown 0:0 "\${new}"
  chmod "$2" "\${new}"
  mv -f "\${new}" "\${at}"
  new=''
  changed=$((changed + 1))
  say "wrote $1"
}

# Who may write a folder on the way to another one puts another one in its place. What own_folders makes root's may be still
# somebody else's before, and not after.
look_at_way() {
  at="$1"
  while :; do
    case "$2 \${at}" in
      "before \${config%/*}" | "before \${hooks}" | 'before /var/lib/bridle' | 'before /etc/bridle') state='' ;;
      *)
        if [ -L "\${ROOT}\${at}" ]; then fail "\${at} is a link, and leads where somebody else may say: name folders that are none"; fi
        if [ -d "\${ROOT}\${at}/" ]; then state="$(stat -c '%u %a' "\${ROOT}\${at}/")"; else state=''; fi
        ;;
    esac
    case "\${state}" in
      '0 '*[2367] | '0 '*[2367]? | [!0]*)
        fail "\${at:-/} is not root's alone, and whoever may write it puts other hooks in place of these:" \
          "make it root's with mode 0755, or have hooks-path in a folder that is, such as /etc/buildkite-agent/hooks"
        ;;
      *) ;;
    esac
    if [ -z "\${at}" ]; then return 0; fi
    at="\${at%/*}"
  done
}

look_at_ways() {
  for folder in "\${hooks}" "\${config%/*}" /var/lib/bridle /etc/bridle /usr/lib/bridle; do look_at_way "\${folder}" "$1"; done
}

# Nothing is written before all of this is so.
look_first() {
  me="$(id -u)"
  if [ -z "\${ROOT}" ] && [ "\${me}" != 0 ]; then fail 'this has to run as root'; fi
  id -u "\${user}" >/dev/null 2>&1 || fail "there is no user \${user}: name the agent's with --agent-user"
  if [ -L "\${ROOT}\${config}" ]; then fail "\${config} is a link"; fi
  if [ ! -f "\${ROOT}\${config}" ]; then fail "no agent is configured by \${config}: name its file with --config"; fi
  named="$(sed -n -e 's/#.*$//' -e 's/["'\\'']//g' -e 's/[[:space:]]*$//' \\
    -e 's/^[[:space:]]*hooks-path[[:space:]]*[=:][[:space:]]*//p' "\${ROOT}\${config}" | tail -n 1)"
  if [ "\${named%/}" != "\${hooks}" ]; then
    fail "the agent looks for hooks in \${named:-no folder}: say so with --hooks-path, or write hooks-path=\${hooks} in \${config}"
  fi
  look_at_ways before
  while read -r digest hook; do
    at="\${ROOT}\${hook}"
    if [ ! -e "\${at}" ] && [ ! -L "\${at}" ]; then continue; fi
    if [ -L "\${at}" ] || [ ! -f "\${at}" ]; then fail "\${hook} is no plain file: look at it, and take it away"; fi
    there="$(sha256sum <"\${at}" | cut -c 1-64)"
    if [ "\${there}" = "\${digest}" ] || grep -q -F -x -e "\${there}  \${hook}" "\${ROOT}\${list}" 2>/dev/null; then continue; fi
    if [ "\${replace}" != 'yes' ]; then
      fail "\${hook} is somebody else's, and nothing is replaced silently: look at it, and run this with --replace"
    fi
    kept="/etc/bridle/replaced-\${hook##*/}"
    mkdir -p "\${ROOT}/etc/bridle"
    cp "\${at}" "\${ROOT}\${kept}"
    chmod 0600 "\${ROOT}\${kept}"
    say "kept \${hook} as \${kept}"
  done <<END_OF_HOOKS
${hooksIn(files, hooksPath)}
END_OF_HOOKS
}

# Makes a file root's by a new one in its place: whoever had it open has the old one. Its folder is root's already.
take() {
  at="\${ROOT}$1"
  if [ -L "\${at}" ] || [ ! -f "\${at}" ]; then fail "$1 is no plain file: look at it, and take it away"; fi
  state="$(stat -c '%u:%g %a' "\${at}")"
  if [ "\${state}" = "$2 $3" ]; then return 0; fi
  new="\${at}.bridle-new"
  rm -f "\${new}"
  cp -p "\${at}" "\${new}"
  chown "$2" "\${new}"
  chmod "0$3" "\${new}"
  mv -f "\${new}" "\${at}"
  new=''
}

# Hooks and configuration are root's, and so is the folder that they are in: else every job could change what runs next.
own_folders() {
  for folder in "\${config%/*}" "\${hooks}" /var/lib/bridle /etc/bridle; do
    mkdir -p "\${ROOT}\${folder}"
    if [ -L "\${ROOT}\${folder}" ]; then fail "\${folder} is a link"; fi
    state="$(stat -c '%u %a' "\${ROOT}\${folder}")"
    if [ "\${state}" != '0 755' ]; then
      chown 0:0 "\${ROOT}\${folder}"
      chmod 0755 "\${ROOT}\${folder}"
      changed=$((changed + 1))
      say "\${folder} is root's"
    fi
  done
  look_at_ways after
  group="$(id -g "\${user}")"
  take "\${config}" "0:\${group}" 640
  for file in "\${ROOT}\${hooks}"/*; do
    if [ -d "\${file}" ] && [ ! -L "\${file}" ]; then continue; fi
    if [ ! -e "\${file}" ] && [ ! -L "\${file}" ]; then continue; fi
    before="$(stat -c '%u %a' "\${file}")"
    take "\${hooks}/\${file##*/}" 0:0 755
    tell_of "\${file##*/}" "\${before}"
  done
}

# What somebody else's hook does is nothing that this knows. From now on it is root's, so whoever wrote it may have to be asked.
tell_of() {
  case "\${ours}" in *"/$1/"*) return 0 ;; *) ;; esac
  was=''
  case "$2" in
    '0 '*[2367] | '0 '*[2367]? | [!0]*) was=" (until now of user \${2% *}, mode \${2#* })" ;;
    *) ;;
  esac
  case "$1" in
    agent-startup | agent-startup.ps1) does='it runs before the gate, whenever an agent starts' ;;
    pre-bootstrap.ps1) does='it runs in place of the gate, where that is missing' ;;
    agent-shutdown | agent-shutdown.ps1) does='it runs when an agent ends' ;;
    environment | checkout | command | pre-* | post-* | *.ps1) does='it runs in the jobs that the gate lets in' ;;
    *) does='no agent runs a hook of that name' ;;
  esac
  name="$(printf '%s' "$1" | LC_ALL=C tr -c ' -~' '?')"
  say "somebody else's hook stays, as root's: \${hooks}/\${name}\${was}: \${does}"
}

put_files() {
${files.map(put).join('\n')}}

start_keeper() {
  if [ ! -d "\${ROOT}/run/systemd/system" ] || ! command -v systemctl >/dev/null 2>&1; then
    say 'there is no systemd: have root run /usr/lib/bridle/keep-policy every 60 beside the agent'
    return 0
  fi
  if [ "\${changed}" != 0 ]; then systemctl daemon-reload; fi
  systemctl enable --now bridle-policy.timer >/dev/null 2>&1 || fail 'systemd does not start bridle-policy.timer'
}

main() {
  replace=no
  checked=yes
  for word in "$@"; do
    case "\${word}" in
      --replace) replace=yes ;;
      --unchecked) checked=no ;;
      *) fail "\${word} is not understood" ;;
    esac
  done
  look_first
  own_folders
  put_files
  start_keeper
  if [ "\${changed}" = 0 ]; then say 'nothing to change'; fi
  if [ "\${checked}" = 'no' ]; then return 0; fi
  if [ -z "\${ROOT}" ]; then
    if ! /usr/lib/bridle/keep-policy; then say 'there is no policy yet, and the gate refuses every job until there is'; fi
  fi
  if [ -n "\${ROOT}" ]; then set -- --root "\${ROOT}"; else set --; fi
  /bin/sh "\${ROOT}/usr/lib/bridle/check-host" "$@" --agent-user "\${user}" --hooks-path "\${hooks}" --config "\${config}"
}

main "$@" </dev/null
exit 0
}
`
}

/**
 * The same with what hardens a machine of the stack: the gate is written first, so that nothing starts an agent without
 * it, and looked at last.
 */
export const withBootScript = (
  install: string,
  boot: string,
  { hooksPath, agentUser, config }: HostPlaces,
): string => {
  const [first, second] = [endOf(install), endOf(boot)]
  return `#!/bin/sh
{
# Writes the gate of a queue, hardens the machine, and looks whether the gate stands. Written by \`bridle hook print --boot-script\`
# for BootstrapScriptUrl of the Elastic CI Stack for AWS. Each of the two scripts in here can be run by itself.
set -eu
sh -s -- --unchecked <<'${first}'
${install}${first}
bash -s <<'${second}'
${boot}${second}
if [ -n "\${ROOT:-}" ]; then set -- --root "\${ROOT}"; else set --; fi
/bin/sh "\${ROOT:-}/usr/lib/bridle/check-host" "$@" --agent-user '${agentUser}' --hooks-path '${hooksPath}' --config '${config}' </dev/null
exit 0
}
`
}
