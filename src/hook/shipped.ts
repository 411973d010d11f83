// Written by `npm run hook` from the files in src/hook/files/. Change those.

/** The files for hosts of agents, as they stand, by their names. */
export const shipped = {
  '60-bridle-gate.conf': `# Written by bridle: an agent without its gate would take every job, so it does not start then.
[Service]
ExecStartPre=+/usr/lib/bridle/check-host --unit
`,
  'bridle-policy.service': `# Fetches the policy of this host's queue, and writes it where the gate reads it. The timer of the same name asks again.
[Unit]
Description=bridle: the policy of this queue
Wants=network-online.target
After=network-online.target
# Whoever starts the agent starts this first (below), and waits until it has ended: a machine that boots has its policy
# before its first job. The agent starts all the same where that failed, and the gate refuses.
Before=buildkite-agent.service

[Service]
Type=oneshot
ExecStart=/usr/lib/bridle/keep-policy
# It has thirty seconds of its own.
TimeoutStartSec=45
UMask=0022
StateDirectory=bridle
StateDirectoryMode=0755
ReadWritePaths=/var/lib/bridle
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
NoNewPrivileges=yes
# It is root because root's are the files; it needs nothing else of what root may.
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
# There are credentials in its memory.
LimitCORE=0

[Install]
WantedBy=buildkite-agent.service multi-user.target
`,
  'bridle-policy.timer': `# Asks for the policy of this host's queue again: not in the same second on every host, as SSM answers so many in one.
[Unit]
Description=bridle: the policy of this queue, every minute

[Timer]
OnBootSec=0
OnUnitInactiveSec=60
RandomizedDelaySec=15
AccuracySec=1

[Install]
WantedBy=timers.target
`,
  'check-host': `#!/bin/sh
# Whether the gate of bridle stands on this host as it should. It touches nothing. Run as root, or as the user that the agent
# runs as, who can be told less. Written for dash, busybox and bash.
#
#   check-host [--format lines|json] [--agent-user USER] [--hooks-path PATH] [--config FILE] [--metadata]
#   check-host --unit   the quick half of it, before the agent starts: it says only what is wrong
#
# It ends with 0 where nothing voids the gate. Each check has a weight: \`gate\` where the gate is void without it, \`work\` where
# jobs are refused that should not be, and \`depth\` where something else is less well kept. --metadata makes a gate's of what
# is depth else. --root FOLDER looks at a host in a folder.
# shellcheck disable=SC2310,SC2312 # questions are asked for their answers: how what they are made of ends is looked at, or is one
set -eu

# Nothing of what this was started with comes along but what the agent is told beside its file, where its unit starts this.
case "\${1-} $0" in
  'inside '* | *' check-host') ;;
  *)
    path=/usr/sbin:/usr/bin:/sbin:/bin
    case " $* " in *' --root '*) path="\${PATH}" ;; *) ;; esac
    exec /usr/bin/env -i PATH="\${path}" HOME=/nonexistent LC_ALL=C TZ=UTC0 \\
      BUILDKITE_HOOKS_PATH="\${BUILDKITE_HOOKS_PATH-}" BUILDKITE_HOOKS_SHELL="\${BUILDKITE_HOOKS_SHELL-}" \\
      BUILDKITE_AGENT_CONFIG="\${BUILDKITE_AGENT_CONFIG-}" \\
      /bin/sh "$0" inside "$@"
    ;;
esac
if [ "\${1-}" = 'inside' ]; then shift; fi

root=''
user=''
format=lines
config=''
hooks=''
is_unit=''
metadata=depth

misused() {
  printf 'check-host: %s\\n' "$1" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case "$1" in
    --unit)
      is_unit=yes
      shift
      continue
      ;;
    --metadata)
      metadata=gate
      shift
      continue
      ;;
    *) if [ $# -lt 2 ]; then misused "$1 is not understood, or lacks what it names"; fi ;;
  esac
  case "$1" in
    --root) root="\${2%/}" ;;
    --agent-user) user="$2" ;;
    --config) config="$2" ;;
    --hooks-path) hooks="$2" ;;
    --format) format="$2" ;;
    *) misused "$1 is not understood" ;;
  esac
  shift 2
done
case "\${format}" in lines | json) ;; *) misused "there is no form \${format}" ;; esac
case "\${config}\${hooks}" in *[!A-Za-z0-9._/-]*) misused 'that is no path' ;; *) ;; esac
case "\${user}" in *[!A-Za-z0-9._-]* | -*) misused 'that is no user' ;; *) ;; esac

bridle=/etc/bridle
list="\${bridle}/files.sha256"
policy=/var/lib/bridle/policy.json
agent_unit=buildkite-agent.service

# --- what is said ---

# What others wrote, in one line that stands in quotes.
plain() {
  case "$1" in
    *[!\\ -~]* | *[\\"\\\\]*) printf '%s' "$1" | tr '\\n' ' ' | tr -cd ' !#-[]-~' | cut -c 1-240 ;;
    *) printf '%s' "$1" ;;
  esac
}

counts_gate=0 counts_work=0 counts_depth=0 counts_ok=0
failed='' checks=''

# name weight state saw why fix
say() {
  saw="$(plain "$4")"
  if [ "$3" = 'ok' ]; then
    counts_ok=$((counts_ok + 1))
  else
    case "$2" in
      gate)
        counts_gate=$((counts_gate + 1))
        failed="\${failed}\${failed:+,}\\"$1\\""
        ;;
      work) counts_work=$((counts_work + 1)) ;;
      *) counts_depth=$((counts_depth + 1)) ;;
    esac
  fi
  if [ -n "\${is_unit}" ]; then
    if [ "$3" != 'ok' ]; then printf 'bridle: %s: %s; %s\\n' "$1" "\${saw}" "$6" >&2; fi
  elif [ "\${format}" = 'json' ]; then
    checks="\${checks}\${checks:+,}{\\"name\\":\\"$1\\",\\"weight\\":\\"$2\\",\\"state\\":\\"$3\\",\\"saw\\":\\"\${saw}\\",\\"why\\":\\"$(plain "$5")\\",\\"fix\\":\\"$(plain "$6")\\"}"
  else
    printf '%-8s%-22s%s\\n' "$3" "$1" "\${saw}"
    if [ "$3" != 'ok' ]; then printf '%30sweight: %s\\n%30swhy: %s\\n%30sfix: %s\\n' '' "$2" '' "$5" '' "$6"; fi
  fi
}

# name weight saw why fix: fine where nothing is wrong, of which there is a list with a line for each thing.
judge() {
  if [ -n "$6" ]; then say "$1" "$2" failed "$6" "$4" "$5"; else say "$1" "$2" ok "$3" "$4" "$5"; fi
}

has() { command -v "$1" >/dev/null 2>&1; }

# --- what the agent is told ---

systemd=''
if has systemctl && [ -d "\${root}/run/systemd/system" ]; then systemd=yes; fi

shown() { systemctl show "$1" -p "$2" 2>/dev/null | sed -n "s/^$2=//p"; }

unit_user='' unit_start='' unit_files=''
if [ -n "\${systemd}" ]; then
  unit_user="$(shown "\${agent_unit}" User)" || unit_user=''
  unit_start="$(shown "\${agent_unit}" ExecStart)" || unit_start=''
  unit_files="$(shown "\${agent_unit}" EnvironmentFiles | sed 's/ (ignore_errors=[a-z]*)$//')" || unit_files=''
fi

# --- who asks, and about whom ---

user="\${user:-\${unit_user:-buildkite-agent}}"
me="$(id -u)"
uid="$(id -u "\${user}" 2>/dev/null)" || uid=''
gid="$(id -g "\${user}" 2>/dev/null)" || gid=''
groups=" $(id -nG "\${user}" 2>/dev/null) " || groups=''

# How something is run as the agent's user. What a job left running is that user, too: it may read and change a process of its
# user's, and so speak for it. Not one that can do more than itself: so what root asks gets a capability that none of this
# needs. It may still end that process, or hold it up, which is no answer, and no answer is a no.
way=''
hint=", a hint: other processes of \${user} can speak for the one that said so"
if [ -z "\${uid}" ]; then
  :
elif [ "\${me}" = "\${uid}" ]; then
  way=self
elif [ "\${me}" != 0 ]; then
  :
elif has setpriv && setpriv --reuid "\${uid}" --regid "\${gid}" --init-groups --inh-caps +net_bind_service \\
  --ambient-caps +net_bind_service true 2>/dev/null; then
  way=kept
  hint=''
elif has setpriv && setpriv --reuid "\${uid}" --regid "\${gid}" --init-groups true 2>/dev/null; then
  way=setpriv
elif has runuser; then
  way=runuser
fi
limited() { if has timeout; then timeout -s KILL 20 "$@"; else "$@"; fi; }

# The words are ours, the input is lists of paths.
as_agent() {
  case "\${way}" in
    self) "$@" ;;
    kept)
      limited setpriv --reuid "\${uid}" --regid "\${gid}" --init-groups --inh-caps +net_bind_service \\
        --ambient-caps +net_bind_service "$@"
      ;;
    setpriv) limited setpriv --reuid "\${uid}" --regid "\${gid}" --init-groups "$@" ;;
    runuser) limited runuser -u "\${user}" -- "$@" ;;
    *) return 126 ;;
  esac
}

# What its environment says: its unit is asked, and the files that its unit names, and where the unit starts this, what it has.
told_by_unit() {
  here=''
  if [ -n "\${is_unit}" ]; then
    case "$1" in
      BUILDKITE_HOOKS_PATH) here="\${BUILDKITE_HOOKS_PATH-}" ;;
      BUILDKITE_HOOKS_SHELL) here="\${BUILDKITE_HOOKS_SHELL-}" ;;
      BUILDKITE_AGENT_CONFIG) here="\${BUILDKITE_AGENT_CONFIG-}" ;;
      *) ;;
    esac
  fi
  if [ -n "\${here}" ]; then
    printf '%s' "\${here}"
    return 0
  fi
  if [ -z "\${systemd}" ]; then return 0; fi
  {
    shown "\${agent_unit}" Environment | tr ' ' '\\n'
    printf '%s\\n' "\${unit_files}" | while IFS= read -r file; do
      if [ -n "\${file}" ] && [ -r "\${root}\${file}" ]; then cat "\${root}\${file}"; fi
    done
  } | sed -n -e 's/^[[:space:]]*\\(export[[:space:]]\\)\\{0,1\\}[[:space:]]*"\\{0,1\\}'"$1"'=//p' | tail -n 1 | unquoted
}

# What stands behind a name, as the agent reads it: a value ends where a quote ends that it began with, or with a comment.
unquoted() { sed -e 's/^"\\([^"]*\\)".*$/\\1/' -e "s/^'\\([^']*\\)'.*\\$/\\1/" -e 's/#.*$//' -e 's/"$//' -e 's/[[:space:]]*$//'; }

if [ -z "\${config}" ]; then config="$(told_by_unit BUILDKITE_AGENT_CONFIG)"; fi
config="\${config:-/etc/buildkite-agent/buildkite-agent.cfg}"

in_config() {
  if [ -r "\${root}\${config}" ]; then
    sed -n "s/^[[:space:]]*\\(export\\)\\{0,1\\}[[:space:]]*$1[[:space:]]*[=:][[:space:]]*//p" "\${root}\${config}" | tail -n 1 | unquoted
  fi
}

# What holds of an option: its unit's environment is asked before its file.
option() {
  held="$(told_by_unit "$2")"
  printf '%s' "\${held:-$(in_config "$1")}"
}

# --- the checks ---

check_asker() {
  wrong=''
  if [ -z "\${uid}" ]; then
    wrong="there is no user \${user}"
  elif [ "\${uid}" = 0 ]; then
    wrong="\${user} is root"
  elif [ "\${me}" != 0 ] && [ "\${me}" != "\${uid}" ]; then
    wrong="this is run by user \${me}, who is neither root nor \${user}"
  elif [ -n "\${systemd}" ] && [ "\${unit_user}" != "\${user}" ]; then
    wrong="the unit of the agent runs it as \${unit_user:-root}"
  fi
  judge agent-user gate "\${user}, by number \${uid}" 'whoever is root changes the gate, and the gate refuses every job of root' \\
    'run the agent as a user of its own, and name it with --agent-user' "\${wrong}"
}

check_groups() {
  wrong=''
  for group in root docker podman lxd lxc incus libvirt disk kmem shadow sudo wheel admin; do
    case "\${groups}" in *" \${group} "*) wrong="\${wrong}\${wrong:+, }\${group}" ;; *) ;; esac
  done
  for socket in /run/docker.sock /var/run/docker.sock /run/podman/podman.sock /run/containerd/containerd.sock; do
    if [ -S "\${root}\${socket}" ] && as_agent test -w "\${root}\${socket}"; then wrong="\${wrong}\${wrong:+, }\${socket}"; fi
  done
  judge agent-groups gate 'none that leads to root' 'every job could make itself root by these, and change the gate' \\
    "take \${user} out of these groups, and restart the agent" "\${wrong}"
}

check_sudo() {
  wrong=''
  if has sudo; then
    if [ "\${me}" = 0 ]; then rights="$(sudo -n -l -U "\${user}" 2>&1)" || :; else rights="$(sudo -n -l 2>&1)" || :; fi
    wrong="$(printf '%s\\n' "\${rights}" | sed -n '/may run the following/,$p' | sed -e 1d -e '/^[[:space:]]*$/d' \\
      -e '\\#(root) NOPASSWD: /usr/bin/fix-buildkite-agent-builds-permissions$#d')"
  fi
  judge agent-sudo gate 'nothing that leads to root' 'every job can do as root what the agent can' \\
    "take the rights of \${user} out of /etc/sudoers and /etc/sudoers.d" "\${wrong}"
}

check_hooks() {
  named="$(option hooks-path BUILDKITE_HOOKS_PATH)"
  hooks="\${hooks:-\${named:-/etc/buildkite-agent/hooks}}"
  hooks="\${hooks%/}"
  wrong=''
  case "\${unit_start}" in
    *' --hooks-path'* | *' --config'* | *' --hooks-shell'* | *' --spawn'*)
      wrong='the command of the unit says on its own what the configuration should'
      ;;
    *) ;;
  esac
  if [ ! -r "\${root}\${config}" ]; then
    say hooks-path gate unknown "\${config} can not be read" 'where the agent looks for hooks stands in it' \\
      'name the configuration of the agent with --config, and run this as root'
    return 0
  elif [ -z "\${named}" ]; then
    wrong="no hooks-path stands in \${config}"
  elif [ "\${named%/}" != "\${hooks}" ]; then
    wrong="the agent looks in \${named}, and not in \${hooks}"
  fi
  judge hooks-path gate "\${hooks}" 'an agent that finds no pre-bootstrap in its hooks-path takes every job; additional-hooks-paths are not looked at for it' \\
    "write hooks-path=\${hooks} in \${config} and nowhere else, or install the gate where the agent looks" "\${wrong}"
}

check_shell() {
  shell="$(option hooks-shell BUILDKITE_HOOKS_SHELL)"
  wrong=''
  case "\${shell}" in
    '' | /bin/sh | /bin/dash | /bin/bash | '/bin/bash -p' | '/bin/bash -e') ;;
    *) wrong="\${shell}" ;;
  esac
  judge hooks-shell gate "\${shell:-not set}" 'the agent runs the gate by it, and it may do anything before the gate, or instead' \\
    'leave out hooks-shell' "\${wrong}"
}

check_spawn() {
  spawn="$(option spawn BUILDKITE_AGENT_SPAWN)"
  per_cpu="$(option spawn-per-cpu BUILDKITE_AGENT_SPAWN_PER_CPU)"
  wrong=''
  case "\${spawn}" in '' | 1) ;; *) wrong="spawn is \${spawn}" ;; esac
  case "\${per_cpu}" in '' | 0) ;; *) wrong="spawn-per-cpu is \${per_cpu}" ;; esac
  judge spawn gate 'one agent' 'a job that runs beside another one of the same user can rewrite what its gate is told' \\
    'write spawn=1, and run more hosts' "\${wrong}"
}

# Each file that makes the gate, by a line.
files_there() {
  if [ -r "\${root}\${list}" ]; then sed -n 's/^[0-9a-f]\\{64\\} [ *]//p' "\${root}\${list}"; fi
  printf '%s\\n' "\${hooks}/pre-bootstrap" "\${bridle}/gate.json" "\${list}" "\${config}"
  for file in "\${root}\${bridle}"/policy-keys/*.pem "\${root}\${bridle}/keeper.json" "\${root}\${policy}" \\
    "\${root}/etc/systemd/system/\${agent_unit}.d"/*.conf; do
    if [ -e "\${file}" ] || [ -L "\${file}" ]; then printf '%s\\n' "\${file#"\${root}"}"; fi
  done
  # Hooks of others run as the agent's user, with what its jobs have; the agent takes no folder for one.
  for file in "\${root}\${hooks}"/*; do
    if [ -d "\${file}" ] && [ ! -L "\${file}" ]; then continue; fi
    if [ -e "\${file}" ] || [ -L "\${file}" ]; then printf '%s\\n' "\${file#"\${root}"}"; fi
  done
  # What the environment of the agent is read from decides about its hooks, too.
  printf '%s\\n' "\${unit_files}" | sed '/^$/d'
}

# Hooks that are of somebody else: nothing here knows what they do.
check_others() {
  others='' wrong=''
  for file in "\${root}\${hooks}"/*; do
    name="\${file##*/}"
    if [ ! -f "\${file}" ] || { [ -r "\${root}\${list}" ] &&
      sed -n 's/^[0-9a-f]\\{64\\} [ *]//p' "\${root}\${list}" | grep -q -F -x -e "\${hooks}/\${name}"; }; then continue; fi
    others="\${others}\${others:+, }\${name}"
    case "\${name}" in
      agent-startup | agent-startup.ps1) wrong="\${wrong}\${wrong:+; }\${name} runs before the gate" ;;
      pre-bootstrap.ps1) wrong="\${wrong}\${wrong:+; }\${name} runs in its place, where it is missing" ;;
      *) ;;
    esac
  done
  judge other-hooks depth "\${others:-none}" 'what runs before the gate, or in its place, no gate refuses' \\
    "look at what it does, and take it out of \${hooks} if nobody needs it" "\${wrong}"
}

# Each folder on the way to them, by a line.
folders_there() {
  files_there | while IFS= read -r at; do
    while [ -n "\${at}" ]; do
      at="\${at%/*}"
      printf '%s\\n' "\${at:-/}"
    done
  done | sort -u
}

check_files() {
  wrong=''
  if [ ! -r "\${root}\${list}" ]; then
    wrong="\${list} is missing"
  else
    wrong="$(cd "\${root}/" && sed 's: \\([ *]\\)/: \\1:' "\${root}\${list}" | sha256sum -c 2>/dev/null | sed -n 's/: FAILED.*$//p' |
      sed 's:^:/:')" || wrong="\${wrong:-\${list} is no list of digests}"
    for file in "\${hooks}/pre-bootstrap" /usr/lib/bridle/decide.jq /usr/lib/bridle/tell.jq /usr/lib/bridle/further.jq \\
      /usr/lib/bridle/look-further /usr/lib/bridle/keep-policy /usr/lib/bridle/check-host; do
      if ! sed -n 's/^[0-9a-f]\\{64\\} [ *]//p' "\${root}\${list}" | grep -q -F -x -e "\${file}"; then
        wrong="\${wrong}\${wrong:+ }\${file} is not in \${list}"
      fi
    done
  fi
  judge files gate 'as they were installed' 'a gate that is another one, or is not there, may let in everything' \\
    'install it again: bridle hook print --script' "\${wrong}"
}

# Whether the mode and the owner of each are root's.
check_owners() {
  wrong="$(
    files_there | sort -u | while IFS= read -r file; do
      at="\${root}\${file}"
      if [ -L "\${at}" ]; then
        printf '%s is a link\\n' "\${file}"
      elif [ ! -f "\${at}" ]; then
        case "\${unit_files}" in *"\${file}"*) ;; *) printf '%s is missing\\n' "\${file}" ;; esac
      else
        state="$(stat -c '%u %a' "\${at}" 2>/dev/null)" || state='unseen'
        case "\${file}" in
          */pre-bootstrap | */environment | */keep-policy | */check-host | */look-further | */credentials) right='0 [57]55' ;;
          "\${config}") right='0 [46][04][04]' ;;
          *.jq | *.json | *.pem | *.service | *.timer | *.sha256 | */take-credentials) right='0 [46]44' ;;
          *) right='0 [4-7][0145][0145]' ;;
        esac
        # shellcheck disable=SC2254 # a pattern
        case "\${state}" in \${right}) ;; *) printf '%s has owner and mode %s\\n' "\${file}" "\${state}" ;; esac
      fi
    done
    folders_there | while IFS= read -r folder; do
      if [ -L "\${root}\${folder}" ]; then
        printf '%s is a link\\n' "\${folder}"
      elif [ -d "\${root}\${folder}" ]; then
        state="$(stat -c '%u %a' "\${root}\${folder}" 2>/dev/null)" || state='unseen'
        # In a sticky folder others may add, and not replace.
        case "\${state}" in '0 '[57][0145][15] | '0 1'[57]??) ;; *) printf '%s has owner and mode %s\\n' "\${folder}" "\${state}" ;; esac
      fi
    done
  )"
  judge owners gate 'root, and nobody else may write' 'what a job may write, it replaces; through a link, a folder is another one' \\
    'install it again; make each folder on the way root with mode 0755' "\${wrong}"
}

# What has been looked at is tried as the agent's user: there is more than bits of a mode.
check_reach() {
  if [ -z "\${uid}" ] || ! as_agent true 2>/dev/null; then
    say agent-reach gate unknown "nothing can be tried as \${user}" 'a folder that the agent can not enter switches the gate off without a word' \\
      'run this as root, on a host with setpriv or runuser'
    return 0
  fi
  # shellcheck disable=SC2016 # its own shell takes the dollars
  wrong="$({
    files_there | sort -u | sed 's/^/f /'
    folders_there | sed 's/^/d /'
  } | as_agent /bin/sh -c '
    while read -r is path; do
      at="$1\${path}"
      if [ "\${is}" = d ] && [ -d "\${at}" ]; then
        if [ ! -x "\${at}" ]; then echo "can not enter \${path}"; fi
        if [ -w "\${at}" ] && [ ! -k "\${at}" ]; then echo "can write \${path}"; fi
      elif [ "\${is}" = f ]; then
        case "\${path}" in
          */pre-bootstrap) if [ ! -x "\${at}" ] || [ ! -r "\${at}" ]; then echo "can not run \${path}"; fi ;;
          */decide.jq | */tell.jq | */gate.json) if [ ! -r "\${at}" ]; then echo "can not read \${path}"; fi ;;
        esac
        if [ -e "\${at}" ] && [ -w "\${at}" ]; then echo "can write \${path}"; fi
      fi
    done' sh "\${root}")" || wrong="\${wrong:-it could not be tried}"
  judge agent-reach gate "reads the gate, and writes nothing of it\${hint}" \\
    'a folder that the agent can not enter switches the gate off without a word, and what a job may write, it replaces' \\
    'make each folder on the way root with mode 0755, and take away what else gives rights to it' "\${wrong}"
}

uuid_shape='^\\([0-9a-f]\\{8\\}-[0-9a-f]\\{4\\}-[0-9a-f]\\{4\\}-[0-9a-f]\\{4\\}-[0-9a-f]\\{12\\}\\)$'

in_gate() {
  if [ -r "\${root}\${bridle}/gate.json" ]; then
    sed -n "s/^{.*\\"$1\\":\\"\\([^\\"]*\\)\\".*}\\$/\\1/p" "\${root}\${bridle}/gate.json" | head -n 1
  fi
}
in_policy() {
  if has jq && [ -r "\${root}\${policy}" ]; then jq -r "$1 // empty | tostring" "\${root}\${policy}" 2>/dev/null | head -n 1; fi
}

check_gate_json() {
  wrong=''
  for key in organization cluster queue; do
    if ! in_gate "\${key}" | grep -q -e "\${uuid_shape}"; then wrong="\${wrong}\${wrong:+, }it has no \${key}"; fi
  done
  mode="$(in_gate mode)"
  case "\${mode}" in block | warn | observe) ;; *) wrong="\${wrong}\${wrong:+, }it has no mode" ;; esac
  queue="$(in_gate queue)"
  judge queue gate "\${queue}" 'by it the gate knows for which queue it is, and what to do where there is no policy' \\
    'install it again: bridle hook print --script' "\${wrong}"
}

# Whether a tool is root's, links followed. The images have /bin as a link to /usr/bin.
is_roots_tool() {
  at="$(readlink -f "$1" 2>/dev/null)" || return 1
  if [ ! -x "\${at}" ]; then return 1; fi
  while [ "\${at}" != '/' ] && [ -n "\${at}" ]; do
    case "$(stat -c '%u %a' "\${at}" 2>/dev/null)" in
      '0 '*[2367] | '0 '*[2367]?) return 1 ;;
      '0 '*) ;;
      *) return 1 ;;
    esac
    at="\${at%/*}"
  done
}

check_tools() {
  wrong=''
  for tool in /usr/bin/jq /usr/bin/env /usr/bin/timeout /bin/sh /usr/bin/date /usr/bin/wc /usr/bin/tr; do
    is_roots_tool "\${tool}" || wrong="\${wrong}\${wrong:+, }\${tool}"
  done
  judge tools gate 'there, and root has them' 'the gate decides by them: without them it refuses, and whoever can write one decides instead' \\
    'install jq and coreutils of the distribution' "\${wrong}"
  wrong=''
  for tool in openssl base64 flock stat sha256sum; do
    has "\${tool}" || wrong="\${wrong}\${wrong:+, }\${tool} is missing"
  done
  if has curl && curl -q --help all 2>/dev/null | grep -q -e --aws-sigv4; then :; elif ! has aws; then
    wrong="\${wrong}\${wrong:+, }there is no curl that signs (7.75 or later), and no aws"
  fi
  judge keeper-tools work there 'without them there is no policy, and the gate refuses every job' \\
    'install what is missing' "\${wrong}"
}

check_version() {
  agent=''
  for at in /usr/bin/buildkite-agent /usr/local/bin/buildkite-agent; do
    if [ -z "\${agent}" ] && [ -x "\${root}\${at}" ]; then agent="\${at}"; fi
  done
  version=''
  if [ -n "\${agent}" ] && [ -n "\${uid}" ]; then
    version="$(as_agent "\${root}\${agent}" --version 2>/dev/null | tr -cs '0-9.' '\\n' | grep -e '^[0-9][0-9]*[.][0-9]' | head -n 1)" || version=''
  fi
  major="\${version%%.*}"
  minor="\${version#*.}"
  minor="\${minor%%.*}"
  why='before 3.82 no file with the variables as JSON is written, and the gate refuses every job'
  fix='use agent 3.128 or later'
  case "\${major}\${minor}" in
    '' | *[!0-9]*)
      say agent-version work unknown 'no agent that says which it is' "\${why}" "\${fix}"
      return 0
      ;;
    *) ;;
  esac
  wrong=''
  if [ "\${major}" -lt 3 ] || { [ "\${major}" = 3 ] && [ "\${minor}" -lt 82 ]; }; then wrong="\${version}"; fi
  judge agent-version work "\${version}" "\${why}" "\${fix}" "\${wrong}"
}

check_policy() {
  wrong=''
  seen=''
  now="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  if [ ! -f "\${root}\${policy}" ]; then
    wrong="\${policy} is missing"
  elif ! has jq || ! jq -e . "\${root}\${policy}" >/dev/null 2>&1; then
    wrong='it is no JSON'
  else
    seen="number $(in_policy .serial), mode $(in_policy .mode), issued $(in_policy .issued_at)"
    for key in organization cluster queue; do
      if [ "$(in_policy ".\${key}.uuid")" != "$(in_gate "\${key}")" ]; then wrong="\${wrong}\${wrong:+, }it is for another \${key}"; fi
    done
    ends="$(in_policy .expires_at)"
    issued="$(in_policy .issued_at)"
    later="$(printf '%s\\n' "\${now}" "\${issued}" | sort | tail -n 1)"
    if [ "\${later}" != "\${now}" ]; then wrong="\${wrong}\${wrong:+, }by the clock of this host it is not issued yet"; fi
    if [ -n "\${ends}" ] && [ "$(printf '%s\\n' "\${now}" "\${ends}" | sort | head -n 1)" != "\${now}" ]; then
      wrong="\${wrong}\${wrong:+, }it was good until \${ends}"
    fi
  fi
  judge policy work "\${seen}" 'without a policy the gate refuses every job' \\
    'run /usr/lib/bridle/keep-policy as root, and read what it says' "\${wrong}"
}

check_mode() {
  here="$(in_gate mode)"
  mode="$(in_policy .mode)"
  weight=depth
  wrong=''
  if [ "\${mode:-block}" = 'block' ] && [ "\${here}" != 'block' ]; then
    # Whoever deletes the parameter would open the gate.
    if [ -n "\${mode}" ]; then weight=gate; fi
    wrong="without a policy it is \${here:-not said}"
  elif [ "\${mode:-\${here}}" != 'block' ]; then
    wrong="\${mode}"
  fi
  judge mode "\${weight}" block 'in any other mode the gate refuses nothing' \\
    'write mode: block at the hook of the queue, apply, and install again' "\${wrong}"
}

check_keys() {
  wrong='there is none'
  count=0
  for pem in "\${root}\${bridle}"/policy-keys/*.pem; do
    if [ ! -f "\${pem}" ]; then continue; fi
    count=$((count + 1))
    wrong=''
    if has openssl && ! openssl pkey -pubin -in "\${pem}" -noout 2>/dev/null; then wrong="\${pem#"\${root}"} is no public key"; fi
    if grep -q -e 'PRIVATE KEY' "\${pem}"; then wrong="\${pem#"\${root}"} is a private key"; fi
  done
  judge policy-keys work "\${count}" 'a policy counts if one of these keys has signed it' 'install it again: bridle hook print --script' "\${wrong}"
}

check_keeper() {
  why='a policy that nobody fetches goes stale: what is not allowed any more is still let in'
  fix='systemctl enable --now bridle-policy.timer; systemctl status bridle-policy.service says how it went'
  if [ -z "\${systemd}" ]; then
    say keeper work unknown 'there is no systemd here' "\${why}" 'run keep-policy every 60 beside the agent, as root'
  else
    wrong=''
    enabled="$(systemctl is-enabled bridle-policy.timer 2>/dev/null)" || :
    active="$(systemctl is-active bridle-policy.timer 2>/dev/null)" || :
    result="$(shown bridle-policy.service Result)" || result=''
    if [ "\${enabled}" != 'enabled' ]; then wrong="the timer is \${enabled:-not there}"; fi
    if [ "\${active}" != 'active' ]; then wrong="\${wrong}\${wrong:+, }the timer is \${active:-not running}"; fi
    case "\${result}" in '' | success) ;; *) wrong="\${wrong}\${wrong:+, }the last time it ended with \${result}" ;; esac
    judge keeper work 'every minute, and went well' "\${why}" "\${fix}" "\${wrong}"
  fi
}

check_unit() {
  why='an agent that starts without its gate takes every job'
  if [ -z "\${systemd}" ]; then
    say agent-unit depth unknown 'there is no systemd here' "\${why}" 'run check-host --unit before the agent starts, and start it only if that ends with 0'
  else
    wrong=''
    case "$(shown "\${agent_unit}" ExecStartPre)" in
      */usr/lib/bridle/check-host*) ;;
      *) wrong='it does not look for the gate before it starts the agent' ;;
    esac
    judge agent-unit depth 'looks for the gate first' "\${why}" 'install it again, and systemctl daemon-reload' "\${wrong}"
  fi
}

# Whether the clock is kept. One that is behind takes an old policy for a good one.
check_clock() {
  why='by the clock a policy is issued, and over'
  fix='run chrony, or systemd-timesyncd'
  synced=''
  if [ -n "\${systemd}" ] && has timedatectl; then
    synced="$(timedatectl show -p NTPSynchronized 2>/dev/null | sed 's/^.*=//')" || synced=''
  fi
  case "\${synced}" in
    yes) say clock depth ok 'kept by others' "\${why}" "\${fix}" ;;
    no) say clock depth failed 'nobody keeps it' "\${why}" "\${fix}" ;;
    *) say clock depth unknown 'nobody says whether it is kept' "\${why}" "\${fix}" ;;
  esac
}

# The addresses of metadata services that the agent's user gets through to, or that nobody can tell of.
metadata_reached() {
  for at in http://169.254.169.254/latest/ 'http://[fd00:ec2::254]/latest/' http://169.254.170.2/ http://169.254.170.23/; do
    ended=0
    connected="$(as_agent curl -q -s -o /dev/null -w '%{time_connect}' --noproxy '*' --max-time 1 "\${at}" 2>/dev/null)" || ended=$?
    case "\${ended} \${connected}" in
      # Nobody let it through, or there is no way there.
      '7 '* | '28 0' | '28 0.0' | '28 0.000' | '28 0.000000') ;;
      # Any answer is one, a no as well.
      '0 '*) printf '%s answers %s\\n' "\${at}" "\${user}" ;;
      # Whoever is connected and waits got through: it may answer the next one in time.
      '28 '*) printf '%s takes the connection of %s, and was too slow to answer\\n' "\${at}" "\${user}" ;;
      *) printf 'nobody can tell whether %s is closed to %s: curl ended with %s\\n' "\${at}" "\${user}" "\${ended}" ;;
    esac
  done
}

check_metadata() {
  why='with the role of the machine a job may do as the keeper does, and more'
  fix='close it: bridle stack QUEUE --firewall iptables'
  if [ -z "\${uid}" ] || ! has curl || ! as_agent true 2>/dev/null; then
    say metadata-service "\${metadata}" unknown "it can not be tried as \${user}" "\${why}" "\${fix}"
  else
    wrong="$(metadata_reached)"
    judge metadata-service "\${metadata}" "closed to \${user}\${hint}" "\${why}" "\${fix}" "\${wrong}"
  fi
}

# name option variable pattern why fix: an option that keeps something else well.
depth() {
  value="$(option "$2" "$3")"
  wrong=''
  # shellcheck disable=SC2254 # a pattern
  case "\${value}" in $4) ;; *) wrong="\${value:-not set}" ;; esac
  judge "$1" depth "\${value:-not set}" "$5" "write $6 in \${config}" "\${wrong}"
}

check_options() {
  depth one-job disconnect-after-job BUILDKITE_AGENT_DISCONNECT_AFTER_JOB true \\
    'what a job leaves behind sees the next one, and what its gate is told' 'disconnect-after-job=true'
  depth commit-verification git-commit-verification BUILDKITE_GIT_COMMIT_VERIFICATION strict \\
    'a branch proves nothing about a commit: any commit of a fork can be built as main' 'git-commit-verification=strict'
  depth checkout-override checkout-override-mode BUILDKITE_CHECKOUT_OVERRIDE_MODE strict \\
    'what a step says of its checkout is not looked at by the gate' 'checkout-override-mode=strict'
  depth variables enable-environment-variable-allowlist BUILDKITE_ENABLE_ENVIRONMENT_VARIABLE_ALLOWLIST true \\
    'a second list beside that of the gate, on other data' 'what bridle hook print says of allowed-environment-variables'
  depth repositories allowed-repositories BUILDKITE_ALLOWED_REPOSITORIES '?*' \\
    'a mirror of a repository is not looked at by the gate, and dropped by the agent where this is set' 'what bridle hook print says of allowed-repositories'
  depth plugins allowed-plugins BUILDKITE_ALLOWED_PLUGINS '?*' \\
    'a second list beside that of the gate' 'what bridle hook print says of allowed-plugins'
  depth local-hooks no-local-hooks BUILDKITE_NO_LOCAL_HOOKS true \\
    'hooks of a repository run with what the hooks of the agent have set' 'no-local-hooks=true, if no repository needs them'
  depth host-keys no-ssh-keyscan BUILDKITE_NO_SSH_KEYSCAN true \\
    'a key that is taken at first sight is whoever answers' 'no-ssh-keyscan=true, and the keys into known_hosts'
  context="$(option job-context-dir BUILDKITE_JOB_CONTEXT_DIR)"
  context="\${context:-/tmp}"
  wrong=''
  if [ -e "\${root}\${context}" ]; then
    case "$(stat -c '%a' "\${root}\${context}" 2>/dev/null)" in
      1??? | *[0145]) ;;
      *) wrong="everybody may replace what is in \${context}" ;;
    esac
  fi
  judge job-context-dir depth "\${context}" 'what the gate is told of a job lies in it' \\
    'leave out job-context-dir, or name a folder that only the agent may write' "\${wrong}"
}

main() {
  # Root or not, and what else is there that leads to root, is for whoever installs it: an agent that waits helps nobody.
  if [ -z "\${is_unit}" ]; then check_asker; fi
  check_hooks
  check_shell
  check_gate_json
  check_files
  check_owners
  check_reach
  if [ -n "\${is_unit}" ]; then
    if [ "\${counts_gate}" = 0 ]; then exit 0; fi
    printf 'bridle: the gate is void, and the agent is not started\\n' >&2
    exit 1
  fi
  check_others
  check_spawn
  check_groups
  check_sudo
  check_tools
  check_version
  check_keys
  check_policy
  check_mode
  check_keeper
  check_unit
  check_clock
  check_metadata
  check_options

  if [ "\${format}" = 'json' ]; then
    ok=true
    if [ "\${counts_gate}" != 0 ]; then ok=false; fi
    digest=''
    if [ -r "\${root}\${list}" ]; then digest="$(sha256sum <"\${root}\${list}" | cut -c 1-64)" || digest=''; fi
    host="$(plain "$(cat "\${root}/etc/hostname" 2>/dev/null || uname -n)")"
    host="\${host% }"
    # Names are given twice, and what systemd calls a machine is nobody else's to know: a digest tells them apart.
    machine="$(cat "\${root}/etc/machine-id" 2>/dev/null)" || machine=''
    case "\${machine}" in
      *[!0-9a-f]* | '') machine='' ;;
      *) machine="$(printf 'bridle.host/1 %s' "\${machine}" | sha256sum | cut -c 1-64)" ;;
    esac
    printf '{"format":"bridle.host/1","hostname":"%s","machine":"%s","checked_at":"%s","by":"%s","ok":%s,"organization":"%s","cluster":"%s","queue":"%s","hooks":"%s","files":"%s","failed":[%s],"checks":[%s]}\\n' \\
      "\${host}" "\${machine}" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(if [ "\${me}" = 0 ]; then echo root; else plain "\${user}"; fi)" "\${ok}" \\
      "$(plain "$(in_gate organization)")" "$(plain "$(in_gate cluster)")" "$(plain "$(in_gate queue)")" "$(plain "\${hooks}")" "\${digest}" "\${failed}" "\${checks}"
  elif [ "\${counts_gate}" = 0 ]; then
    printf '\\nThe gate stands: %s checks are fine, %s tell of jobs that are refused, %s of less depth.\\n' \\
      "\${counts_ok}" "\${counts_work}" "\${counts_depth}"
  else
    printf '\\nThe gate is void: %s.\\n' "$(printf '%s' "\${failed}" | tr -d '"' | sed 's/,/, /g')"
  fi
  if [ "\${counts_gate}" = 0 ]; then exit 0; fi
  exit 1
}

main </dev/null
`,
  credentials: `#!/bin/sh
# The credentials of the role that the policy names for a pipeline: three words on its output, or none where the policy
# names no role. It is started by take-credentials with an empty environment; what is a secret comes by the pipe. Written
# for dash, busybox and bash; needs jq 1.5 or later, and curl or the aws command.
# shellcheck disable=SC2310 # what is asked with if and || is a question: its no ends nothing by itself
set -eu
umask 077
cd /

policy=/var/lib/bridle/policy.json
host=/etc/bridle/credentials.json
keeper=/etc/bridle/keeper.json

# How long they are good for. AWS lets no role have less than this as its longest, and no chained one more.
seconds=3600

job="\${BUILDKITE_JOB_ID-}"
token='' api=''
{ IFS= read -r token && IFS= read -r api; } || :

refuse() {
  printf 'bridle: no credentials: %s\\n' "$1" >&2
  exit 1
}

# Whether a folder, and every one on the way to it, is out of the hands of whom this runs as: of every job's.
is_out_of_reach() {
  at="$1"
  while :; do
    at="\${at:-/}"
    if [ -L "\${at}" ] || [ -O "\${at}" ]; then return 1; fi
    # In a sticky folder of somebody else's, others may add, and not replace.
    if [ -w "\${at}" ] && [ ! -k "\${at}" ]; then return 1; fi
    if [ "\${at}" = '/' ]; then return 0; fi
    at="\${at%/*}"
  done
}

is_kept() {
  if [ -L "$1" ] || [ ! -f "$1" ] || [ ! -r "$1" ] || [ -w "$1" ] || [ -O "$1" ]; then return 1; fi
  is_out_of_reach "\${1%/*}"
}

# The first of these that is there, behind links of root's; nothing where none is.
tool() {
  for named in "$@"; do
    real="$(readlink -f "\${named}" || :)"
    if [ -x "\${real}" ] && is_kept "\${real}" && is_out_of_reach "\${named%/*}"; then
      printf '%s' "\${real}"
      return 0
    fi
  done
}

# Whether a text has something in it, and only letters, digits and what is named.
is_plain() {
  case "$1" in
    '' | *[!A-Za-z0-9"$2"]*) return 1 ;;
    *) return 0 ;;
  esac
}

# What somebody else said, fit to be shown: one line, and short. A token is never in it.
shown() {
  if [ -n "\${jwt-}" ]; then
    case "$1" in
      *"\${jwt}"*) return 0 ;;
      *) ;;
    esac
  fi
  printf '%s' "$1" | tr '\\n\\t' '  ' | tr -cd '\\040-\\176' | cut -c1-300
}

# --- which role ---

if ! is_kept "\${policy}"; then refuse "\${policy} is missing, or in reach of jobs"; fi
for file in "$0" /usr/bin/jq; do
  if ! is_kept "\${file}"; then refuse "\${file} is in reach of jobs"; fi
done
for file in "\${host}" "\${keeper}"; do
  if [ -e "\${file}" ] && ! is_kept "\${file}"; then refuse "\${file} is in reach of jobs"; fi
done
if [ ! -e "\${host}" ]; then host=/dev/null; fi
if [ ! -e "\${keeper}" ]; then keeper=/dev/null; fi
if ! is_plain "\${job}" '-'; then refuse 'the job has no id'; fi

now="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
choice="$(
  /usr/bin/jq -n -r --slurpfile policy "\${policy}" --slurpfile host "\${host}" --slurpfile keeper "\${keeper}" \\
    --arg pipeline "\${BUILDKITE_PIPELINE_ID-}" --arg by "$1" --arg configuration "\${BRIDLE_CONFIGURATION-}" \\
    --arg now "\${now}" '
    def is_text: type == "string" and . != "";
    def is_made_of($marks):
      is_text
      and all(explode[]; . as $one
        | (48 <= . and . <= 57) or (65 <= . and . <= 90) or (97 <= . and . <= 122)
          or any($marks | explode[]; . == $one));
    def is_role:
      is_made_of(":/-_+=,.@")
      and (split(":") | length == 6 and .[0] == "arn" and .[2] == "iam" and (.[5] | startswith("role/")));
    def name: split("/") | last;
    def shown: tojson | (explode | map(select(32 <= . and . < 127)) | implode) | .[0:160];
    def no($why): "no " + $why;

    # A role of these, by its ARN, or by its name where that is one role only.
    def one_of($roles; $role):
      [$roles[] | select(. == $role or name == $role)]
      | if length == 1 then .[0]
        elif length == 0 then no("role \\($role | shown) is none of those that the policy names for this pipeline")
        else no("role \\($role | shown) is there in several accounts: name it by its ARN") end;

    def chosen($it):
      ($it.roles // []) as $roles
      | if $by != "plugin" then $it.role // "none"
        else
          ($configuration | if . == "" then {} else try fromjson catch 0 end) as $said
          | if $said != null and ($said | type) != "object" then no("the plugin has a configuration that can not be read")
            elif $said.role == null and $it.role == null then no("the policy names no role for this pipeline")
            else one_of($roles; $said.role // $it.role) end
        end;

    def endpoint($region; $role):
      $host[0].endpoint
      // "https://sts.\\($region).amazonaws.com" + (if $role | startswith("arn:aws-cn:") then ".cn" else "" end);

    def is_endpoint:
      is_made_of(":/-.[]") and (startswith("https://") or startswith("http://127.0.0.1:") or startswith("http://[::1]:"));

    ($policy[0] | if type == "object" then . else {} end) as $policy
    | if ($policy.format != "bridle.gate/1") or ($policy.pipelines | type) != "array"
      then no("the policy of this host is one of another version")
      elif $policy.expires_at != null and $now >= $policy.expires_at
      then no("the policy of this host was good until \\($policy.expires_at | shown)")
      else
        ([$policy.pipelines[] | select(.uuid == $pipeline)] | .[0]) as $it
        | chosen($it) as $role
        | ($host[0].region // $keeper[0].region) as $region
        | if $role == "none" or ($role | type == "string" and startswith("no ")) then $role
          elif $role | is_role | not then no("the policy names \\($role | shown), which is no role")
          elif $region | is_made_of("-") | not then no("/etc/bridle/credentials.json and keeper.json name no region")
          elif endpoint($region; $role) | is_endpoint | not then no("/etc/bridle/credentials.json names no endpoint of https")
          else
            (if any($it.roles // [] | .[]; . == $role) then "oidc" else "chained" end)
            + " \\($role) \\($role | @uri) \\($region) \\(endpoint($region; $role))"
          end
      end' 2>/dev/null || printf 'no the files of this host can not be read'
)"
case "\${choice}" in
  none) exit 0 ;;
  'no '*) refuse "\${choice#no }" ;;
  *) ;;
esac
IFS=' ' read -r way role encoded region endpoint <<WORDS
\${choice}
WORDS
name="\${role##*/}"
session="bridle-\${job}"

# --- asking for it ---

curl="$(tool /usr/bin/curl)"
aws="$(tool /usr/bin/aws /usr/local/bin/aws)"
agent="$(tool /usr/bin/buildkite-agent /usr/local/bin/buildkite-agent)"
if [ -z "\${agent}" ]; then refuse 'buildkite-agent is neither in /usr/bin nor in /usr/local/bin, or in reach of jobs'; fi

id='' secret='' session_token='' code='' words=''

# What stands in an element of the answer; nothing where there is none.
element() {
  found=''
  case "\${answer}" in
    *"<$1>"*"</$1>"*)
      found="\${answer#*"<$1>"}"
      found="\${found%%"</$1>"*}"
      ;;
    *) ;;
  esac
}

# Asks STS. What only STS may know goes by the pipe, as lines of curl's own configuration.
by_curl() {
  lines="$1"
  shift
  status=0
  answer="$(
    printf '%s\\n' "\${lines}" |
      "\${curl}" -q -s -S --config - --noproxy '*' --proto "=\${endpoint%%:*}" --max-time 8 --max-filesize 65536 "$@" \\
        "\${endpoint}/" 2>&1
  )" || status=$?
  if [ "\${status}" -ne 0 ]; then
    words="\${answer}"
    # It does not know an option, as curl before 7.75 does not know how to sign.
    [ "\${status}" -ne 2 ]
    return
  fi
  element AccessKeyId
  id="\${found}"
  element SecretAccessKey
  secret="\${found}"
  element SessionToken
  session_token="\${found}"
  element Code
  code="\${found}"
  element Message
  words="\${found}"
}

tab="$(printf '\\t')"
line='
'

# The same by the aws command, which reads what it asks for from the pipe.
by_aws() {
  if answer="$(
    printf '%s' "$2" |
      AWS_REGION="\${region}" AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null \\
        "\${aws}" sts "$1" --cli-input-json file:///dev/stdin --region "\${region}" --endpoint-url "\${endpoint}" \\
        --output text --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \\
        --cli-connect-timeout 4 --cli-read-timeout 8 2>&1
  )"; then
    answer="\${answer##*"\${line}"}"
    id="\${answer%%"\${tab}"*}" session_token="\${answer##*"\${tab}"}"
    answer="\${answer#*"\${tab}"}"
    secret="\${answer%%"\${tab}"*}"
  else
    words="\${answer}"
    case "\${answer}" in
      *'(AccessDenied)'*) code=AccessDenied ;;
      *) ;;
    esac
  fi
}

# By who Buildkite says that this job is. Whoever checks the token decides; the options say what is in it.
by_token() {
  code='' words=''
  # Agents hide it from the log by themselves, and will not give it where they can't, unless they are told to.
  if [ -z "\${BUILDKITE_AGENT_JOB_API_SOCKET}" ]; then set -- --skip-redaction "$@"; fi
  jwt="$(
    BUILDKITE_AGENT_ACCESS_TOKEN="\${token}" BUILDKITE_AGENT_JOB_API_TOKEN="\${api}" \\
      timeout -s KILL 10 "\${agent}" oidc request-token --job "\${job}" --audience sts.amazonaws.com "$@"
  )" || code='no token'
  if [ -n "\${code}" ]; then
    words='the agent gave none that says who this job is (--subject-claim needs agent 3.121 or later)'
    return 0
  fi
  if ! is_plain "\${jwt}" '._-'; then refuse 'the agent gave no token that can be read'; fi
  if [ -n "\${curl}" ]; then
    by_curl "data = \\"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&DurationSeconds=\${seconds}&RoleArn=\${encoded}&RoleSessionName=\${session}&WebIdentityToken=\${jwt}\\"" || :
  elif [ -n "\${aws}" ]; then
    by_aws assume-role-with-web-identity "{\\"RoleArn\\":\\"\${role}\\",\\"RoleSessionName\\":\\"\${session}\\",\\"DurationSeconds\\":\${seconds},\\"WebIdentityToken\\":\\"\${jwt}\\"}"
  else
    refuse 'neither curl nor aws is there'
  fi
}

# A trust takes one of these. By the claims that AWS knows there must be no tags, and with tags no other subject. Older
# agents know the tags only. What is told in the end is what was said to the first.
by_oidc() {
  ids='organization_id,cluster_id,pipeline_id'
  by_token --subject-claim queue_id --claim "\${ids}"
  first="\${code}" why="\${words}"
  if [ "\${first}" != AccessDenied ] && [ "\${first}" != 'no token' ]; then return 0; fi
  by_token --aws-session-tag "\${ids},queue_id"
  if [ "\${code}" = AccessDenied ]; then by_token --aws-session-tag "\${ids},queue_id,build_branch"; fi
  if [ -z "\${id}" ]; then code="\${first}" words="\${why}"; fi
}

# What the machine's own role is told of itself.
metadata() {
  printf 'header = "X-aws-ec2-metadata-token: %s"\\n' "\${pass}" |
    "\${curl}" -q -s -f --config - --noproxy '*' --proto =http --connect-timeout 2 --max-time 4 \\
      "http://169.254.169.254/latest/meta-data/iam/security-credentials/$1"
}

walled() {
  refuse "role \${name} is entered from the role of this machine, and jobs can not reach the metadata service here, which is as it should be. Let the role trust the pipeline itself: then it is entered by OIDC"
}

by_machine() {
  if [ -n "\${curl}" ]; then
    pass="$(
      "\${curl}" -q -s -f --noproxy '*' --proto =http --connect-timeout 2 --max-time 4 -X PUT \\
        -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token
    )" || walled
    if ! is_plain "\${pass}" '+/=_-'; then walled; fi
    own="$(metadata '')" || walled
    if ! is_plain "\${own}" '+=,.@_-'; then walled; fi
    given="$(
      metadata "\${own}" | /usr/bin/jq -r '[.AccessKeyId, .SecretAccessKey, .Token] | map(tostring) | join(" ")'
    )" || walled
    if ! is_plain "\${given}" ' +/=._-'; then walled; fi
    pair="\${given% *}"
    if by_curl "user = \\"\${pair% *}:\${pair#* }\\"
header = \\"X-Amz-Security-Token: \${given##* }\\"
data = \\"Action=AssumeRole&Version=2011-06-15&DurationSeconds=\${seconds}&RoleArn=\${encoded}&RoleSessionName=\${session}\\"" \\
      --aws-sigv4 "aws:amz:\${region}:sts"; then return 0; fi
  fi
  if [ -z "\${aws}" ]; then refuse 'there is neither a curl that signs (7.75 or later), nor aws'; fi
  by_aws assume-role "{\\"RoleArn\\":\\"\${role}\\",\\"RoleSessionName\\":\\"\${session}\\",\\"DurationSeconds\\":\${seconds}}"
}

if [ "\${way}" = oidc ]; then by_oidc; else by_machine; fi
if [ -z "\${id}" ]; then
  said="$(shown "\${words}")"
  refuse "role \${name} is not to be entered by this job: \${code:-no answer from STS}\${said:+: \${said}}"
fi
if ! is_plain "\${id}" '' || ! is_plain "\${secret}" '+/=' || ! is_plain "\${session_token}" '+/=._-'; then
  refuse 'STS gave an answer that can not be read'
fi

# --- handing it over ---

# Agents before 3.67 have no such command. They hide what they are told to by name, once a hook has exported it.
if ! printf '{"id":"%s","secret":"%s","token":"%s"}\\n' "\${id}" "\${secret}" "\${session_token}" |
  BUILDKITE_AGENT_ACCESS_TOKEN="\${token}" BUILDKITE_AGENT_JOB_API_TOKEN="\${api}" \\
    timeout -s KILL 10 "\${agent}" redactor add --format json >/dev/null 2>&1; then
  hidden=",\${BUILDKITE_REDACTED_VARS-},"
  case "\${hidden}" in
    *,'*_ACCESS_KEY',* | *,AWS_SECRET_ACCESS_KEY,*) ;;
    *) refuse 'the agent does not hide them from the log' ;;
  esac
  case "\${hidden}" in
    *,'*_TOKEN',* | *,AWS_SESSION_TOKEN,*) ;;
    *) refuse 'the agent does not hide them from the log' ;;
  esac
fi
printf 'bridle: credentials of role %s, good for %s seconds\\n' "\${name}" "\${seconds}" >&2
printf '%s %s %s\\n' "\${id}" "\${secret}" "\${session_token}"
`,
  'decide.jq': `# What the gate decides of one job. Everything in here is data: nothing of it is ever run, and no regular expression is
# asked, since not every jq has them. For jq 1.5 and later.
#
# $job     what BUILDKITE_ENV_JSON_FILE held, in a list: one object of names and strings
# $policy  what the policy keeper has verified, in a list
# $host    /etc/bridle/gate.json, in a list: for which queue this host is, whatever a job or a policy says
# $now     by the clock of this host, as in 2026-11-28T12:00:00Z
# $id      the job that the agent runs this for
#
# One line: what is decided, by which rule, what was seen, and the lines of the files that would allow it. Of variables
# it says names only, but for those that say which build it is.

# --- words ---

def is_text: type == "string" and . != "";
def is_texts: type == "array" and length > 0 and all(.[]; is_text);
def has_only(names): type == "object" and (keys - names) == [];

# Whether a text has no other characters than these: a list less a list is quick, where comparisons take long to read in.
def is_of($characters): is_text and (explode - ($characters | explode)) == [];
def digits: "0123456789";
def are_digits: is_of(digits);
def are_hex: is_of(digits + "abcdef");
def letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
def is_time:
  is_text and (explode | map(if 48 <= . and . <= 57 then 48 else . end) | implode) == "0000-00-00T00:00:00Z";
def is_name: is_of(letters + digits + "_") and (.[0:1] | are_digits | not);
def capped: if length > 160 then .[0:160] + "..." else . end;

# What a reader of bytes puts where it could not read them: who knows what stood there.
def is_mangled: any(explode[]; . == 65533);

# --- the policy ---

def is_about($name): has_only([$name, "uuid"]) and (.[$name] | is_text) and (.uuid | is_text);

def is_pipeline:
  has_only(["branches", "commands", "creator_teams", "environment", "plugins", "pull_requests", "repository", "role",
    "roles", "slug", "sources", "tags", "triggered_by", "uuid"])
  and (.slug | is_text) and (.uuid | is_text) and (.repository | is_text)
  and (. as $it
    | all(["branches", "commands", "creator_teams", "environment", "plugins", "roles", "sources", "tags", "triggered_by"][];
        . as $list | ($it | has($list) | not) or ($it[$list] | is_texts)))
  and ((has("role") | not) or (.role | is_text))
  and ((has("pull_requests") | not) or .pull_requests == "own" or .pull_requests == "forks");

def are_once(of): length == (map(of) | unique | length);

# Whether all of a policy is known here. What is not might take something away again.
def is_understood:
  has_only(["checks", "cluster", "expires_at", "format", "issued_at", "mode", "organization", "pipelines", "queue", "serial"])
  and .format == "bridle.gate/1"
  and (.organization | is_about("slug")) and (.cluster | is_about("name")) and (.queue | is_about("key"))
  and (.mode == "observe" or .mode == "warn" or .mode == "block")
  and (.serial | type == "number" and . >= 1)
  and ((has("checks") | not) or (.checks | is_texts and (. - ["ancestor", "identity", "metadata"]) == []))
  and (.issued_at | is_time) and ((has("expires_at") | not) or (.expires_at | is_time))
  and (.pipelines | type == "array" and all(.[]; is_pipeline) and are_once(.uuid) and are_once(.slug));

# --- what is compared ---

# What stands before the first of a separator, and after it.
def halves($at):
  split($at) as $parts
  | if ($parts | length) < 2 then null else [$parts[0], .[(($parts[0] | length) + ($at | length)):]] end;

# A star is any run of characters, a slash too; all else stands for itself, and the whole name has to fit.
def is_like($pattern):
  . as $name
  | ($pattern | split("*")) as $parts
  | if ($parts | length) < 2 then $name == $pattern
    elif $name | startswith($parts[0]) | not then false
    else
      reduce $parts[1:-1][] as $part ($name[($parts[0] | length):];
        if . == null or $part == "" then . else halves($part) | if . == null then null else .[1] end end)
      | . != null and endswith($parts[-1])
    end;

def is_one_of($patterns):
  . as $name
  | any($patterns[] | select(startswith("!") | not); . as $one | $name | is_like($one))
  and (any($patterns[] | select(startswith("!")) | .[1:]; . as $one | $name | is_like($one)) | not);

def without_slashes: if endswith("/") then .[0:-1] | without_slashes else . end;
def without_first_slashes: if startswith("/") then .[1:] | without_first_slashes else . end;

# Letters, digits, and what else may stand before a host. Where others end the host, readers do not agree.
def is_plain_authority: . == "" or is_of(letters + digits + ":@[]!$%&~'()*+,-._;=");

# Where a repository is: its host and path, and whether the way there is one that others can change on the way. By ssh as
# git, and by https, that is all that counts; as anybody else, who that is decides where a path leads, and it counts as it
# is written: /srv/web is not srv/web, which begins where that user is at home.
def where_it_is:
  halves("://") as $url
  | (if $url != null then
      ($url[1] | halves("/")) as $parts
      | if $parts == null then null
        else {scheme: ($url[0] | ascii_downcase), authority: $parts[0], path: $parts[1], whole: ("/" + $parts[1])} end
    else halves(":") as $short
      | if $short == null or ($short[0] | contains("/")) then null
        else {scheme: "ssh", authority: $short[0], path: ($short[1] | without_first_slashes), whole: $short[1]} end
    end)
  | if . == null then null
    else ({ssh: ":22", https: ":443", http: ":80", git: ":9418"}[.scheme]) as $port
      | if $port == null or (.authority | startswith("-") or (is_plain_authority | not)) then null
        else (.authority | split("@")) as $names
          | ($names | last // "" | ascii_downcase | rtrimstr($port)) as $host
          | ($names[0:-1] | join("@")) as $user
          | if $host == "" or ($host | startswith("-")) then null
            elif .scheme == "ssh" and $user != "git" then {user: $user, host: $host, path: .whole}
            else {
              plain: (.scheme == "http" or .scheme == "git"),
              host: $host,
              path: (.path | without_slashes | rtrimstr(".git") | without_slashes)
            } end
        end
    end;

def is_same_repository($other):
  . == $other or (where_it_is as $here | $here != null and $here == ($other | where_it_is));

# A repository without what could be a password.
def shown:
  halves("://") as $url
  | if $url == null then .
    else $url[0] + "://" + ($url[1] | halves("/") as $parts
      | if $parts == null then . else ($parts[0] | split("@") | last // "") + "/" + $parts[1] end)
    end;

# A plugin as an agent names it when it has looked where it comes from.
def whole_plugin:
  if startswith("/") or startswith(".") or startswith("\\\\") or (halves("://") != null) then .
  else (halves("#") // [., ""]) as $parts
    | ($parts[0] | split("/")) as $path
    | if ($path | length) == 1 then "github.com/buildkite-plugins/" + $path[0] + "-buildkite-plugin#" + $parts[1]
      elif ($path | length) == 2 then "github.com/" + $parts[0] + "-buildkite-plugin#" + $parts[1]
      else . end
  end;

# --- names of variables ---

# What Buildkite sets, by Buildkite's own list. What the agent sets itself on the way to the job is not in the file.
def buildkites:
  ("AGENT_CACHE_STORE_URL AGENT_ID AGENT_NAME ARTIFACT_PATHS BRANCH BUILD_AUTHOR BUILD_AUTHOR_EMAIL BUILD_CREATOR "
    + "BUILD_CREATOR_EMAIL BUILD_CREATOR_TEAMS BUILD_ID BUILD_NUMBER BUILD_URL CLUSTER_ID CLUSTER_NAME COMMAND COMMIT "
    + "COMPUTE_TYPE GITHUB_ACTION GITHUB_COMMENT_ID GITHUB_DEPLOYMENT_ENVIRONMENT GITHUB_DEPLOYMENT_ID "
    + "GITHUB_DEPLOYMENT_PAYLOAD GITHUB_DEPLOYMENT_TASK GITHUB_EVENT GITHUB_REVIEW_ID GROUP_ID GROUP_KEY GROUP_LABEL "
    + "JOB_ID LABEL MERGE_QUEUE_BASE_BRANCH MERGE_QUEUE_BASE_COMMIT MESSAGE ORGANIZATION_ID ORGANIZATION_SLUG "
    + "PARALLEL_JOB PARALLEL_JOB_COUNT PIPELINE_DEFAULT_BRANCH PIPELINE_ID PIPELINE_NAME PIPELINE_PROVIDER "
    + "PIPELINE_SLUG PIPELINE_TEAMS PLUGINS PROJECT_PROVIDER PROJECT_SLUG PULL_REQUEST PULL_REQUEST_BASE_BRANCH "
    + "PULL_REQUEST_DRAFT PULL_REQUEST_LABELS PULL_REQUEST_REPO REBUILT_FROM_BUILD_ID REBUILT_FROM_BUILD_NUMBER REPO "
    + "RETRY_COUNT RETRY_TYPE SCRIPT_PATH SOURCE STEP_ID STEP_IDENTIFIER STEP_KEY TAG TIMEOUT TRIGGERED_FROM_BUILD_ID "
    + "TRIGGERED_FROM_BUILD_NUMBER TRIGGERED_FROM_BUILD_PIPELINE_SLUG UNBLOCKER UNBLOCKER_EMAIL UNBLOCKER_ID "
    + "UNBLOCKER_TEAMS"
    | split(" ") | map({key: ("BUILDKITE_" + .), value: true}) | from_entries)
  + {CI: true, BUILDKITE: true};

# Variables that people do not write and that say what happens anyway: at these values they open nothing.
def harmless: {
  BUILDKITE_CLEAN_CHECKOUT: ["true"],
  BUILDKITE_GIT_REMOTE_MIRROR_URL: [""],
  BUILDKITE_GIT_SUBMODULES: ["false"],
  BUILDKITE_PLUGINS_ALWAYS_CLONE_FRESH: ["true"],
  BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC: ["false"],
  BUILDKITE_REFSPEC: [""]
};

# Names that decide what code runs, or where it is fetched from: no policy lets them in.
def is_code:
  . as $name
  | (["BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "IFS", "CDPATH", "GLOBIGNORE", "PATH", "HOME",
      "TMPDIR", "GCONV_PATH", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "BUILDKITE_SHELL", "BUILDKITE_BOOTSTRAP_PHASES",
      "BUILDKITE_BUILD_CHECKOUT_PATH", "BUILDKITE_REFSPEC", "BUILDKITE_SKIP_CHECKOUT", "BUILDKITE_CLEAN_CHECKOUT"]
      | any(.[]; . == $name))
    or any(["XDG_", "LD_", "DYLD_", "GIT_", "SSH_", "AWS_", "DOCKER_", "BASH_FUNC_", "PYTHON", "PERL", "RUBY",
        "BUILDKITE_GIT_", "BUILDKITE_PLUGIN", "BUILDKITE_HOOKS_", "BUILDKITE_AGENT_", "BUILDKITE_NO_"][];
        . as $start | $name | startswith($start))
    or ($name | ascii_upcase | endswith("_PROXY"))
    or ($name | startswith("BUILDKITE_") and endswith("CHECKOUT"));

# --- the rules, in the order in which they are asked ---

def no($rule; $saw): {rule: $rule, saw: ($saw | capped)};
def no($rule; $saw; $key; $value): no($rule; $saw) + {key: $key, value: ($value | capped)};
def unless(is; otherwise): if is then empty else otherwise end;

def about_the_policy($host; $now):
  unless(is_understood; no("policy"; "a policy of another version"))
  , unless(.organization.uuid == $host.organization and .cluster.uuid == $host.cluster and .queue.uuid == $host.queue;
      no("policy"; "the policy of queue " + .cluster.name + "/" + .queue.key))
  , unless($now >= .issued_at; no("clock"; $now))
  , unless((has("expires_at") | not) or $now < .expires_at; no("expired"; .expires_at));

# What a job says of itself under a name: where it says nothing, it is not known.
def told($name): .["BUILDKITE_" + $name] // "";

def about_the_job($policy; $id):
  ($policy.queue.key) as $queue
  | unless(told("JOB_ID") == $id; no("job-file"; "the variables of another job"))
  , unless(told("ORGANIZATION_ID") == $policy.organization.uuid; no("organization"; told("ORGANIZATION_SLUG")))
  , unless(told("ORGANIZATION_SLUG") == $policy.organization.slug; no("organization"; told("ORGANIZATION_SLUG")))
  , unless((has("BUILDKITE_CLUSTER_ID") | not) or told("CLUSTER_ID") == $policy.cluster.uuid;
      no("cluster"; told("CLUSTER_NAME")))
  , unless(told("AGENT_META_DATA_QUEUE") == $queue; no("queue"; told("AGENT_META_DATA_QUEUE")));

def about_the_variables($it):
  buildkites as $known
  | harmless as $harmless
  | . as $job
  | keys[]
  | . as $name
  | $job[$name] as $value
  | if $name | is_name | not then no("environment"; "a name that is none: " + $name)
    elif $known[$name] == true or ($name | startswith("BUILDKITE_AGENT_META_DATA_")) then empty
    elif any($harmless[$name] // [] | .[]; . == $value) then empty
    elif $name | is_code then no("code"; $name)
    else unless(any($it.environment // [] | .[]; . == $name); no("environment"; $name; "environment"; $name)) end;

def about_the_pull_request($it):
  told("PULL_REQUEST") as $number
  | told("PULL_REQUEST_REPO") as $from
  | if $number == "false" then
      unless($from == ""; no("pull-request"; "no pull request, and the repository of one"))
    elif $number | are_digits | not then no("pull-request"; $number)
    elif $it.pull_requests == null then no("pull-request"; "#" + $number; "pull_requests"; "own")
    elif $it.pull_requests == "forks" then empty
    else unless($from | is_same_repository($it.repository); no("pull-request"; "#" + $number + " from " + ($from | shown)))
    end;

def about_the_branch($it):
  told("BRANCH") as $branch
  | told("TAG") as $tag
  | if $branch | is_mangled then no("branch"; $branch)
    elif $tag == "" then unless($branch | is_one_of($it.branches // []); no("branch"; $branch; "branches"; $branch))
    elif $tag != $branch then no("tag"; $tag + " on branch " + $branch)
    else unless($tag | is_one_of($it.tags // []); no("tag"; $tag; "tags"; $tag)) end;

def about_the_source($it):
  told("SOURCE") as $source
  | told("TRIGGERED_FROM_BUILD_PIPELINE_SLUG") as $parent
  # Somebody rebuilds by hand, and nobody knows whether Buildkite says so or what started the first.
  | (told("REBUILT_FROM_BUILD_ID") != "") as $is_rebuilt
  | unless(any($it.sources // [] | .[]; . == $source); no("source"; $source; "sources"; $source))
  , unless(($is_rebuilt | not) or any($it.sources // [] | .[]; . == "ui" or . == "api");
      no("source"; "a rebuild"; "sources"; "ui"))
  , if $source == "trigger_job" then
      unless(any($it.triggered_by // [] | .[]; . == $parent); no("trigger"; $parent; "triggered_by"; $parent))
    else unless($parent == ""; no("trigger"; $parent + ", by source " + $source)) end
  # Who is told to have made a build is known for these; of the others it is whatever a commit says.
  , if $it.creator_teams != null and ($source == "ui" or $source == "api" or $is_rebuilt) then
      (told("BUILD_CREATOR_TEAMS") | split(":")) as $teams
      | unless(any($it.creator_teams[]; . as $team | any($teams[]; . == $team)); no("creator"; told("BUILD_CREATOR_TEAMS")))
    else empty end;

def about_the_plugins($it):
  told("PLUGINS") as $text
  | if $text == "" then empty
    else ($text | try fromjson catch 0) as $plugins
      | if $plugins == null then empty
        elif $plugins | type != "array" then no("plugins"; "a list that can't be read")
        else $plugins[]
          | (if type == "string" then . elif type == "object" and length == 1 then keys[0] else "" end) as $plugin
          | if $plugin == "" then no("plugins"; "a list that can't be read")
            else ($plugin | whole_plugin) as $whole
              | unless(any($it.plugins // [] | .[]; . == $whole); no("plugins"; $whole; "plugins"; $whole)) end
        end
    end;

def about_the_code($it):
  unless(told("REPO") | is_same_repository($it.repository); no("repository"; told("REPO") | shown))
  , about_the_source($it)
  , about_the_pull_request($it)
  , about_the_branch($it)
  , (told("COMMIT") as $commit
    | unless(($commit | are_hex) and (($commit | length) == 40 or ($commit | length) == 64); no("commit"; $commit)))
  , about_the_plugins($it)
  , (if $it.commands == null then empty
    else told("COMMAND") as $command | unless(any($it.commands[]; . == $command); no("command"; "another command")) end);

def about_the_pipeline($policy):
  told("PIPELINE_ID") as $uuid
  | told("PIPELINE_SLUG") as $slug
  | ([$policy.pipelines[] | select(.uuid == $uuid)] | first) as $it
  | if $it == null then no("pipeline"; $slug)
    elif $it.slug != $slug then no("pipeline"; $slug + ", which was " + $it.slug)
    else about_the_code($it), about_the_variables($it) end;

# --- the answer ---

def first_of(all): [limit(1; all)] | .[0];

($job | if length == 1 and (.[0] | type == "object" and all(.[]; type == "string")) then .[0] else null end) as $job
| ($policy | if length == 1 and (.[0] | type == "object") then .[0] else {} end) as $policy
| ($host | if length == 1 and (.[0] | type == "object") then .[0] else {} end) as $host
| first_of(
    ($policy | about_the_policy($host; $now))
    , (if $job == null then no("job-file"; "no object of texts") else empty end)
    , ($job | about_the_job($policy; $id), about_the_pipeline($policy))
  ) as $no
| {
    gate: "bridle/1",
    decision: (if $no == null then "accept" else "refuse" end),
    mode: ($policy.mode // $host.mode // "block"),
    rule: $no.rule,
    saw: $no.saw,
    key: $no.key,
    value: $no.value,
    queue: (($policy.cluster.name? // "") + "/" + ($policy.queue.key? // "")),
    serial: $policy.serial,
    pipeline: (($job // {}) | told("PIPELINE_SLUG") | capped),
    build: (($job // {}) | told("BUILD_URL") | capped),
    agent: (($job // {}) | told("AGENT_NAME") | capped),
    job: $id
  }
  # What decides as well, and is not in these files.
  + (if $no == null and $policy.checks != null then {checks: $policy.checks} else {} end)
`,
  environment: `#!/bin/bash -p
# shellcheck shell=sh disable=SC2034 # what is set here is read there
# The \`environment\` hook of an agent: credentials of the role that the policy names for the job's pipeline. The agent
# sources it. With -p, bash reads nothing of what a job can put into its environment for it to run.
if [ -r /usr/lib/bridle/take-credentials ]; then
  bridle_by=policy
  bridle_configuration=''
  # shellcheck source=/dev/null
  . /usr/lib/bridle/take-credentials
else
  printf '%s\\n' 'bridle: /usr/lib/bridle/take-credentials is not on this host' >&2
  false
fi
`,
  'further.jq': `# What look-further goes by, of a job that the gate would let in and of the policy that lets it in. For jq 1.5 and later.
#
# $job, $policy  as for decide.jq, which has looked at both
# $ask           checks, ancestor, or identity
# $token         for identity: what Buildkite says of the job, as it came; null where it said nothing
# $id            the job that the agent runs this for

def told($name): .["BUILDKITE_" + $name] // "";
def line: if any(explode[]; . < 32 or . == 127) then error("a line end") else . end;

$job[0] as $job
| $policy[0] as $policy
| ($policy.pipelines | map(select(.uuid == ($job | told("PIPELINE_ID")))) | first) as $pipeline
| if $ask == "checks" then ($policy.checks // [])[]
  elif $ask == "ancestor" then
    ($pipeline.repository | line)
    , ($job | told("TAG") as $tag | if $tag == "" then "refs/heads/" + told("BRANCH") else "refs/tags/" + $tag end | line)
    , ($job | told("COMMIT") | line)
  else
    {
      aud: "bridle-gate",
      iss: "https://agent.buildkite.com",
      organization_id: $policy.organization.uuid,
      cluster_id: $policy.cluster.uuid,
      queue_id: $policy.queue.uuid,
      pipeline_id: $pipeline.uuid,
      job_id: $id,
      build_branch: ($job | told("BRANCH")),
      build_commit: ($job | told("COMMIT")),
      build_source: ($job | told("SOURCE"))
    } as $expected
    | if ($token | type) != "object" then "no claims that can be read"
      else [$expected | keys[] | select($token[.] != $expected[.])] as $others
        | if ($others | length) > 0 then "another " + $others[0]
          else ($job | told("TAG")) as $tag
            | if ($token.build_tag // "") != $tag then "another build_tag" else empty end
          end
      end
  end
`,
  'keep-policy': `#!/bin/sh
# The policy keeper of bridle: it fetches the signed policy of this host's queue from SSM, and writes it where the gate reads
# it, if it holds. Written for dash, busybox and bash; run by root, since nobody else may write what the gate reads.
#
#   keep-policy           once
#   keep-policy every N   again and again, N seconds apart: for a container
#   keep-policy forget    once, whatever the number of the policy: for a parameter that was deleted and begun again
#
# One line of JSON tells what it did. It ends with 0 where the policy of this host is the one in SSM, and good.
# shellcheck disable=SC2310,SC2312 # questions are asked for their answers, and what a pipe says is looked at: not how it ends
set -eu

folder=/var/lib/bridle
host=/etc/bridle/gate.json
settings=/etc/bridle/keeper.json
keys=/etc/bridle/policy-keys
decide=/usr/lib/bridle/decide.jq

# All of it has so long, and one question half of that.
seconds=30
# In bytes, of one answer: 8 KiB of text, escaped twice, and what is said of it.
most=65536
# More of them are no policy of anybody's.
parts=100

instance=http://169.254.169.254
container=http://169.254.170.2
path=/usr/sbin:/usr/bin:/sbin:/bin

# --- once, or again and again ---

# Nothing of what this was started with comes along but what leads to credentials, and that by a pipe: arguments are for all
# to read.
if [ "\${1-}" != 'inside' ]; then
  child=''
  # Whoever waits for it is told to stop, and stops at once.
  # shellcheck disable=SC2317 # the trap gets here
  stop() {
    if [ -n "\${child}" ]; then kill "\${child}" 2>/dev/null || :; fi
    /bin/rm -f "\${folder}"/*.new."$$"
    exit 143
  }
  trap stop HUP INT TERM

  once() {
    {
      printf '%s\\n' "\${AWS_ACCESS_KEY_ID-}" "\${AWS_SECRET_ACCESS_KEY-}" "\${AWS_SESSION_TOKEN-}"
      printf '%s\\n' "\${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI-}" "\${AWS_CONTAINER_CREDENTIALS_FULL_URI-}"
      printf '%s\\n' "\${AWS_CONTAINER_AUTHORIZATION_TOKEN-}" "\${AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE-}"
      printf '%s\\n' "\${AWS_WEB_IDENTITY_TOKEN_FILE-}" "\${AWS_ROLE_ARN-}" end
    } | /usr/bin/env -i PATH="\${path}" HOME=/nonexistent LC_ALL=C TZ=UTC0 \\
      /usr/bin/timeout -s KILL "\${seconds}" /bin/sh "$0" inside "$1" "$$" &
    child=$!
    status=0
    # Not every shell is silent about a child that was killed.
    wait "\${child}" 2>/dev/null || status=$?
    child=''
    case "\${status}" in
      0 | 1) return "\${status}" ;;
      137) what="it took more than \${seconds} seconds" ;;
      *) what="it ended with \${status}" ;;
    esac
    # Whoever is killed can't clean up.
    /bin/rm -f "\${folder}"/*.new."$$"
    printf '{"keeper":"bridle/1","did":"kept","what":"%s"}\\n' "\${what}"
    return 1
  }

  case "\${1-once} \${2-}" in
    'once ')
      once fetch && exit 0
      exit 1
      ;;
    'forget ')
      once forget && exit 0
      exit 1
      ;;
    'every ' | 'every '*[!0-9]* | 'every 0'* | 'every '??????*) ;;
    'every '*)
      while :; do
        once fetch || :
        /bin/sleep "$2" &
        child=$!
        wait "\${child}" || :
        child=''
      done
      ;;
    *) ;;
  esac
  printf '%s\\n' 'use: keep-policy | keep-policy every SECONDS | keep-policy forget' >&2
  exit 2
fi

# --- what is said ---

# Whoever opened a file while it was everybody's could write to it later.
umask 077
policy="\${folder}/policy.json"
serials="\${folder}/serial.json"
act="$2"
new=".new.$3"
each="$(((seconds + 1) / 2))"
said=''

serial_in() {
  jq -r 'select(type == "object") | .serial | select(type == "number")' "$1" 2>/dev/null | head -n 1 | tr -cd '0-9'
}

# The words are ours: what others said was looked at before.
say() {
  said=yes
  has="\${3-}"
  if [ -z "\${has}" ] && [ -f "\${policy}" ]; then has="$(serial_in "\${policy}")"; fi
  printf '{"keeper":"bridle/1","did":"%s","what":"%s"%s}\\n' "$1" "$2" "\${has:+,\\"serial\\":\${has}}"
}

kept() {
  say kept "$1"
  exit 1
}

ended() {
  rm -f "\${policy}\${new}" "\${serials}\${new}"
  if [ -z "\${said}" ]; then say kept 'it did not come to an end'; fi
}
trap ended EXIT
trap 'said=yes; exit 143' HUP INT TERM

# --- questions ---

# Whether a file, and every folder on the way to it, is root's and nobody else's to write. Where others may add something to
# a folder and replace nothing, it may be further up.
is_roots() {
  at="$1"
  while :; do
    if [ -L "\${at}" ]; then return 1; fi
    case "$(stat -c '%u %a' "\${at}" 2>/dev/null)" in
      '0 '*[2367] | '0 '*[2367]?)
        if [ "\${at}" = "$1" ] || [ "\${at}" = "\${1%/*}" ] || [ ! -k "\${at}" ]; then return 1; fi
        ;;
      '0 '*) ;;
      *) return 1 ;;
    esac
    if [ "\${at}" = '/' ]; then return 0; fi
    at="\${at%/*}"
    at="\${at:-/}"
  done
}
is_roots_file() { [ -f "$1" ] && is_roots "$1"; }

# What can be told to curl as it stands, in quotes.
is_plain() {
  case "$1" in
    '' | *[![:print:]]* | *[\\"\\\\]*) return 1 ;;
    *) return 0 ;;
  esac
}

digest_of() { openssl dgst -sha256 -r | cut -c 1-64; }

# --- what is asked of AWS ---

# Asks over https, or over what is named. What curl is told goes by a pipe, since there are secrets in it. The answer is in
# \`answer\`, and in \`went\` what curl ended with, and the status.
ask() {
  answer="$(printf '%s\\n' "$2" | curl -q -s --proto "=$1" --max-redirs 0 --noproxy '*' --connect-timeout 5 \\
    --max-time "\${each}" --max-filesize "\${most}" -w '\\n%{exitcode} %{http_code}' -K - 2>/dev/null |
    head -c "\${most}" 2>/dev/null)" || :
  went="\${answer##*
}"
  answer="\${answer%
*}"
  [ "\${went}" = '0 200' ]
}

# What AWS calls its no: \`ParameterNotFound\`.
no_in() {
  printf '%s' "\${answer}" | jq -r 'select(type == "object") | .__type // .code // "" | strings | split("#") | last // ""' \\
    2>/dev/null | head -n 1 | tr -cd 'A-Za-z' | cut -c 1-64
}

# How it went, in words, where that was not well.
words_of() {
  case "\${went}" in
    *[!0-9\\ ]* | '' | '63 '*) what="$1 said more than \${most} bytes" ;;
    '28 '*) what="$1 did not answer in time" ;;
    '0 '*)
      no="$(no_in)"
      what="$1 said \${went#0 }\${no:+ \${no}}"
      ;;
    *) what="$1 can not be reached: curl ended with \${went% *}" ;;
  esac
}

# Three words out of an answer: what requests are signed with.
credentials_in() {
  # shellcheck disable=SC2016,SC2046 # a dollar of jq's; words without blanks and stars are meant to be split
  set -- $(printf '%s' "\${answer}" | jq -r '[.AccessKeyId, .SecretAccessKey, .Token]
    | select(all(.[]; type == "string" and . != "" and all(explode[]; . > 32 and . < 127))) | .[]' 2>/dev/null)
  if [ $# != 3 ]; then return 1; fi
  key="$1" secret="$2" session="$3"
}

from_container() {
  scheme=http
  case "\${relative}|\${full}" in
    # What looks like a host before it is a name to log in with.
    *@*) kept 'the address of the credentials is none' ;;
    /*'|'*) url="\${container}\${relative}" ;;
    '|https://'*)
      url="\${full}"
      scheme=https
      ;;
    '|http://127.0.0.1'[:/]* | '|http://localhost'[:/]* | '|http://[::1]'[:/]*) url="\${full}" ;;
    '|http://169.254.170.2'[:/]* | '|http://169.254.170.23'[:/]* | '|http://[fd00:ec2::23]'[:/]*) url="\${full}" ;;
    *) kept 'credentials of a container come from this machine, or over https' ;;
  esac
  if [ -n "\${token_file}" ]; then token="$(head -c 16384 "\${token_file}" 2>/dev/null)" || token=''; fi
  is_plain "\${url}" || kept 'the address of the credentials is none'
  told="url = \\"\${url}\\"
globoff"
  if [ -n "\${token}\${token_file}" ]; then
    is_plain "\${token}" || kept 'what opens the credentials of the container can not be read'
    told="\${told}
header = \\"Authorization: \${token}\\""
  fi
  if ! ask "\${scheme}" "\${told}"; then
    words_of 'who has the credentials of the container'
    kept "\${what}"
  fi
  credentials_in || kept 'the container has no credentials'
}

element() { printf '%s' "\${answer}" | tr -d '\\n' | sed -n "s:.*<$1>\\([^<]*\\)</$1>.*:\\1:p"; }

# Whoever has the token needs no signature to ask for this.
from_web_identity() {
  token="$(head -c 16384 "\${web_file}" 2>/dev/null)" || token=''
  if ! is_plain "\${token}" || ! is_plain "\${role}"; then kept 'the web identity can not be read'; fi
  if ! ask https "url = \\"https://sts.\${region}.\${domain}/\\"
data-urlencode = \\"Action=AssumeRoleWithWebIdentity\\"
data-urlencode = \\"Version=2011-06-15\\"
data-urlencode = \\"RoleSessionName=bridle-keeper\\"
data-urlencode = \\"RoleArn=\${role}\\"
data-urlencode = \\"WebIdentityToken=\${token}\\""; then
    words_of STS
    kept "\${what}"
  fi
  key="$(element AccessKeyId)" secret="$(element SecretAccessKey)" session="$(element SessionToken)"
  if ! is_plain "\${key}" || ! is_plain "\${secret}" || ! is_plain "\${session}"; then kept 'STS gave no credentials'; fi
}

# By version 2 alone: whoever can be made to fetch an address can ask version 1.
from_instance() {
  if ! ask http "url = \\"\${instance}/latest/api/token\\"
request = PUT
header = \\"X-aws-ec2-metadata-token-ttl-seconds: 60\\""; then
    words_of 'the metadata service'
    kept "no credentials: \${what}"
  fi
  is_plain "\${answer}" || kept 'no credentials: the metadata service gave no token'
  header="header = \\"X-aws-ec2-metadata-token: \${answer}\\""
  credentials="\${instance}/latest/meta-data/iam/security-credentials/"
  ask http "url = \\"\${credentials}\\"
\${header}" || answer=''
  case "\${answer}" in
    '' | *[!A-Za-z0-9+=,.@_-]*) kept 'no credentials: the instance has no role' ;;
    *) ;;
  esac
  if ! ask http "url = \\"\${credentials}\${answer}\\"
\${header}"; then
    words_of 'the metadata service'
    kept "no credentials: \${what}"
  fi
  credentials_in || kept 'no credentials: the metadata service gave none'
}

# What a parameter holds, in \`value\`. Else \`what\` says why it is not known, and \`absent\` that there is none.
parameter_by_curl() {
  token_header=''
  if [ -n "\${session}" ]; then token_header="header = \\"X-Amz-Security-Token: \${session}\\""; fi
  if ask "\${ssm%%://*}" "url = \\"\${ssm}/\\"
user = \\"\${key}:\${secret}\\"
aws-sigv4 = \\"aws:amz:\${region}:ssm\\"
\${token_header}
header = \\"X-Amz-Target: AmazonSSM.GetParameter\\"
header = \\"Content-Type: application/x-amz-json-1.1\\"
data = \\"{\\\\\\"Name\\\\\\":\\\\\\"$1\\\\\\"}\\""; then return 0; fi
  words_of SSM
  if [ "\${went}" = '0 400' ] && [ "$(no_in)" = 'ParameterNotFound' ]; then absent=yes; fi
  return 1
}

parameter_by_aws() {
  answer="$(
    if [ -n "\${key}" ]; then
      export AWS_ACCESS_KEY_ID="\${key}" AWS_SECRET_ACCESS_KEY="\${secret}"
      if [ -n "\${session}" ]; then export AWS_SESSION_TOKEN="\${session}"; fi
    fi
    if [ -n "\${relative}" ]; then export AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="\${relative}"; fi
    if [ -n "\${full}" ]; then export AWS_CONTAINER_CREDENTIALS_FULL_URI="\${full}"; fi
    if [ -n "\${token}" ]; then export AWS_CONTAINER_AUTHORIZATION_TOKEN="\${token}"; fi
    if [ -n "\${token_file}" ]; then export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="\${token_file}"; fi
    if [ -n "\${web_file}" ]; then export AWS_WEB_IDENTITY_TOKEN_FILE="\${web_file}" AWS_ROLE_ARN="\${role}"; fi
    export AWS_EC2_METADATA_V1_DISABLED=true AWS_MAX_ATTEMPTS=2 AWS_PAGER=''
    "\${aws}" ssm get-parameter --name "$1" --region "\${region}" --output json --cli-connect-timeout 5 \\
      --cli-read-timeout "\${each}" \${endpoint:+--endpoint-url "\${endpoint}"} 2>&1 | head -c "\${most}"
  )" || :
  case "\${answer}" in
    *'(ParameterNotFound)'*)
      what='SSM said ParameterNotFound'
      absent=yes
      return 1
      ;;
    *) ;;
  esac
  # It may warn before it answers.
  answer="$(printf '%s\\n' "\${answer}" | sed -n '/^{/,/^}/p')"
  what='the aws command could not tell'
  [ -n "\${answer}" ]
}

parameter() {
  absent=''
  "parameter_by_\${means}" "$1" || return 1
  value="$(printf '%s' "\${answer}" | jq -j --arg name "$1" 'select(type == "object") | .Parameter
    | select(type == "object" and .Name == $name) | .Value | strings' 2>/dev/null)" || value=''
  what='SSM said what is no parameter'
  [ -n "\${value}" ]
}

# --- the policy ---

# Of a part: \`serial index count sha256 part\`. Nothing, where it is no part.
piece_in() {
  printf '%s' "\${value}" | jq -r 'select(type == "object" and keys == ["chunk", "part"]) | .part as $part
    | .chunk | select(type == "object" and keys == ["count", "index", "serial", "sha256"])
    | "\\(.serial) \\(.index) \\(.count) \\(.sha256) \\($part)"' 2>/dev/null || :
}

# The signed policy, in \`text\`, out of one parameter or of several. Those that are not of one policy are torn: somebody was
# writing meanwhile, or stopped.
signed_policy() {
  torn=''
  parameter "\${name}" || return 1
  case "\${value}" in
    '{"chunk":'*) ;;
    *)
      text="\${value}"
      return 0
      ;;
  esac
  # shellcheck disable=SC2046 # numbers, hex and base64, of which the shell makes no more than words
  set -- $(piece_in)
  torn=yes
  what='torn: parts of the policy are not of one'
  if [ $# != 5 ]; then return 1; fi
  case "$3" in *[!0-9]* | ????* | 0* | 1) return 1 ;; *) ;; esac
  if [ "$3" -gt "\${parts}" ] || [ "$2" != 0 ]; then return 1; fi
  serial="$1" count="$3" sha256="$4"
  text="$(printf '%s' "$5" | base64 -d 2>/dev/null)" || return 1
  index=1
  while [ "\${index}" -lt "\${count}" ]; do
    if ! parameter "\${name}/\${index}"; then
      if [ -z "\${absent}" ]; then torn=''; else what="torn: part \${index} of the policy is not there"; fi
      absent=''
      return 1
    fi
    # shellcheck disable=SC2046 # as above
    set -- $(piece_in)
    what='torn: parts of the policy are not of one'
    if [ "\${1-} \${2-} \${3-} \${4-}" != "\${serial} \${index} \${count} \${sha256}" ]; then return 1; fi
    text="\${text}$(printf '%s' "\${5-}" | base64 -d 2>/dev/null)" || return 1
    index=$((index + 1))
  done
  if [ "$(printf '%s' "\${text}" | digest_of)" != "\${sha256}" ]; then return 1; fi
  torn=''
}

# Writes what is signed beside what it shall replace, as it is, byte for byte; whatever is not signed goes again.
unsealed() {
  # As bridle writes it and no other way: a name that is there twice is read in more ways than one.
  whole="$(printf '%s' "\${text}" | jq -R -s -r '. as $text | fromjson
    | select(type == "object" and keys_unsorted == ["payload", "kid", "sig"] and tojson == $text)
    | select(all(.[]; type == "string")) | "\\(.kid) \\(.sig) \\(.payload)"' 2>/dev/null)" || whole=''
  kid="\${whole%% *}"
  whole="\${whole#* }"
  sig="\${whole%% *}"
  payload="\${whole#* }"
  if [ "\${#kid}" != 43 ] || [ "\${#sig}" -gt 96 ]; then kept 'SSM has what is no signed policy'; fi
  case "\${kid}" in *[!A-Za-z0-9_-]*) kept 'SSM has what is no signed policy' ;; *) ;; esac
  case "\${sig}" in *[!A-Za-z0-9+/=]*) kept 'SSM has what is no signed policy' ;; *) ;; esac
  pem="\${keys}/\${kid}.pem"
  if [ ! -e "\${pem}" ]; then kept "the policy is signed by key \${kid}, which this host does not trust"; fi
  is_roots_file "\${pem}" || kept "the key \${pem} is in reach of others"
  printf '%s' "\${payload}" 2>/dev/null >"\${policy}\${new}" || kept "\${folder} can not be written to"
  if [ "$(cat "\${policy}\${new}")" != "\${payload}" ]; then kept "\${folder} can not be written to"; fi
  # Base64 has bits to spare at its end: two texts for the same bytes are one too many.
  if [ "$(printf '%s' "\${sig}" | base64 -d 2>/dev/null | base64 | tr -d '\\n')" != "\${sig}" ] ||
    ! printf '%s' "\${sig}" | base64 -d |
      openssl dgst -sha256 -verify "\${pem}" -signature /dev/stdin "\${policy}\${new}" >/dev/null 2>&1; then
    kept 'the signature of the policy is not good'
  fi
}

# What the gate would say of it, without a job: then a good policy has nothing left to say but that there is no job. So it is
# for this organization, cluster and queue, understood, issued already, and not over.
judged() {
  now="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  verdict="$(jq -n -c -a --slurpfile job /dev/null --slurpfile policy "\${policy}\${new}" --slurpfile host "\${host}" \\
    --arg now "\${now}" --arg id '' -f "\${decide}" 2>/dev/null)" || verdict=''
  for mode in observe warn block; do
    case "\${verdict}" in
      '{"gate":"bridle/1","decision":"refuse","mode":"'"\${mode}"'","rule":"job-file",'*) return 0 ;;
      *) ;;
    esac
  done
  rule="$(printf '%s' "\${verdict}" | jq -r '.rule' 2>/dev/null)" || rule=''
  saw="$(printf '%s' "\${verdict}" | jq -r '.saw' 2>/dev/null | tr -cd ' !#-[]-~' | cut -c 1-160)" || saw=''
  case "\${rule}" in
    clock) kept "by the clock of this host, at \${now}, the policy is not issued yet" ;;
    expired) kept "the policy was good until \${saw}" ;;
    policy) kept "SSM has \${saw}" ;;
    *) kept 'SSM has what is no policy' ;;
  esac
}

# The queue of the new policy and its number; the highest of that queue that this host has had, and its digest where known;
# the number of the policy that is there. Nothing, where one of the files is not what it should be.
numbers() {
  # shellcheck disable=SC2016,SC2046 # dollars of jq's; five words
  set -- $(jq -n -r --slurpfile new "\${policy}\${new}" --slurpfile had "\${before}" --slurpfile seen "\${seen}" '
    def is_number: type == "number" and . >= 1 and . == floor and . < 9007199254740992;
    $new[0] as $it
    | [$had[] | {queue: .queue.uuid, serial}] as $had
    | ($had + $seen | map(select(.queue == $it.queue.uuid))) as $before
    | ($before | map(.serial) | max // 0) as $most
    | select(all($it, $had[], $seen[]; .serial | is_number) and all($seen[]; .queue | type == "string"))
    | $it.queue.uuid, $it.serial, $most, ($before | map(select(.serial == $most) | .sha256 // empty) | last // "-"),
      ($had | map(select(.queue == $it.queue.uuid)) | .[0].serial // 0)' 2>/dev/null)
  if [ $# != 5 ]; then return 1; fi
  queue="$1" serial="$2" highest="$3" known="$4" had="$5"
}

# --- what is done ---

for tool in jq openssl base64 stat flock date head tr cut sed; do
  command -v "\${tool}" >/dev/null || kept "\${tool} is missing"
done
if [ "$(id -u)" != 0 ]; then kept 'it is not run by root'; fi

{
  IFS= read -r key && IFS= read -r secret && IFS= read -r session &&
    IFS= read -r relative && IFS= read -r full && IFS= read -r token && IFS= read -r token_file &&
    IFS= read -r web_file && IFS= read -r role && IFS= read -r end
} || end=''
if [ "\${end}" != 'end' ]; then kept 'there is a line end in a variable of the environment'; fi

for file in "$0" "\${host}" "\${settings}" "\${decide}"; do
  is_roots_file "\${file}" || kept "\${file} is missing, or in reach of others"
done
if [ ! -d "\${folder}" ] || ! is_roots "\${folder}"; then kept "\${folder} is missing, or in reach of others"; fi
for file in "\${policy}" "\${serials}"; do
  if [ -d "\${file}" ]; then kept "\${file} is a folder"; fi
done

set -f
# shellcheck disable=SC2046 # three words
set -- $(jq -s -r 'select(length == 1) | .[0] | select(type == "object")
  | select((keys - ["endpoint", "parameter", "region"]) == [] and has("parameter") and has("region"))
  | select(all(.[]; type == "string" and . != "" and all(explode[]; . > 32 and . < 127)))
  | .parameter, .region, (.endpoint // "-")' "\${settings}" 2>/dev/null)
if [ $# != 3 ]; then kept "\${settings} can not be read"; fi
name="$1" region="$2" endpoint="\${3#-}"
case "\${name}" in
  *[!A-Za-z0-9_./-]*) kept "\${settings} names no parameter" ;;
  /?*) ;;
  *) kept "\${settings} names no parameter" ;;
esac
case "\${region}" in *[!a-z0-9-]*) kept "\${settings} names no region" ;; *) ;; esac
domain=amazonaws.com
case "\${region}" in cn-*) domain=amazonaws.com.cn ;; *) ;; esac
ssm="\${endpoint:-https://ssm.\${region}.\${domain}}"
ssm="\${ssm%/}"
is_plain "\${ssm}" || kept "\${settings} names no endpoint"
case "\${ssm}" in https://?* | http://?*) ;; *) kept "\${settings} names no endpoint" ;; esac

# One at a time: the others wait, as long as their time lasts. The lock goes with whoever has it.
# Nobody else can open it: whoever could, could keep this waiting for ever.
lock="\${folder}/lock"
if [ -L "\${lock}" ]; then kept "\${lock} is a link"; fi
exec 9>>"\${lock}"
chmod 0600 "\${lock}"
flock 9
set +f
rm -f "\${folder}"/*.new.*
set -f

means=''
if curl -q --help all 2>/dev/null | grep -q -e --aws-sigv4; then
  means=curl
  if [ -n "\${key}" ]; then
    if ! is_plain "\${key}" || ! is_plain "\${secret}" || ! is_plain "\${session:-none}"; then
      kept 'the credentials in the environment can not be read'
    fi
  elif [ -n "\${relative}\${full}" ]; then from_container
  elif [ -n "\${web_file}" ]; then from_web_identity
  else from_instance; fi
else
  for aws in /usr/bin/aws /usr/local/bin/aws; do
    if [ -x "\${aws}" ]; then
      means=aws
      break
    fi
  done
  if [ -z "\${means}" ]; then kept 'there is no curl that signs, and no aws'; fi
fi

# Once more at once, where somebody was writing meanwhile.
if ! signed_policy && { [ -z "\${torn}" ] || ! signed_policy; }; then
  if [ -z "\${absent}" ]; then kept "\${what}"; fi
  # Nobody is to be let in by what nobody declares any more. Whoever deletes it can stop jobs by that, and start none.
  if [ ! -e "\${policy}" ]; then kept "\${what}"; fi
  rm -f "\${policy}"
  if [ "\${act}" = 'forget' ]; then rm -f "\${serials}"; fi
  say removed "\${what}"
  exit 1
fi
unsealed
judged

before=/dev/null seen=/dev/null
if [ "\${act}" != 'forget' ]; then
  if [ -f "\${policy}" ]; then before="\${policy}"; fi
  if [ -e "\${serials}" ]; then seen="\${serials}"; fi
fi
if [ "\${seen}" != '/dev/null' ] && ! is_roots_file "\${seen}"; then kept "\${seen} is in reach of others"; fi
if ! numbers; then
  # What is there may be broken, and is replaced then. Of what was seen, nobody should forget a thing but by being told to.
  before=/dev/null
  numbers || kept "the number of the policy, or \${serials}, can not be read: keep-policy forget begins anew"
fi
digest="$(digest_of <"\${policy}\${new}")"
if [ "\${serial}" -lt "\${highest}" ]; then kept "the policy is number \${serial}, and this host has had \${highest}"; fi
there=''
if [ "\${serial}" = "\${had}" ]; then there="$(digest_of <"\${policy}")"; fi
if [ "\${known}" = '-' ]; then known="\${there}"; fi
if [ "\${serial}" = "\${highest}" ] && [ -n "\${known}" ] && [ "\${known}" != "\${digest}" ]; then
  kept "there are two policies of number \${serial}"
fi

# The number first: should this end between the two, the older policy is not taken any more, and the newer still is.
note="{\\"queue\\":\\"\${queue}\\",\\"serial\\":\${serial},\\"sha256\\":\\"\${digest}\\"}"
if [ "$(cat "\${seen}")" != "\${note}" ]; then
  printf '%s\\n' "\${note}" 2>/dev/null >"\${serials}\${new}" || kept "\${folder} can not be written to"
  if [ "$(cat "\${serials}\${new}")" != "\${note}" ]; then kept "\${folder} can not be written to"; fi
  chmod 0644 "\${serials}\${new}"
  sync "\${serials}\${new}" 2>/dev/null || :
  mv -f "\${serials}\${new}" "\${serials}"
fi
if [ "\${there}" = "\${digest}" ] && is_roots_file "\${policy}" &&
  [ "$(stat -c '%a' "\${policy}")" = 644 ]; then
  say same 'the policy in SSM is the one of this host' "\${serial}"
  exit 0
fi
chown 0:0 "\${policy}\${new}"
chmod 0644 "\${policy}\${new}"
sync "\${policy}\${new}" 2>/dev/null || :
mv -f "\${policy}\${new}" "\${policy}"
say written 'the policy in SSM is a new one' "\${serial}"
`,
  'look-further': `#!/bin/sh
# What a policy has the gate look at beside what it is told: \`checks\` of a queue's hook. Run by pre-bootstrap, in the
# environment that it made, for a job that it would let in: look-further JOB-FILE ID AGENT, the token of the job on its input.
# Ends with 0 where all holds; else says by which rule not, and what was seen, a line each. For dash, busybox and bash.
# shellcheck disable=SC2310 # whatever is asked in a condition is a question, and its no is dealt with there
set -eu
# Tools look around where they are run, and jobs may have left something there.
cd /

policy=/var/lib/bridle/policy.json
further=/usr/lib/bridle/further.jq
# A key that reads the repositories of the queue, and no more: jobs can read it, too. And whose hosts are whose.
keys=/etc/bridle/git

job="$1"
id="$2"
agent="$3"
token="$(cat)"

no() {
  printf '%s\\n' "$1" "$2"
  exit 1
}

# Of the policy and the job, what a check goes by. It comes out as lines: none of it has a line end, or there is no answer.
asked() {
  /usr/bin/jq -n -r --slurpfile job "\${job}" --slurpfile policy "\${policy}" --arg ask "$1" --arg id "\${id}" \\
    --argjson token "\${2:-null}" -f "\${further}"
}

# The metadata service hands out the role of the machine. Where a job could get at it, any job has that role.
metadata() {
  if [ ! -x /usr/bin/curl ]; then no metadata 'nobody can tell: there is no curl here'; fi
  for at in http://169.254.169.254/latest/api/token 'http://[fd00:ec2::254]/latest/api/token' \\
    http://169.254.170.2/ http://169.254.170.23/; do
    ended=0
    connected="$(/usr/bin/curl -q -s -o /dev/null -w '%{time_connect}' --noproxy '*' --max-time 1 -X PUT \\
      -H 'X-aws-ec2-metadata-token-ttl-seconds: 1' "\${at}")" || ended=$?
    case "\${ended} \${connected}" in
      # Nobody let it through, or there is no way there. Whoever is connected and waits got through.
      '7 '* | '28 0' | '28 0.0' | '28 0.000' | '28 0.000000') ;;
      *) no metadata "\${at}" ;;
    esac
  done
}

# What Buildkite signs of this job. It comes from Buildkite itself, over TLS, to whoever has the token of this job; its
# signature says no more than that. The audience is nobody's: what this token says is worth nothing anywhere else.
identity() {
  if [ -z "\${agent}" ]; then no identity 'nobody can tell: there is no agent here'; fi
  jwt="$(BUILDKITE_AGENT_ACCESS_TOKEN="\${token}" /usr/bin/timeout -s KILL 4 "\${agent}" oidc request-token --job "\${id}" \\
    --audience bridle-gate --claim organization_id,cluster_id,queue_id,pipeline_id 2>/dev/null)" || jwt=''
  claims="\${jwt#*.}"
  claims="$(printf '%s' "\${claims%%.*}" | tr -- '-_' '+/')"
  while [ "$((\${#claims} % 4))" -ne 0 ]; do claims="\${claims}="; done
  claims="$(printf '%s' "\${claims}" | /usr/bin/base64 -d 2>/dev/null)" || claims=''
  differs="$(asked identity "\${claims:-null}" 2>/dev/null)" || differs='no claims that can be read'
  if [ -n "\${differs}" ]; then no identity "\${differs}"; fi
}

# Everything together has to end before whoever runs this ends it, or a folder would be left.
git_seconds=5
git_here() {
  ssh='/usr/bin/ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=5'
  ssh="\${ssh} -o UserKnownHostsFile=\${keys}/known_hosts -o IdentitiesOnly=yes -o IdentityFile=\${keys}/key"
  GIT_CEILING_DIRECTORIES=/ GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND="\${ssh}" \\
    /usr/bin/timeout -s KILL "\${git_seconds}" /usr/bin/git -c protocol.allow=never -c protocol.ssh.allow=always \\
    -c protocol.https.allow=always -c http.followRedirects=false -c credential.helper= \\
    -c "credential.helper=store --file=\${keys}/credentials" "$@" 2>/dev/null
}

# Whether the commit is in the branch that it is said to be of, or is what its tag names, in the declared repository.
ancestor() {
  if [ ! -x /usr/bin/git ]; then no ancestor 'nobody can tell: there is no git here'; fi
  lines="$(asked ancestor)"
  repository="$(printf '%s\\n' "\${lines}" | sed -n 1p)"
  ref="$(printf '%s\\n' "\${lines}" | sed -n 2p)"
  commit="$(printf '%s\\n' "\${lines}" | sed -n 3p)"
  git_here check-ref-format "\${ref}" || no ancestor "\${ref}"
  # Most builds are of the newest commit: then there is nothing to fetch. Of a tag, the commit is what counts.
  tips="$(git_here ls-remote -- "\${repository}" "\${ref}" "\${ref}^{}")" || no ancestor "nobody can tell: \${ref} is not to be read"
  # It lists whatever ends so: a branch may be called zz/refs/heads/main.
  tip=''
  while read -r hash name; do
    case "\${name}" in
      "\${ref}" | "\${ref}^{}") tip="\${hash}" ;;
      *) ;;
    esac
  done <<TIPS
\${tips}
TIPS
  if [ "\${tip}" = "\${commit}" ]; then return 0; fi
  case "\${ref}" in
    refs/heads/*) ;;
    *) no ancestor "\${commit}, which \${ref} does not name" ;;
  esac
  if [ -z "\${tip}" ]; then no ancestor "\${ref}, which is not there"; fi
  folder="$(mktemp -d)"
  trap 'rm -rf "\${folder}"' EXIT
  git_here init -q --bare "\${folder}" || no ancestor 'nobody can tell: there is no room'
  git_seconds=7
  # Commits alone. A server that can't leave out the rest sends all of it, and may be too slow.
  git_here -C "\${folder}" fetch -q --no-tags --filter=tree:0 -- "\${repository}" "+\${ref}:refs/heads/look" ||
    no ancestor "nobody can tell: \${ref} could not be fetched in time"
  git_seconds=5
  if git_here -C "\${folder}" rev-list refs/heads/look | grep -q -x -F -e "\${commit}"; then return 0; fi
  no ancestor "\${commit}, which is not in \${ref}"
}

checks="$(asked checks)"
if [ -z "\${checks}" ]; then no policy 'no checks'; fi
for check in \${checks}; do
  case "\${check}" in
    metadata) metadata ;;
    identity) identity ;;
    ancestor) ancestor ;;
    *) no policy 'a policy of another version' ;;
  esac
done
`,
  'pre-bootstrap': `#!/bin/sh
# The gate of bridle: it lets a job in, or refuses it, before anything of the job's is run. Written for dash, busybox and
# bash; needs jq 1.5 or later. It asks no network. What it can't tell, it refuses.
# shellcheck disable=SC2310 # is_kept is a question, and annotate is done for its own sake: neither may end anything
set -eu
# Tools look around where they are run, and jobs may have left something there.
cd /

policy=/var/lib/bridle/policy.json
host=/etc/bridle/gate.json
decide=/usr/lib/bridle/decide.jq
tell=/usr/lib/bridle/tell.jq
look=/usr/lib/bridle/look-further
further=/usr/lib/bridle/further.jq

# The agent sets no limit, and can't be told to stop meanwhile. So whoever asked has an answer after eight seconds; after
# forty, where the policy has checks that ask others.
seconds=8
most_seconds=40
# In bytes. An agent cuts a message off at 64 KiB, and a job starts with at most 2 MiB in its environment.
most=2097152

# Nothing of what the agent was started with comes along, and no file in a home that jobs can write to. The token of the
# job goes by a pipe: arguments are for all to read.
if [ "\${1-}" != 'inside' ]; then
  printf '%s' "\${BUILDKITE_AGENT_ACCESS_TOKEN-}" |
    /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent LC_ALL=C TZ=UTC0 \\
      BUILDKITE_ENV_JSON_FILE="\${BUILDKITE_ENV_JSON_FILE-}" BUILDKITE_JOB_ID="\${BUILDKITE_JOB_ID-}" \\
      BUILDKITE_AGENT_ENDPOINT="\${BUILDKITE_AGENT_ENDPOINT-}" \\
      /usr/bin/timeout -s KILL "\${most_seconds}" /bin/sh "$0" inside && exit 0
  printf '%s\\n' 'bridle: the job is refused, or the gate did not come to an answer' >&2
  exit 1
fi

umask 077
job="\${BUILDKITE_ENV_JSON_FILE}"
id="\${BUILDKITE_JOB_ID}"
token="$(cat)"

# Whether something, and every folder on the way to it, is out of the hands of whom this runs as: of every job's.
is_kept_there() {
  at="$1"
  while :; do
    if [ -L "\${at}" ] || [ -O "\${at}" ]; then return 1; fi
    # In a sticky folder of somebody else's, others may add, and not replace.
    if [ -d "\${at}" ] && [ -w "\${at}" ] && [ ! -k "\${at}" ]; then return 1; fi
    if [ "\${at}" = '/' ]; then return 0; fi
    at="\${at%/*}"
    at="\${at:-/}"
  done
}
is_kept() { [ -f "$1" ] && [ -r "$1" ] && [ ! -w "$1" ] && is_kept_there "$1"; }

# The agent's own program; nothing where there is none that jobs could not have put there. The Elastic CI Stack has a link.
agent_here() {
  for agent in /usr/bin/buildkite-agent /usr/local/bin/buildkite-agent; do
    program="$(readlink -f "\${agent}" 2>/dev/null)" || continue
    if [ -x "\${program}" ] && is_kept "\${program}" && is_kept_there "\${agent%/*}"; then
      printf '%s' "\${program}"
      return 0
    fi
  done
}

# What is done with a job that no decision could be made about: what the host was told at its installation, else refused.
mode_here() {
  if is_kept "\${host}" && is_kept /usr/bin/jq; then
    /usr/bin/jq -r '.mode // "block"' "\${host}" 2>/dev/null || :
  fi
}

# Tells the people who look at the build, in words of ours and names of theirs. Nobody waits for it long, and nothing
# follows from how it goes.
annotate() {
  if [ -z "\${token}" ] || ! is_kept "\${tell}" || ! is_kept /usr/bin/jq; then return 0; fi
  program="$(agent_here)"
  if [ -z "\${program}" ]; then return 0; fi
  printf '%s' "$1" | /usr/bin/jq -r -f "\${tell}" |
    BUILDKITE_AGENT_ACCESS_TOKEN="\${token}" BUILDKITE_AGENT_ENDPOINT="\${BUILDKITE_AGENT_ENDPOINT}" \\
      /usr/bin/timeout -s KILL 3 "\${program}" annotate --job "\${id}" --style error --context "bridle-gate-\${id}" \\
      >/dev/null 2>&1
}

# One line for the log of the agent; then what the mode says.
say() {
  printf '%s\\n' "$1"
  case "$1" in
    '{"gate":"bridle/1","decision":"accept","mode":"'*) exit 0 ;;
    '{"gate":"bridle/1","decision":"refuse","mode":"observe",'*) exit 0 ;;
    '{"gate":"bridle/1","decision":"refuse","mode":"warn",'*)
      annotate "$1" || :
      exit 0
      ;;
    *)
      annotate "$1" || :
      exit 1
      ;;
  esac
}

# Where no decision can be made. The words are ours: nothing in them is a job's.
undecided() {
  mode="$(mode_here)"
  case "\${mode}" in
    observe | warn) ;;
    *) mode=block ;;
  esac
  say "{\\"gate\\":\\"bridle/1\\",\\"decision\\":\\"refuse\\",\\"mode\\":\\"\${mode}\\",\\"rule\\":\\"$1\\",\\"saw\\":\\"$2\\"}"
}

case "$0" in
  /*) ;;
  *) undecided installation 'the gate is not run by its whole path' ;;
esac
for file in "$0" "\${host}" "\${decide}" /usr/bin/jq; do
  is_kept "\${file}" || undecided installation "\${file} is missing, or in reach of jobs"
done
is_kept "\${policy}" || undecided policy "\${policy} is missing, or in reach of jobs"

# The agent names both, and says which job it is about. A job that could name another file could name another job.
if [ -z "\${id}" ] || [ -L "\${job}" ] || [ ! -f "\${job}" ] || [ ! -r "\${job}" ]; then
  undecided job-file 'the variables of the job are not to be read'
fi
size="$(wc -c <"\${job}")"
if [ "\${size}" -gt "\${most}" ]; then undecided job-file "they are \${size} bytes"; fi
# Not every jq minds these, and no JSON has them inside a text. One ends the file.
controls="$(tr -cd '\\000-\\037' <"\${job}" | wc -c)"
if [ "\${controls}" -gt 1 ]; then job=/dev/null; fi

now="$(date -u +%Y-%m-%dT%H:%M:%SZ)"
decide_on() {
  /usr/bin/timeout -s KILL "\${seconds}" /usr/bin/jq -n -c -a --slurpfile job "$1" --slurpfile policy "\${policy}" --slurpfile host "\${host}" \\
    --arg now "\${now}" --arg id "\${id}" -f "\${decide}" 2>/dev/null || :
}
# What a policy has this look at beside what it is told. Whatever it finds is said as the decision would be.
look_further() {
  for file in "\${look}" "\${further}"; do
    is_kept "\${file}" || undecided installation "\${file} is missing, or in reach of jobs"
  done
  program="$(agent_here)"
  if saw="$(printf '%s' "\${token}" |
    /usr/bin/timeout -s KILL 30 /bin/sh "\${look}" "\${job}" "\${id}" "\${program}" 2>/dev/null)"; then
    say "$1"
  fi
  rule="\${saw%%
*}"
  case "\${rule}" in
    ancestor | identity | metadata | policy) ;;
    *) rule=checks saw='no answer in time' ;;
  esac
  refusal="$(printf '%s' "$1" | /usr/bin/jq -c -a --arg rule "\${rule}" --arg saw "\${saw#*
}" '.decision = "refuse" | .rule = $rule | .saw = (if ($saw | length) > 160 then $saw[0:160] + "..." else $saw end)' ||
    :)"
  say "\${refusal}"
}

answer="$(decide_on "\${job}")"
# No answer, where one of the files is no JSON. Without a job, it is told which.
if [ -z "\${answer}" ]; then answer="$(decide_on /dev/null)"; fi
case "\${answer}" in
  '{"gate":"bridle/1","decision":"accept",'*',"checks":['*'}') look_further "\${answer}" ;;
  '{"gate":"bridle/1","decision":"'*'}') say "\${answer}" ;;
  *) undecided policy 'no JSON' ;;
esac
`,
  'take-credentials': `# shellcheck shell=sh
# Sourced by a hook that says in bridle_by who asks: \`policy\` for the role that the policy names, \`plugin\` for one that the
# job chooses among those that it names. Exports three variables, or says why not and returns 1. The shell is the job's:
# nothing else of it is changed, and everything is undone again. For bash, dash and busybox.

# Nothing of what follows is to be in the log of a job that is traced.
case "$-" in
  *x*)
    set +x
    bridle_traced=x
    ;;
  *) bridle_traced='' ;;
esac

# Whatever the job has put into this shell's environment stays behind: it goes in as data, what is secret by the pipe.
if bridle_said="$(
  printf '%s\\n%s\\n' "\${BUILDKITE_AGENT_ACCESS_TOKEN-}" "\${BUILDKITE_AGENT_JOB_API_TOKEN-}" |
    /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent LC_ALL=C TZ=UTC0 \\
      BUILDKITE_JOB_ID="\${BUILDKITE_JOB_ID-}" BUILDKITE_PIPELINE_ID="\${BUILDKITE_PIPELINE_ID-}" \\
      BUILDKITE_AGENT_ENDPOINT="\${BUILDKITE_AGENT_ENDPOINT-}" \\
      BUILDKITE_AGENT_JOB_API_SOCKET="\${BUILDKITE_AGENT_JOB_API_SOCKET-}" \\
      BUILDKITE_REDACTED_VARS="\${BUILDKITE_REDACTED_VARS-}" \\
      BRIDLE_CONFIGURATION="\${bridle_configuration-}" \\
      /usr/bin/timeout -s KILL 60 /bin/sh /usr/lib/bridle/credentials "\${bridle_by-}"
)"; then
  case "\${bridle_said}" in
    '') bridle_status=0 ;;
    *[!A-Za-z0-9+/=._\\ -]* | *' '*' '*' '* | ' '* | *' ' | *'  '*) bridle_status=1 ;;
    *' '*' '*)
      AWS_ACCESS_KEY_ID="\${bridle_said%% *}"
      AWS_SESSION_TOKEN="\${bridle_said##* }"
      bridle_said="\${bridle_said#* }"
      AWS_SECRET_ACCESS_KEY="\${bridle_said% *}"
      export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
      bridle_status=0
      ;;
    *) bridle_status=1 ;;
  esac
else
  bridle_status=1
fi
if [ "\${bridle_status}" = 1 ]; then
  printf '%s\\n' 'bridle: the job gets no credentials, and does not go on without' >&2
fi
unset bridle_said bridle_by bridle_configuration
case "\${bridle_traced}\${bridle_status}" in
  0)
    unset bridle_traced bridle_status
    return 0
    ;;
  x0)
    unset bridle_traced bridle_status
    set -x
    return 0
    ;;
  x1)
    unset bridle_traced bridle_status
    set -x
    return 1
    ;;
  *)
    unset bridle_traced bridle_status
    return 1
    ;;
esac
`,
  'tell.jq': `# What a person reads on the page of a build that the gate refused. Whatever came with the job is escaped and cut short;
# nothing of the policy is told, since not all who see the build may know it.

# Line ends would begin something new.
def escaped:
  tostring
  | (explode | map(if . < 32 or . == 127 then 32 else . end) | implode)
  | (if length > 160 then .[0:160] + "..." else . end)
  | @html
  | split("\`") | join("&#96;");
def code: "<code>" + escaped + "</code>";
def pipeline: .pipeline | code;

def says: {
  "ancestor": "The commit is not shown to be in the branch that it is said to be of: \\(.saw | code).",
  "branch": "Branch \\(.saw | code) is none of those that \\(pipeline) may run on these agents.",
  "checks": "What the gate had to look at gave no answer in time.",
  "clock": "The clock of this machine, at \\(.saw | code), is behind the policy that it was given.",
  "cluster": "The job says that it is of cluster \\(.saw | code).",
  "code": "The job sets \\(.saw | code), which decides what code runs, or where it is fetched from.",
  "command": "The command of the job is none of those that \\(pipeline) may run on these agents.",
  "commit": "The build is of \\(.saw | code), and not of a whole commit hash.",
  "creator": "Whoever made the build is in none of the teams that may make builds of \\(pipeline) by hand.",
  "environment": "The job sets \\(.saw | code), which Buildkite does not, and no file allows.",
  "expired": "The policy of these agents was good until \\(.saw | code). The next \`bridle apply\` renews it.",
  "identity": "Buildkite did not sign what the job says of itself: \\(.saw | code).",
  "installation": "The gate is not installed as it should be: \\(.saw | code).",
  "job-file": "What the agent says of the job can't be read: \\(.saw | code).",
  "metadata": "A job on this machine could get at the role of the machine: \\(.saw | code) answers.",
  "organization": "The job says that it is of organization \\(.saw | code).",
  "pipeline": "Pipeline \\(.saw | code) is none of those that may use these agents.",
  "plugins": "Plugin \\(.saw | code) is not allowed here: a plugin is named with the commit that it is pinned to.",
  "policy": "These agents have no policy that can be used: \\(.saw | code).",
  "pull-request": "The build is of pull request \\(.saw | code).",
  "queue": "The job was for queue \\(.saw | code).",
  "repository": "The pipeline fetches from \\(.saw | code), which is not its declared repository.",
  "source": (if .saw == .value then "The build was started by \\(.saw | code), and may not be."
    else "The build is \\(.saw | code), which somebody starts by hand, and no build of \\(pipeline) may be." end),
  "tag": "The build is of tag \\(.saw | code).",
  "trigger": "The build was started by a build of \\(.saw | code), and may not be."
};

# What would let in more than it names: then there is no line that allows just that.
def is_pattern: (.key == "branches" or .key == "tags") and (.value | contains("*") or startswith("!"));

# A text as a line of YAML has it: JSON is YAML.
def allowing:
  if .key == null or is_pattern then []
  else
    (if .key == "pull_requests" then .value else "[" + (.value | tojson) + "] # beside those that are there" end) as $value
    | ["", "If that should be let in, declare it:", "",
      "<pre><code>" + (["pipelines:", "  \\(.pipeline | tojson):", "    hook:", "      \\(.key): \\($value)"]
        | map(@html) | join("\\n") | split("\`") | join("&#96;")) + "</code></pre>"]
  end;

.rule as $rule
| (if .mode == "warn" then "would have refused" else "refused" end) as $did
| ([
    "**The gate of \\(if (.queue // "") == "" or .queue == "/" then "these agents" else "queue " + (.queue | code) end) \\($did) this job** (\\($rule | code)\\(if (.serial | type) == "number" then ", policy \\(.serial)" else "" end))",
    "",
    (says[$rule] // "It is not let in.")
  ] + allowing)
| join("\\n")
`,
} as const
